internal import CommitLog
internal import GroupCoordinator
internal import KafkaProtocol

/// OffsetDelete, key 47.
///
/// Version 0. Offsets of a topic that the group is subscribed to stay (GROUP_SUBSCRIBED_TO_TOPIC).
struct OffsetDeleteHandler: APIHandler {
    typealias Request = OffsetDeleteRequest
    static let versions: ClosedRange<Int16> = 0...0

    func handle(_ request: OffsetDeleteRequest, _ context: RequestContext, _ reply: Reply<OffsetDeleteResponse>) {
        var partitions: [GroupEngine.DeleteOffsets.Partition] = []
        var places: [(topic: Int, partition: Int)] = []
        var topics: [OffsetDeleteResponse.OffsetDeleteResponseTopic] = []
        for asked in request.topics {
            let count = context.broker.topics[asked.name]?.partitionCount ?? 0
            var answer = OffsetDeleteResponse.OffsetDeleteResponseTopic()
            answer.name = asked.name
            for each in asked.partitions {
                var partition = OffsetDeleteResponse.OffsetDeleteResponsePartition()
                partition.partitionIndex = each.partitionIndex
                if (0..<count).contains(each.partitionIndex) {
                    places.append((topics.count, answer.partitions.count))
                    partitions.append(.init(topic: asked.name, partition: each.partitionIndex))
                } else {
                    partition.errorCode = ErrorCode.unknownTopicOrPartition.rawValue
                }
                answer.partitions.append(partition)
            }
            topics.append(answer)
        }
        let (prepared, positions) = (topics, places)
        context.broker.groups.handle(.deleteOffsets(.init(groupID: request.groupId, partitions: partitions))) {
            result in
            guard case .deleteOffsets(let deleted) = result else { return }
            var response = OffsetDeleteResponse()
            response.errorCode = deleted.error.rawValue
            guard deleted.error == .none else { return reply.send(response) }
            response.topics = prepared
            for (outcome, place) in zip(deleted.outcomes, positions) {
                response.topics[place.topic].partitions[place.partition].errorCode = outcome.error.rawValue
            }
            reply.send(response)
        }
    }
}
