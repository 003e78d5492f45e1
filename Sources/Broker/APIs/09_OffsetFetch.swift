internal import AccessControl
internal import ChangeModel
internal import CommitLog
internal import GroupCoordinator
internal import KafkaProtocol

/// OffsetFetch, key 9.
///
/// Versions 1 to 10: from 2 on a null list of topics means all that the group has committed, from 7 on `require_stable`
/// refuses offsets that a transaction is about to change, from 8 on several groups can be asked at once, from 9 on a
/// member of a consumer group says who it is, in 10 topics are named by id. A group that is not there has no offsets;
/// that is no error.
struct OffsetFetchHandler: APIHandler {
    typealias Request = OffsetFetchRequest
    static let versions: ClosedRange<Int16> = 1...10

    func handle(_ request: OffsetFetchRequest, _ context: RequestContext, _ reply: Reply<OffsetFetchResponse>) {
        let (version, topics) = (context.version, context.broker.topics)
        let groupIDs = version >= 8 ? request.groups.map(\.groupId) : [request.groupId]
        guard groupIDs.allSatisfy({ context.allows(.describe, .group, $0) }) else {
            var response = OffsetFetchResponse()
            response.errorCode = ErrorCode.groupAuthorizationFailed.rawValue
            response.groups = request.groups.map { asked in
                var group = OffsetFetchResponse.OffsetFetchResponseGroup()
                group.groupId = asked.groupId
                group.errorCode = ErrorCode.groupAuthorizationFailed.rawValue
                return group
            }
            return reply.send(response)
        }
        context.broker.groups.read { engine in
            var response = OffsetFetchResponse()
            guard version < 8 else {
                response.groups = request.groups.map { group in
                    Self.answer(group, version, request.requireStable, engine, topics)
                }
                return reply.send(response)
            }
            let result = engine.fetchOffsets(
                .init(
                    groupID: request.groupId,
                    partitions: request.topics.map { $0.map { ($0.name, $0.partitionIndexes) } },
                    requireStable: request.requireStable))
            response.errorCode = result.error.rawValue
            if result.error == .none {
                response.topics = result.topics.map { topic in
                    var answer = OffsetFetchResponse.OffsetFetchResponseTopic()
                    answer.name = topic.name
                    answer.partitions = topic.partitions.map(Self.partition)
                    return answer
                }
            } else if version < 2 {
                // There is no place for it but the partitions.
                response.topics = (request.topics ?? []).map { topic in
                    var answer = OffsetFetchResponse.OffsetFetchResponseTopic()
                    answer.name = topic.name
                    answer.partitions = topic.partitionIndexes.map {
                        Self.partition(.init(partition: $0, error: result.error, value: nil))
                    }
                    return answer
                }
            }
            reply.send(response)
        }
    }

    private static func partition(
        _ fetched: GroupEngine.FetchOffsetsReply.Partition
    ) -> OffsetFetchResponse.OffsetFetchResponsePartition {
        var answer = OffsetFetchResponse.OffsetFetchResponsePartition()
        answer.partitionIndex = fetched.partition
        answer.committedOffset = fetched.value?.offset ?? -1
        answer.committedLeaderEpoch = fetched.value?.leaderEpoch ?? -1
        answer.metadata = fetched.value?.metadata ?? ""
        answer.errorCode = fetched.error.rawValue
        return answer
    }

    private static func answer(
        _ request: OffsetFetchRequest.OffsetFetchRequestGroup, _ version: Int16, _ requireStable: Bool,
        _ engine: borrowing GroupEngine, _ topics: TopicDirectory
    ) -> OffsetFetchResponse.OffsetFetchResponseGroup {
        var response = OffsetFetchResponse.OffsetFetchResponseGroup()
        response.groupId = request.groupId
        let usesIDs = version >= 10
        let names = request.topics.map { $0.map { usesIDs ? topics[$0.topicId]?.name : $0.name } }
        var known: [(topic: String, partitions: [Int32])]?
        if let asked = request.topics, let names {
            known = zip(asked, names).compactMap { topic, name in name.map { ($0, topic.partitionIndexes) } }
        }
        let result = engine.fetchOffsets(
            .init(
                groupID: request.groupId, memberID: request.memberId, memberEpoch: request.memberEpoch,
                partitions: known, requireStable: requireStable))
        response.errorCode = result.error.rawValue
        guard result.error == .none else { return response }
        response.topics = result.topics.compactMap { topic in
            var answer = OffsetFetchResponse.OffsetFetchResponseTopics()
            answer.name = topic.name
            if usesIDs {
                guard let description = topics[topic.name] else { return nil }
                answer.topicId = description.id
            }
            answer.partitions = topic.partitions.map { Self.inGroup(Self.partition($0)) }
            return answer
        }
        // Topics that are not there any more, by the ids that they had.
        for (topic, name) in zip(request.topics ?? [], names ?? []) where name == nil {
            var answer = OffsetFetchResponse.OffsetFetchResponseTopics()
            answer.topicId = topic.topicId
            answer.partitions = topic.partitionIndexes.map { index in
                var partition = OffsetFetchResponse.OffsetFetchResponsePartitions()
                partition.partitionIndex = index
                partition.committedOffset = -1
                partition.errorCode = ErrorCode.unknownTopicId.rawValue
                return partition
            }
            response.topics.append(answer)
        }
        return response
    }

    private static func inGroup(
        _ partition: OffsetFetchResponse.OffsetFetchResponsePartition
    ) -> OffsetFetchResponse.OffsetFetchResponsePartitions {
        var answer = OffsetFetchResponse.OffsetFetchResponsePartitions()
        answer.partitionIndex = partition.partitionIndex
        answer.committedOffset = partition.committedOffset
        answer.committedLeaderEpoch = partition.committedLeaderEpoch
        answer.metadata = partition.metadata
        answer.errorCode = partition.errorCode
        return answer
    }
}
