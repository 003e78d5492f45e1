internal import AccessControl
internal import GroupCoordinator
internal import KafkaProtocol

/// EndTxn, key 26: commits or aborts a producer's transaction.
///
/// Versions 0 to 3. The answer comes when the decision is durable; the markers follow, and the producer's next
/// transaction waits for them. Asking again for the same end succeeds.
struct EndTxnHandler: APIHandler {
    typealias Request = EndTxnRequest
    static let versions: ClosedRange<Int16> = 0...3

    func handle(_ request: EndTxnRequest, _ context: RequestContext, _ reply: Reply<EndTxnResponse>) {
        guard context.allows(.write, .transactionalID, request.transactionalId) else {
            return Self.send(.failure(ErrorCode.transactionalIdAuthorizationFailed.rawValue), context, reply)
        }
        context.broker.transactions.handle(
            .end(
                transactionalID: request.transactionalId,
                producer: ProducerIdentity(id: request.producerId, epoch: request.producerEpoch),
                isCommit: request.committed, bumpsEpoch: context.version >= 5)
        ) { result in
            switch result {
            case .success(let producer): Self.send(.success(producer), context, reply)
            case .failure(let error):
                Self.send(.failure(error.code(knowsFencing: context.version >= 2)), context, reply)
            }
        }
    }

    private enum Outcome {
        case success(ProducerIdentity)
        case failure(Int16)
    }

    private static func send(_ outcome: Outcome, _ context: RequestContext, _ reply: Reply<EndTxnResponse>) {
        var response = EndTxnResponse()
        switch outcome {
        case .success(let producer):
            response.producerId = producer.id
            response.producerEpoch = producer.epoch
        case .failure(let code):
            context.broker.metrics.count(error: code)
            response.errorCode = code
        }
        reply.send(response)
    }
}
