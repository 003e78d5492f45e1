internal import AccessControl
internal import NIOCore

/// What is known of the client behind a connection. Touched on the connection's event loop alone.
final class ClientSession: @unchecked Sendable {
    /// Who the client is.
    enum Authentication: Equatable {
        /// The listener asks for a SASL exchange that is not over: only ApiVersions, SaslHandshake and SaslAuthenticate
        /// are answered.
        case pending
        /// Authenticated, or on a listener that asks for nothing.
        case established(Principal)
    }

    let listener: Listener
    /// The peer's address without its port.
    let host: String
    var authentication: Authentication
    /// What a SASL exchange keeps between its steps; owned by the SASL handlers.
    var exchange: SASLExchange?
    /// How the client authenticated, where it did by SASL.
    private(set) var mechanism: SASLMechanism?
    /// When the client must have authenticated anew.
    var expiresAt: NIODeadline?
    /// Takes the place of the protocol while SaslHandshake v0 has the client send bare tokens: gets a frame's bytes,
    /// returns the answer's or nil to close.
    var rawTokenHandler: (@Sendable (RequestFrame, ClientSession) -> [UInt8]?)?
    /// ApiVersions v3 tells it.
    var softwareName: String?
    var softwareVersion: String?

    init(listener: Listener, host: String, authentication: Authentication) {
        self.listener = listener
        self.host = host
        self.authentication = authentication
    }

    /// Takes over what an exchange has proven.
    func establish(_ outcome: AccessControl.Authentication, mechanism: SASLMechanism) {
        authentication = .established(outcome.principal)
        self.mechanism = mechanism
        exchange = nil
    }

    /// Who the client is, for ACLs and quotas.
    var principal: Principal {
        switch authentication {
        case .pending: .anonymous
        case .established(let principal): principal
        }
    }
}
