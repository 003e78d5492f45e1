/// What a valid token says of its bearer.
public struct ValidatedToken: Sendable, Equatable {
    public let principalName: String
    /// Milliseconds since 1970.
    public let expiresAt: Int64

    public init(principalName: String, expiresAt: Int64) {
        self.principalName = principalName
        self.expiresAt = expiresAt
    }
}
