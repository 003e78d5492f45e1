/// The server's side of one SASL exchange: messages come in, steps come out. No I/O, no clock; a token is checked by the
/// caller. One owner at a time; of no more use after it authenticated or rejected.
public struct SASLExchange: Sendable {
    /// The text for every wrong name, password or token: it does not tell which.
    static let failure = "Authentication failed: invalid credentials"
    /// Larger messages are refused; tokens are the largest.
    public static let messageByteCountMax = 524_288

    private enum State: Sendable {
        case plain
        case scram(ScramExchange)
        case bearer(BearerExchange)
    }

    public let mechanism: SASLMechanism
    private var state: State

    /// - Parameter nonce: the server's part of a SCRAM nonce: printable ASCII without commas, never used before.
    public init(mechanism: SASLMechanism, nonce: String = SASLExchange.randomNonce()) {
        self.mechanism = mechanism
        switch mechanism {
        case .plain: state = .plain
        case .scramSHA256: state = .scram(ScramExchange(mechanism: .sha256, serverNonce: nonce))
        case .scramSHA512: state = .scram(ScramExchange(mechanism: .sha512, serverNonce: nonce))
        case .oauthBearer: state = .bearer(BearerExchange())
        }
    }

    public static func randomNonce() -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        var generator = SystemRandomNumberGenerator()
        return String(decoding: (0..<32).compactMap { _ in alphabet.randomElement(using: &generator) }, as: UTF8.self)
    }

    /// Takes the client's next message.
    public mutating func receive(_ message: [UInt8], credentials: CredentialStore) -> SASLStep {
        guard message.count <= Self.messageByteCountMax else { return .rejected("The SASL message is too long") }
        switch state {
        case .plain:
            return PlainMessage.check(message, credentials: credentials)
        case .scram(var exchange):
            defer { state = .scram(exchange) }
            return exchange.receive(message, credentials: credentials)
        case .bearer(var exchange):
            defer { state = .bearer(exchange) }
            return exchange.receive(message)
        }
    }

    /// Tells what became of the token of ``SASLStep/checkToken(_:)``; nil where it is not valid.
    public mutating func tokenChecked(_ token: ValidatedToken?) -> SASLStep {
        guard case .bearer(var exchange) = state else {
            preconditionFailure("only an OAUTHBEARER exchange asks for a token to be checked")
        }
        defer { state = .bearer(exchange) }
        return exchange.tokenChecked(token)
    }
}
