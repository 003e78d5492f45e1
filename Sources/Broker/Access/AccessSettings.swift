internal import AccessControl
internal import Foundation
internal import Logging

/// What the configuration says of access control, read once.
struct AccessSettings: Sendable {
    let isAuthorizing: Bool
    let superUsers: Set<Principal>
    let allowsWithoutRules: Bool
    let credentials: CredentialStore
    let principalMapping: PrincipalMapping
    let failureDelayMillis: Int64
    /// `connections.max.reauth.ms`; 0 where authentication lasts.
    let lifetimeMillisMax: Int64
    private let tokenRules: TokenRules
    private let keyURL: String?
    private let keyRefreshMillis: Int64

    init(_ configuration: BrokerConfiguration) throws(BrokerError) {
        isAuthorizing = configuration.value("authorizer.class.name")?.isEmpty == false
        allowsWithoutRules = configuration.boolean("allow.everyone.if.no.acl.found")
        var superUsers: Set<Principal> = []
        // Semicolons, because a certificate's name has commas.
        for part in (configuration.value("super.users") ?? "").split(separator: ";") {
            guard let principal = Principal(part.trimmingSpaces) else {
                throw BrokerError("setting 'broker.super.users' has '\(part)'; accepted is User:name, with ; between")
            }
            superUsers.insert(principal)
        }
        self.superUsers = superUsers
        credentials = try Self.credentials(configuration)
        do throws(AccessError) {
            principalMapping = try PrincipalMapping(configuration.value("ssl.principal.mapping.rules") ?? "DEFAULT")
        } catch {
            throw BrokerError("setting 'broker.\(error.setting)': \(error.problem)")
        }
        failureDelayMillis = Int64(configuration.integer("connection.failed.authentication.delay.ms"))
        lifetimeMillisMax = Int64(configuration.integer("connections.max.reauth.ms"))

        var rules = TokenRules()
        rules.issuer = configuration.value("sasl.oauthbearer.expected.issuer")
        rules.audiences = Set(configuration.list("sasl.oauthbearer.expected.audience"))
        rules.subjectClaim = configuration.value("sasl.oauthbearer.sub.claim.name") ?? rules.subjectClaim
        rules.scopeClaim = configuration.value("sasl.oauthbearer.scope.claim.name") ?? rules.scopeClaim
        rules.requiredScopes = Set(configuration.list("sasl.oauthbearer.required.scope"))
        rules.clockSkewSeconds = Int64(configuration.integer("sasl.oauthbearer.clock.skew.seconds"))
        tokenRules = rules
        keyURL = configuration.value("sasl.oauthbearer.jwks.endpoint.url")
        keyRefreshMillis = Int64(configuration.integer("sasl.oauthbearer.jwks.endpoint.refresh.ms"))
        if let keyURL, !keyURL.hasPrefix("file://"), !keyURL.hasPrefix("https://") {
            throw BrokerError(
                "setting 'broker.sasl.oauthbearer.jwks.endpoint.url' is '\(keyURL)'; accepted is file:///path or https://…"
            )
        }
        if keyURL == nil, Self.usesTokens(configuration) {
            throw BrokerError(
                "setting 'broker.sasl.enabled.mechanisms' has OAUTHBEARER, and setting "
                    + "'broker.sasl.oauthbearer.jwks.endpoint.url' is not set: name the key set that tokens are signed with"
            )
        }
    }

    private static func usesTokens(_ configuration: BrokerConfiguration) -> Bool {
        configuration.values.contains { name, value in
            name.hasSuffix("sasl.enabled.mechanisms") && value.uppercased().contains("OAUTHBEARER")
        }
    }

    func tokenValidator(logger: Logger) -> TokenValidator? {
        guard let keyURL else { return nil }
        let source =
            keyURL.hasPrefix("file://")
            ? KeySource.file(String(keyURL.dropFirst("file://".count))) : KeySource.https(keyURL)
        return TokenValidator(
            rules: tokenRules, source: source, refreshMillis: keyRefreshMillis,
            clock: { Int64(Date().timeIntervalSince1970 * 1_000) })
    }

    /// `sasl.users.<name>`: a password, or SCRAM verifiers as `SCRAM-SHA-256=[salt=…,…]`.
    private static func credentials(_ configuration: BrokerConfiguration) throws(BrokerError) -> CredentialStore {
        var store = CredentialStore()
        for (name, value) in configuration.values.sorted(by: { $0.key < $1.key })
        where name.hasPrefix(BrokerSetting.userPrefix) {
            let user = String(name.dropFirst(BrokerSetting.userPrefix.count))
            guard value.hasPrefix("SCRAM-SHA-") else {
                do {
                    try store.setPassword(value, of: user)
                } catch {
                    throw BrokerError("setting 'broker.\(name)': the password cannot be salted")
                }
                continue
            }
            for part in value.split(separator: "]") {
                let text = part.drop { $0 == "," || $0 == " " }
                guard let mechanism = ScramMechanism.allCases.first(where: { text.hasPrefix($0.name + "=[") }),
                    let verifier = ScramVerifier(
                        mechanism: mechanism, text: String(text.dropFirst(mechanism.name.count + 2)))
                else {
                    throw BrokerError(
                        "setting 'broker.\(name)': accepted is a password, or "
                            + "SCRAM-SHA-256=[salt=…,stored_key=…,server_key=…,iterations=4096]")
                }
                store.setVerifier(verifier, of: user)
            }
        }
        return store
    }
}
