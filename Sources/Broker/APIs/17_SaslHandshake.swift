internal import AccessControl
internal import KafkaProtocol

/// SaslHandshake, key 17: chooses the mechanism.
///
/// Versions 0 and 1. After version 1 the exchange goes on in SaslAuthenticate requests; after version 0 in bare tokens,
/// each behind its size, as very old clients send them (not for OAUTHBEARER). On a connection that is authenticated
/// already it begins a new authentication (KIP-368), which must be of the same user by the same mechanism.
struct SaslHandshakeHandler: APIHandler {
    typealias Request = SaslHandshakeRequest
    static let versions: ClosedRange<Int16> = 0...1

    func handle(
        _ request: SaslHandshakeRequest, _ context: RequestContext, _ reply: Reply<SaslHandshakeResponse>
    ) {
        let session = context.session
        var response = SaslHandshakeResponse()
        guard session.listener.security.usesSASL else {
            response.errorCode = ErrorCode.illegalSaslState.rawValue
            return reply.send(response)
        }
        let enabled = Self.enabled(on: session.listener, context.broker.configuration)
        response.mechanisms = enabled.map(\.rawValue)
        guard let mechanism = enabled.first(where: { $0.rawValue == request.mechanism }) else {
            response.errorCode = ErrorCode.unsupportedSaslMechanism.rawValue
            reply.send(response)
            return reply.close("the client asked for a SASL mechanism that is not enabled")
        }
        if case .established = session.authentication, mechanism != session.mechanism {
            response.errorCode = ErrorCode.illegalSaslState.rawValue
            return reply.send(response)
        }
        session.exchange = SASLExchange(mechanism: mechanism)
        if context.version == 0 { session.rawTokenHandler = Self.rawTokens(context.broker) }
        reply.send(response)
    }

    static func enabled(on listener: Listener, _ configuration: BrokerConfiguration) -> [SASLMechanism] {
        let names = (configuration.value("sasl.enabled.mechanisms", listener: listener.name) ?? "").uppercased()
            .split(separator: ",").map(\.trimmingSpaces)
        return SASLMechanism.allCases.filter { names.contains($0.rawValue) }
    }

    private static func rawTokens(_ broker: Broker) -> @Sendable (RequestFrame, ClientSession) -> [UInt8]? {
        { frame, session in
            guard var exchange = session.exchange, exchange.mechanism != .oauthBearer else { return nil }
            var message: [UInt8] = []
            frame.withBytes { bytes in
                for index in bytes.indices { message.append(bytes[index]) }
            }
            let step = exchange.receive(message, credentials: broker.access.credentials)
            session.exchange = exchange
            switch step {
            case .challenge(let challenge):
                return challenge
            case .authenticated(let authentication):
                session.rawTokenHandler = nil
                session.establish(authentication, mechanism: exchange.mechanism)
                return authentication.finalMessage
            case .rejected, .checkToken:
                broker.metrics.count(error: ErrorCode.saslAuthenticationFailed.rawValue)
                return nil
            }
        }
    }
}
