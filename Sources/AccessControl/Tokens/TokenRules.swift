/// What a token must say to be accepted; named in Kafka's words beside each.
public struct TokenRules: Sendable, Equatable {
    /// `sasl.oauthbearer.expected.issuer`; nil accepts every issuer whose key is known.
    public var issuer: String?
    /// `sasl.oauthbearer.expected.audience`: one of them must be among the token's; empty accepts every audience.
    public var audiences: Set<String> = []
    /// `sasl.oauthbearer.sub.claim.name`: the claim that names the user.
    public var subjectClaim = "sub"
    /// `sasl.oauthbearer.scope.claim.name`: the claim that holds the scopes.
    public var scopeClaim = "scope"
    /// Scopes that the token must have, all of them.
    public var requiredScopes: Set<String> = []
    /// `sasl.oauthbearer.clock.skew.seconds`.
    public var clockSkewSeconds: Int64 = 30

    public init() {}

    /// - Parameter now: milliseconds since 1970.
    /// - Returns: nil where the claims do not satisfy the rules.
    func check(_ claims: TokenClaims, now: Int64) -> ValidatedToken? {
        let skew = clockSkewSeconds * 1_000
        guard let subject = claims.text(subjectClaim), let expiry = claims.moment("exp"), expiry + skew > now else {
            return nil
        }
        for name in ["nbf", "iat"] where claims.values[name] != nil {
            guard let moment = claims.moment(name), moment - skew <= now else { return nil }
        }
        if let issuer, claims.text("iss") != issuer { return nil }
        if !audiences.isEmpty {
            // An audience may hold spaces, so a text is one audience.
            let given = claims.text("aud").map { [$0] } ?? claims.words("aud")
            guard !audiences.isDisjoint(with: given) else { return nil }
        }
        guard requiredScopes.isSubset(of: claims.words(scopeClaim)) else { return nil }
        return ValidatedToken(principalName: subject, expiresAt: expiry)
    }
}
