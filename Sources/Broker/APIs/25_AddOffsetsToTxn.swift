internal import AccessControl
internal import ChangeModel
internal import GroupCoordinator
internal import KafkaProtocol

/// AddOffsetsToTxn, key 25: makes a group's offsets part of a producer's transaction. Versions 0 to 3.
struct AddOffsetsToTxnHandler: APIHandler {
    typealias Request = AddOffsetsToTxnRequest
    static let versions: ClosedRange<Int16> = 0...3

    func handle(
        _ request: AddOffsetsToTxnRequest, _ context: RequestContext, _ reply: Reply<AddOffsetsToTxnResponse>
    ) {
        guard context.allows(.write, .transactionalID, request.transactionalId) else {
            return Self.send(ErrorCode.transactionalIdAuthorizationFailed.rawValue, context, reply)
        }
        guard context.allows(.read, .group, request.groupId) else {
            return Self.send(ErrorCode.groupAuthorizationFailed.rawValue, context, reply)
        }
        let groups = context.broker.groups
        groups.ensureTopic { isThere in
            guard isThere else {
                return Self.send(ErrorCode.coordinatorNotAvailable.rawValue, context, reply)
            }
            let partition = TopicPartition(
                topic: GroupService.topicName, partition: groups.partition(of: request.groupId))
            context.broker.transactions.handle(
                .addPartitions(
                    transactionalID: request.transactionalId,
                    producer: ProducerIdentity(id: request.producerId, epoch: request.producerEpoch),
                    partitions: [partition])
            ) { result in
                switch result {
                case .success: Self.send(0, context, reply)
                case .failure(let error): Self.send(error.code(knowsFencing: context.version >= 2), context, reply)
                }
            }
        }
    }

    private static func send(_ code: Int16, _ context: RequestContext, _ reply: Reply<AddOffsetsToTxnResponse>) {
        context.broker.metrics.count(error: code)
        var response = AddOffsetsToTxnResponse()
        response.errorCode = code
        reply.send(response)
    }
}
