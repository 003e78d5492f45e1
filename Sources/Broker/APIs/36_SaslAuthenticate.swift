internal import AccessControl
internal import Foundation
internal import KafkaProtocol
internal import NIOCore

/// SaslAuthenticate, key 36: one message of the exchange that SaslHandshake began.
///
/// Versions 0 to 2; from 1 on the answer tells how long the authentication lasts. A failed exchange is answered with
/// code 58 after `connection.failed.authentication.delay.ms`, and the connection is closed; the answer does not tell
/// whether the user or the password was wrong.
struct SaslAuthenticateHandler: APIHandler {
    typealias Request = SaslAuthenticateRequest
    static let versions: ClosedRange<Int16> = 0...2

    func handle(
        _ request: SaslAuthenticateRequest, _ context: RequestContext, _ reply: Reply<SaslAuthenticateResponse>
    ) {
        let session = context.session
        guard var exchange = session.exchange else {
            var response = SaslAuthenticateResponse()
            response.errorCode = ErrorCode.illegalSaslState.rawValue
            response.errorMessage = "SaslAuthenticate comes after SaslHandshake"
            return reply.send(response)
        }
        let step = exchange.receive(request.authBytes, credentials: context.broker.access.credentials)
        session.exchange = exchange
        guard case .checkToken(let token) = step else { return finish(step, context, reply) }
        guard let tokens = context.broker.access.tokens else {
            return finish(exchange.tokenChecked(nil), context, reply)
        }
        context.eventLoop.makeFutureWithTask { await tokens.validate(token) }.whenSuccess { validated in
            guard var exchange = session.exchange else { return }
            let step = exchange.tokenChecked(validated)
            session.exchange = exchange
            finish(step, context, reply)
        }
    }

    private func finish(_ step: SASLStep, _ context: RequestContext, _ reply: Reply<SaslAuthenticateResponse>) {
        var response = SaslAuthenticateResponse()
        response.errorMessage = nil
        switch step {
        case .challenge(let challenge):
            response.authBytes = challenge
            reply.send(response)
        case .authenticated(let authentication):
            establish(authentication, &response, context, reply)
        case .rejected(let message):
            reject(message, response, context, reply)
        case .checkToken:
            preconditionFailure("a token is checked once")
        }
    }

    private func establish(
        _ authentication: Authentication, _ response: inout SaslAuthenticateResponse, _ context: RequestContext,
        _ reply: Reply<SaslAuthenticateResponse>
    ) {
        let session = context.session
        guard let mechanism = session.exchange?.mechanism else { return }
        if case .established(let principal) = session.authentication, principal != authentication.principal {
            return reject("A connection's user cannot change", response, context, reply)
        }
        session.establish(authentication, mechanism: mechanism)
        response.authBytes = authentication.finalMessage
        response.sessionLifetimeMs = lifetime(of: authentication, context)
        session.expiresAt = response.sessionLifetimeMs > 0 ? .now() + .milliseconds(response.sessionLifetimeMs) : nil
        reply.send(response)
    }

    /// The shorter of the token's and the broker's own limit, in milliseconds; 0 for no limit.
    private func lifetime(of authentication: Authentication, _ context: RequestContext) -> Int64 {
        let own = context.broker.access.settings.lifetimeMillisMax
        guard let expiresAt = authentication.expiresAt else { return own }
        let left = max(1, expiresAt - Int64(Date().timeIntervalSince1970 * 1_000))
        return own > 0 ? min(own, left) : left
    }

    private func reject(
        _ message: String, _ response: SaslAuthenticateResponse, _ context: RequestContext,
        _ reply: Reply<SaslAuthenticateResponse>
    ) {
        var response = response
        response.errorCode = ErrorCode.saslAuthenticationFailed.rawValue
        response.errorMessage = message
        let answer = response
        context.session.exchange = nil
        context.broker.metrics.count(error: answer.errorCode)
        let delay = TimeAmount.milliseconds(context.broker.access.settings.failureDelayMillis)
        context.eventLoop.scheduleTask(in: delay) {
            reply.send(answer)
            reply.close("authentication has failed")
        }
    }
}
