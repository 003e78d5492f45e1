extension BrokerSetting {
    /// `sasl.users.<name>` sets a user's password.
    static let userPrefix = "sasl.users."

    /// What stands behind every `sasl.users.<name>`.
    static let user = BrokerSetting(
        "sasl.users.<name>", .password, nil,
        "The password of a user for PLAIN and SCRAM, or its SCRAM verifiers: SCRAM-SHA-256=[salt=…,stored_key=…,…].")

    /// Authentication and authorization.
    static let security: [BrokerSetting] = [
        .init(
            "sasl.enabled.mechanisms", .choices(["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER"]), "",
            "The SASL mechanisms of listeners that speak SASL."),
        .init(
            "connection.failed.authentication.delay.ms", .int(0...60_000), "100",
            "How long the answer to wrong credentials is held back."),
        .init(
            "connections.max.reauth.ms", .long(0...Int64(Int32.max)), "0",
            "How long a SASL authentication lasts at most; 0 for as long as the connection, or the token."),
        .init(
            "ssl.principal.mapping.rules", .text, "DEFAULT",
            "How a client certificate's name becomes a user: RULE:pattern/replacement/[LU] or DEFAULT, with commas between."
        ),
        .init(
            "sasl.oauthbearer.jwks.endpoint.url", .text, nil,
            "The key set that bearer tokens are signed with: file:///path or https://…"),
        .init(
            "sasl.oauthbearer.jwks.endpoint.refresh.ms", .long(1_000...Int64(Int32.max)), "3600000",
            "How often the key set is read anew."),
        .init("sasl.oauthbearer.expected.issuer", .text, nil, "The issuer that tokens must have."),
        .init("sasl.oauthbearer.expected.audience", .list, nil, "Audiences, one of which tokens must have."),
        .init("sasl.oauthbearer.required.scope", .list, nil, "Scopes, all of which tokens must have."),
        .init("sasl.oauthbearer.sub.claim.name", .text, "sub", "The claim of a token that names the user."),
        .init("sasl.oauthbearer.scope.claim.name", .text, "scope", "The claim of a token that holds its scopes."),
        .init(
            "sasl.oauthbearer.clock.skew.seconds", .int(0...3_600), "30",
            "By how much the clocks of issuer and broker may differ."),
        .init(
            "authorizer.class.name", .choice(["", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"]), "",
            "Whether ACLs are enforced: Kafka's name of its own authorizer turns that on."),
        .init(
            "super.users", .text, "",
            "Who may do everything, as User:name with semicolons between."),
        .init(
            "allow.everyone.if.no.acl.found", .boolean, "false",
            "Whether a resource without ACLs is open to everybody."),
    ]
}
