/// The outcome of a successful SASL exchange.
public struct Authentication: Sendable, Equatable {
    public let principal: Principal
    /// The mechanism's last message.
    public let finalMessage: [UInt8]
    /// When the client must have authenticated anew, in milliseconds since 1970; nil where never.
    public let expiresAt: Int64?

    public init(principal: Principal, finalMessage: [UInt8] = [], expiresAt: Int64? = nil) {
        self.principal = principal
        self.finalMessage = finalMessage
        self.expiresAt = expiresAt
    }
}
