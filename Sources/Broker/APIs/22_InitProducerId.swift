internal import AccessControl
internal import GroupCoordinator
internal import KafkaProtocol

/// InitProducerId, key 22: gives an idempotent producer its id, and makes a producer the holder of a transactional id.
///
/// Versions 0 to 4; from 3 on with the id and epoch that the client holds, which it may bump. Two-phase commit (6) is not
/// served. A transaction that the holder before left open is aborted first, and the answer comes when that is done.
struct InitProducerIdHandler: APIHandler {
    typealias Request = InitProducerIdRequest
    static let versions: ClosedRange<Int16> = 0...4

    func handle(_ request: InitProducerIdRequest, _ context: RequestContext, _ reply: Reply<InitProducerIdResponse>) {
        if let refusal = Self.refusal(request, context) { return reply.send(Self.failure(refusal.rawValue)) }
        let isWithoutProducer = request.producerId < 0 && request.producerEpoch < 0
        guard isWithoutProducer || (request.producerId >= 0 && request.producerEpoch >= 0) else {
            return reply.send(Self.failure(ErrorCode.invalidRequest.rawValue))
        }
        let expected =
            isWithoutProducer ? nil : ProducerIdentity(id: request.producerId, epoch: request.producerEpoch)
        context.broker.transactions.handle(
            .initProducer(
                transactionalID: request.transactionalId, timeoutMillis: request.transactionTimeoutMs,
                expected: expected)
        ) { result in
            switch result {
            case .success(let producer):
                var response = InitProducerIdResponse()
                response.producerId = producer.id
                response.producerEpoch = producer.epoch
                reply.send(response)
            case .failure(let error):
                // Clients of versions before 4 do not know the newer code.
                let code = error.code(knowsFencing: context.version >= 4)
                context.broker.metrics.count(error: code)
                reply.send(Self.failure(code))
            }
        }
    }

    private static func refusal(_ request: InitProducerIdRequest, _ context: RequestContext) -> ErrorCode? {
        if let id = request.transactionalId {
            return context.allows(.write, .transactionalID, id) ? nil : .transactionalIdAuthorizationFailed
        }
        if context.allowsCluster(.idempotentWrite) { return nil }
        let access = context.broker.access
        return access.allowsAny(context.principal, from: context.session.host, to: .write, .topic)
            ? nil : .clusterAuthorizationFailed
    }

    private static func failure(_ code: Int16) -> InitProducerIdResponse {
        var response = InitProducerIdResponse()
        response.errorCode = code
        response.producerId = -1
        response.producerEpoch = -1
        return response
    }
}

extension TransactionError {
    /// The code for a client, which may be older than PRODUCER_FENCED.
    func code(knowsFencing: Bool) -> Int16 {
        self == .producerFenced && !knowsFencing ? TransactionError.invalidProducerEpoch.rawValue : rawValue
    }
}
