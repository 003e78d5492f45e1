internal import AccessControl
internal import ChangeModel
internal import CommitLog
internal import GroupCoordinator
internal import KafkaProtocol

/// TxnOffsetCommit, key 28: commits a group's offsets as part of a transaction.
///
/// Versions 0 to 3; from 3 on with the member, which is checked. The offsets count when the transaction is committed; the
/// group must be part of it (AddOffsetsToTxn).
struct TxnOffsetCommitHandler: APIHandler {
    typealias Request = TxnOffsetCommitRequest
    static let versions: ClosedRange<Int16> = 0...3

    func handle(
        _ request: TxnOffsetCommitRequest, _ context: RequestContext, _ reply: Reply<TxnOffsetCommitResponse>
    ) {
        func refuse(_ code: ErrorCode) {
            context.broker.metrics.count(error: code.rawValue)
            reply.send(Self.answer(request) { _ in code.rawValue })
        }
        guard context.allows(.write, .transactionalID, request.transactionalId) else {
            return refuse(.transactionalIdAuthorizationFailed)
        }
        guard context.allows(.read, .group, request.groupId) else { return refuse(.groupAuthorizationFailed) }
        let producer = ProducerIdentity(id: request.producerId, epoch: request.producerEpoch)
        let place = TopicPartition(
            topic: GroupService.topicName, partition: context.broker.groups.partition(of: request.groupId))
        switch context.broker.transactions.registry.check(producer, place, { $0 }) {
        case .open: break
        case .unknown: return refuse(.coordinatorLoadInProgress)
        case .notOpen: return refuse(.invalidTxnState)
        }

        var problems: [TopicPartition: Int16] = [:]
        var offsets: [GroupEngine.Commit.Offset] = []
        for topic in request.topics {
            let isAllowed = context.allows(.read, .topic, topic.name)
            let count = context.broker.topics[topic.name]?.partitionCount ?? 0
            for partition in topic.partitions {
                let id = TopicPartition(topic: topic.name, partition: partition.partitionIndex)
                if !isAllowed {
                    problems[id] = ErrorCode.topicAuthorizationFailed.rawValue
                } else if !(0..<count).contains(partition.partitionIndex) {
                    problems[id] = ErrorCode.unknownTopicOrPartition.rawValue
                } else {
                    offsets.append(
                        GroupEngine.Commit.Offset(
                            topic: topic.name, partition: partition.partitionIndex, offset: partition.committedOffset,
                            leaderEpoch: partition.committedLeaderEpoch, metadata: partition.committedMetadata ?? ""))
                }
            }
        }
        let known = problems
        guard !offsets.isEmpty else { return reply.send(Self.answer(request) { known[$0] ?? 0 }) }
        let commit = GroupEngine.Commit(
            groupID: request.groupId, generation: request.generationId, memberID: request.memberId,
            instanceID: request.groupInstanceId, offsets: offsets,
            producer: GroupEngine.TransactionalProducer(id: producer.id, epoch: producer.epoch))
        context.broker.groups.handle(.commit(commit)) { answer in
            var codes = known
            if case .commit(let outcomes) = answer {
                for outcome in outcomes {
                    codes[TopicPartition(topic: outcome.topic, partition: outcome.partition)] = outcome.error.rawValue
                }
            }
            reply.send(Self.answer(request) { codes[$0] ?? 0 })
        }
    }

    private static func answer(
        _ request: TxnOffsetCommitRequest, _ code: (TopicPartition) -> Int16
    ) -> TxnOffsetCommitResponse {
        var response = TxnOffsetCommitResponse()
        response.topics = request.topics.map { topic in
            var result = TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic()
            result.name = topic.name
            result.partitions = topic.partitions.map { partition in
                var answer = TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition()
                answer.partitionIndex = partition.partitionIndex
                answer.errorCode = code(TopicPartition(topic: topic.name, partition: partition.partitionIndex))
                return answer
            }
            return result
        }
        return response
    }
}
