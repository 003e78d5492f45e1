internal import AccessControl
internal import ChangeModel
internal import CommitLog
internal import GroupCoordinator
internal import KafkaProtocol

/// OffsetCommit, key 8.
///
/// Versions 2 to 10: from 9 on the generation may be a member epoch of a consumer group, in 10 topics are named by id. A
/// commit is answered when its records are in `__consumer_offsets` as durably as the log's flush policy says. Partitions
/// that are not there are refused one by one.
struct OffsetCommitHandler: APIHandler {
    typealias Request = OffsetCommitRequest
    static let versions: ClosedRange<Int16> = 2...10

    /// The answer to whom the group is closed.
    private static func refused(_ request: OffsetCommitRequest) -> OffsetCommitResponse {
        var response = OffsetCommitResponse()
        response.topics = request.topics.map { asked in
            var topic = OffsetCommitResponse.OffsetCommitResponseTopic()
            topic.name = asked.name
            topic.topicId = asked.topicId
            topic.partitions = asked.partitions.map { asked in
                var partition = OffsetCommitResponse.OffsetCommitResponsePartition()
                partition.partitionIndex = asked.partitionIndex
                partition.errorCode = ErrorCode.groupAuthorizationFailed.rawValue
                return partition
            }
            return topic
        }
        return response
    }

    func handle(_ request: OffsetCommitRequest, _ context: RequestContext, _ reply: Reply<OffsetCommitResponse>) {
        guard context.allows(.read, .group, request.groupId) else {
            return reply.send(Self.refused(request))
        }
        var response = OffsetCommitResponse()
        var offsets: [GroupEngine.Commit.Offset] = []
        // Where each accepted offset stands in the response.
        var places: [(topic: Int, partition: Int)] = []
        for asked in request.topics {
            let topic =
                context.version >= 10 ? context.broker.topics[asked.topicId] : context.broker.topics[asked.name]
            var answer = OffsetCommitResponse.OffsetCommitResponseTopic()
            answer.name = asked.name
            answer.topicId = asked.topicId
            for each in asked.partitions {
                var partition = OffsetCommitResponse.OffsetCommitResponsePartition()
                partition.partitionIndex = each.partitionIndex
                if let topic, (0..<topic.partitionCount).contains(each.partitionIndex) {
                    places.append((response.topics.count, answer.partitions.count))
                    offsets.append(
                        .init(
                            topic: topic.name, partition: each.partitionIndex, offset: each.committedOffset,
                            leaderEpoch: each.committedLeaderEpoch, metadata: each.committedMetadata ?? ""))
                } else {
                    let isUnknownID = topic == nil && context.version >= 10
                    partition.errorCode = (isUnknownID ? ErrorCode.unknownTopicId : .unknownTopicOrPartition).rawValue
                }
                answer.partitions.append(partition)
            }
            response.topics.append(answer)
        }
        guard !offsets.isEmpty else { return reply.send(response) }
        let commit = GroupEngine.Commit(
            groupID: request.groupId, generation: request.generationIdOrMemberEpoch, memberID: request.memberId,
            instanceID: request.groupInstanceId, knowsMemberEpochs: context.version >= 9,
            retention: request.retentionTimeMs >= 0 ? request.retentionTimeMs : nil, offsets: offsets)
        let (prepared, positions) = (response, places)
        context.broker.groups.handle(.commit(commit)) { result in
            guard case .commit(let outcomes) = result else { return }
            var response = prepared
            for (outcome, place) in zip(outcomes, positions) {
                response.topics[place.topic].partitions[place.partition].errorCode = outcome.error.rawValue
            }
            reply.send(response)
        }
    }
}
