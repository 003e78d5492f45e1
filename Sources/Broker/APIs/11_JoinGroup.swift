internal import AccessControl
internal import GroupCoordinator
internal import KafkaProtocol

/// JoinGroup, key 11.
///
/// Versions 0 to 9: from 4 on a new member is first given its id and comes back with it, from 5 on members may be static,
/// from 9 on a returning static leader is told to keep the assignment. The answer waits until the generation is
/// complete.
struct JoinGroupHandler: APIHandler {
    typealias Request = JoinGroupRequest
    static let versions: ClosedRange<Int16> = 0...9

    func handle(_ request: JoinGroupRequest, _ context: RequestContext, _ reply: Reply<JoinGroupResponse>) {
        guard context.allows(.read, .group, request.groupId) else {
            var response = JoinGroupResponse()
            response.errorCode = ErrorCode.groupAuthorizationFailed.rawValue
            return reply.send(response)
        }
        let version = context.version
        let join = GroupEngine.Join(
            groupID: request.groupId, memberID: request.memberId, instanceID: request.groupInstanceId,
            clientID: context.clientID ?? "", clientHost: "/\(context.session.host)",
            sessionTimeout: request.sessionTimeoutMs,
            rebalanceTimeout: request.rebalanceTimeoutMs < 0 ? request.sessionTimeoutMs : request.rebalanceTimeoutMs,
            protocolType: request.protocolType,
            protocols: request.protocols.map { .init(name: $0.name, metadata: $0.metadata) }, canRejoin: version >= 4,
            canSkipAssignment: version >= 9)
        context.broker.groups.handle(.join(join)) { result in
            guard case .join(let joined) = result else { return }
            var response = JoinGroupResponse()
            response.errorCode = joined.error.rawValue
            response.generationId = joined.generation
            response.protocolType = joined.protocolType
            // It cannot be null before version 7.
            response.protocolName = version >= 7 ? joined.protocolName : joined.protocolName ?? ""
            response.leader = joined.leader
            response.skipAssignment = joined.skipAssignment
            response.memberId = joined.memberID
            response.members = joined.members.map { member in
                var answer = JoinGroupResponse.JoinGroupResponseMember()
                answer.memberId = member.id
                answer.groupInstanceId = member.instanceID
                answer.metadata = member.metadata
                return answer
            }
            reply.send(response)
        }
    }
}
