internal import ChangeModel
internal import CommitLog
internal import GroupCoordinator
internal import KafkaProtocol

/// ConsumerGroupDescribe, key 69 (KIP-848).
///
/// Versions 0 and 1: from 1 on with the members' types. A classic group is not there for it (GROUP_ID_NOT_FOUND), which
/// is how administrators find out which kind a group is.
struct ConsumerGroupDescribeHandler: APIHandler {
    typealias Request = ConsumerGroupDescribeRequest
    static let versions: ClosedRange<Int16> = 0...1
    private static let consumerMember: Int8 = 1

    func handle(
        _ request: ConsumerGroupDescribeRequest, _ context: RequestContext,
        _ reply: Reply<ConsumerGroupDescribeResponse>
    ) {
        let topics = context.broker.topics
        context.broker.groups.read { engine in
            var response = ConsumerGroupDescribeResponse()
            for id in request.groupIds {
                var group = Self.describe(id, engine, topics)
                if request.includeAuthorizedOperations, group.errorCode == 0 {
                    group.authorizedOperations = GroupOperations.all
                }
                response.groups.append(group)
            }
            reply.send(response)
        }
    }

    private static func describe(
        _ id: String, _ engine: borrowing GroupEngine, _ topics: TopicDirectory
    ) -> ConsumerGroupDescribeResponse.DescribedGroup {
        var answer = ConsumerGroupDescribeResponse.DescribedGroup()
        answer.groupId = id
        do throws(GroupError) {
            let group = try engine.describeConsumer(id)
            answer.groupState = group.state
            answer.groupEpoch = group.epoch
            answer.assignmentEpoch = group.assignmentEpoch
            answer.assignorName = group.assignor
            answer.members = group.members.map { member in
                var described = ConsumerGroupDescribeResponse.Member()
                described.memberId = member.id
                described.instanceId = member.value.instanceID
                described.rackId = member.value.rackID
                described.memberEpoch = member.epoch
                described.clientId = member.value.clientID
                described.clientHost = member.value.clientHost
                described.subscribedTopicNames = member.value.topicNames
                described.subscribedTopicRegex = member.value.topicRegex
                described.assignment = assignment(member.assigned, topics)
                described.targetAssignment = assignment(member.target, topics)
                described.memberType = consumerMember
                return described
            }
        } catch {
            answer.errorCode = error.rawValue
            if error == .groupIDNotFound { answer.errorMessage = "Group \(id) is not a consumer group." }
        }
        return answer
    }

    private static func assignment(
        _ assignment: Assignment, _ topics: TopicDirectory
    ) -> ConsumerGroupDescribeResponse.Assignment {
        var answer = ConsumerGroupDescribeResponse.Assignment()
        answer.topicPartitions = assignment.sorted.compactMap { topic, partitions in
            guard let name = topics[topic]?.name else { return nil }
            var entry = ConsumerGroupDescribeResponse.TopicPartitions()
            entry.topicId = topic
            entry.topicName = name
            entry.partitions = partitions
            return entry
        }
        return answer
    }
}

/// Kafka's bits of what may be done with a group.
enum GroupOperations {
    /// READ, DELETE, DESCRIBE, DESCRIBE_CONFIGS and ALTER_CONFIGS.
    static let all: Int32 = 1 << 3 | 1 << 6 | 1 << 8 | 1 << 10 | 1 << 11
}
