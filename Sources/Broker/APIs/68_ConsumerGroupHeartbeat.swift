internal import ChangeModel
internal import GroupCoordinator
internal import KafkaProtocol

/// ConsumerGroupHeartbeat, key 68 (KIP-848).
///
/// Versions 0 and 1: from 1 on members choose their ids and may subscribe by a regular expression. Assignors: `uniform`
/// (the default) and `range`.
struct ConsumerGroupHeartbeatHandler: APIHandler {
    typealias Request = ConsumerGroupHeartbeatRequest
    static let versions: ClosedRange<Int16> = 0...1

    func handle(
        _ request: ConsumerGroupHeartbeatRequest, _ context: RequestContext,
        _ reply: Reply<ConsumerGroupHeartbeatResponse>
    ) {
        if context.version >= 1, request.memberId.isEmpty {
            var response = ConsumerGroupHeartbeatResponse()
            response.errorCode = GroupError.invalidRequest.rawValue
            response.errorMessage = "MemberId can't be empty."
            return reply.send(response)
        }
        var owned: Assignment?
        if let partitions = request.topicPartitions {
            owned = Assignment(
                Dictionary(partitions.map { ($0.topicId, Set($0.partitions)) }, uniquingKeysWith: { $0.union($1) }))
        }
        let heartbeat = GroupEngine.ConsumerHeartbeat(
            groupID: request.groupId, memberID: request.memberId, memberEpoch: request.memberEpoch,
            instanceID: request.instanceId, rackID: request.rackId, rebalanceTimeout: request.rebalanceTimeoutMs,
            topicNames: request.subscribedTopicNames, topicRegex: request.subscribedTopicRegex,
            serverAssignor: request.serverAssignor, owned: owned, clientID: context.clientID ?? "",
            clientHost: "/\(context.session.host)")
        context.broker.groups.handle(.consumerHeartbeat(heartbeat)) { result in
            guard case .consumerHeartbeat(let answer) = result else { return }
            var response = ConsumerGroupHeartbeatResponse()
            response.errorCode = answer.error.rawValue
            response.errorMessage = answer.message
            if answer.error == .none {
                response.memberId = answer.memberID
                response.memberEpoch = answer.memberEpoch
                response.heartbeatIntervalMs = answer.heartbeatInterval
                response.assignment = answer.assignment.map(Self.assignment)
            }
            reply.send(response)
        }
    }

    private static func assignment(_ assignment: Assignment) -> ConsumerGroupHeartbeatResponse.Assignment {
        var answer = ConsumerGroupHeartbeatResponse.Assignment()
        answer.topicPartitions = assignment.sorted.map { topic, partitions in
            var entry = ConsumerGroupHeartbeatResponse.TopicPartitions()
            entry.topicId = topic
            entry.partitions = partitions
            return entry
        }
        return answer
    }
}
