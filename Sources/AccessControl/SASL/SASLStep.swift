/// What a SASL exchange does after a message of the client.
public enum SASLStep: Sendable, Equatable {
    /// Send this and wait for the client's next message.
    case challenge([UInt8])
    /// Check this token, and tell the exchange the outcome: ``SASLExchange/tokenChecked(_:)``. A secret.
    case checkToken(String)
    /// The client is who it says; send the last message with the success.
    case authenticated(Authentication)
    /// The exchange has failed; the text may be told to the client.
    case rejected(String)
}
