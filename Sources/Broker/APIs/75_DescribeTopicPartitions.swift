internal import ChangeModel
internal import CommitLog
internal import KafkaProtocol

/// DescribeTopicPartitions, key 75: Metadata in pages. Topics come by name; an answer that is full ends with a cursor,
/// from which the next request goes on.
///
/// Version 0.
struct DescribeTopicPartitionsHandler: APIHandler {
    typealias Request = DescribeTopicPartitionsRequest
    static let versions: ClosedRange<Int16> = 0...0
    private static let partitionCountMax: Int32 = 2000

    func handle(
        _ request: DescribeTopicPartitionsRequest, _ context: RequestContext,
        _ reply: Reply<DescribeTopicPartitionsResponse>
    ) {
        let broker = context.broker
        var names = request.topics.map(\.name)
        if names.isEmpty { names = broker.topics.all.map(\.name) }
        let start = request.cursor
        names = Set(names).filter { $0 >= start?.topicName ?? "" }.sorted()
        var room = max(1, min(request.responsePartitionLimit, Self.partitionCountMax))
        var response = DescribeTopicPartitionsResponse()
        for name in names {
            var answer = DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic()
            answer.name = name
            answer.isInternal = TopicDirectory.isInternal(name)
            guard let topic = broker.topics[name] else {
                answer.errorCode = 3
                response.topics.append(answer)
                continue
            }
            let asked = name == start?.topicName ? start?.partitionIndex ?? 0 : 0
            let first = min(max(0, asked), topic.partitionCount)
            let last = min(topic.partitionCount, first + room)
            if first < last {
                answer.topicId = topic.id
                answer.topicAuthorizedOperations = AuthorizedOperations.topic
                answer.partitions = (first..<last).map { describe($0, of: topic, broker) }
                response.topics.append(answer)
                room -= last - first
            }
            if last < topic.partitionCount {
                var cursor = DescribeTopicPartitionsResponse.Cursor()
                cursor.topicName = name
                cursor.partitionIndex = last
                response.nextCursor = cursor
                break
            }
        }
        reply.send(response)
    }

    private func describe(
        _ number: Int32, of topic: TopicDescription, _ broker: Broker
    ) -> DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition {
        var answer = DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition()
        answer.partitionIndex = number
        answer.leaderId = broker.identity.nodeID
        answer.leaderEpoch = broker.topics.leaderEpoch(of: TopicPartition(topic: topic.name, partition: number))
        answer.replicaNodes = [broker.identity.nodeID]
        answer.isrNodes = [broker.identity.nodeID]
        // The Java client takes neither of them for null.
        answer.eligibleLeaderReplicas = []
        answer.lastKnownElr = []
        return answer
    }
}
