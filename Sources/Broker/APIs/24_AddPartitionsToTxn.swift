internal import AccessControl
internal import ChangeModel
internal import CommitLog
internal import GroupCoordinator
internal import KafkaProtocol

/// AddPartitionsToTxn, key 24: makes partitions part of a producer's transaction, which begins with the first.
///
/// Versions 0 to 3; what follows is spoken between brokers. Either all partitions are added or none: where one cannot
/// be, the others are answered with OPERATION_NOT_ATTEMPTED.
struct AddPartitionsToTxnHandler: APIHandler {
    typealias Request = AddPartitionsToTxnRequest
    static let versions: ClosedRange<Int16> = 0...3

    func handle(
        _ request: AddPartitionsToTxnRequest, _ context: RequestContext, _ reply: Reply<AddPartitionsToTxnResponse>
    ) {
        let id = request.v3AndBelowTransactionalId
        guard context.allows(.write, .transactionalID, id) else {
            let code = ErrorCode.transactionalIdAuthorizationFailed.rawValue
            return reply.send(Self.answer(request) { _ in code })
        }
        var partitions: [TopicPartition] = []
        var problems: [TopicPartition: Int16] = [:]
        for topic in request.v3AndBelowTopics {
            let isAllowed = context.allows(.write, .topic, topic.name)
            let count = context.broker.topics[topic.name]?.partitionCount ?? 0
            for number in topic.partitions {
                let partition = TopicPartition(topic: topic.name, partition: number)
                partitions.append(partition)
                if !isAllowed {
                    problems[partition] = ErrorCode.topicAuthorizationFailed.rawValue
                } else if !(0..<count).contains(number) {
                    problems[partition] = ErrorCode.unknownTopicOrPartition.rawValue
                }
            }
        }
        guard problems.isEmpty else {
            return reply.send(
                Self.answer(request) { problems[$0] ?? ErrorCode.operationNotAttempted.rawValue })
        }
        let producer = ProducerIdentity(id: request.v3AndBelowProducerId, epoch: request.v3AndBelowProducerEpoch)
        context.broker.transactions.handle(
            .addPartitions(transactionalID: id, producer: producer, partitions: partitions)
        ) { result in
            var code: Int16 = 0
            if case .failure(let error) = result {
                code = error.code(knowsFencing: context.version >= 2)
                context.broker.metrics.count(error: code)
            }
            let answer = code
            reply.send(Self.answer(request) { _ in answer })
        }
    }

    private static func answer(
        _ request: AddPartitionsToTxnRequest, _ code: (TopicPartition) -> Int16
    ) -> AddPartitionsToTxnResponse {
        var response = AddPartitionsToTxnResponse()
        response.resultsByTopicV3AndBelow = request.v3AndBelowTopics.map { topic in
            var result = AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult()
            result.name = topic.name
            result.resultsByPartition = topic.partitions.map { number in
                var partition = AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult()
                partition.partitionIndex = number
                partition.partitionErrorCode = code(TopicPartition(topic: topic.name, partition: number))
                return partition
            }
            return result
        }
        return response
    }
}
