internal import AccessControl
internal import GroupCoordinator
internal import KafkaProtocol

/// LeaveGroup, key 13.
///
/// Versions 0 to 5: from 3 on for several members at once, by id or instance id, which is how administrators remove
/// static members.
struct LeaveGroupHandler: APIHandler {
    typealias Request = LeaveGroupRequest
    static let versions: ClosedRange<Int16> = 0...5

    func handle(_ request: LeaveGroupRequest, _ context: RequestContext, _ reply: Reply<LeaveGroupResponse>) {
        guard context.allows(.read, .group, request.groupId) else {
            var response = LeaveGroupResponse()
            response.errorCode = ErrorCode.groupAuthorizationFailed.rawValue
            return reply.send(response)
        }
        let version = context.version
        let members: [GroupEngine.LeavingMember] =
            version >= 3
            ? request.members.map { .init(memberID: $0.memberId, instanceID: $0.groupInstanceId) }
            : [.init(memberID: request.memberId)]
        context.broker.groups.handle(.leave(.init(groupID: request.groupId, members: members))) { result in
            guard case .leave(let left) = result else { return }
            var response = LeaveGroupResponse()
            response.errorCode = left.error.rawValue
            if version >= 3 {
                response.members = left.members.map { member in
                    var answer = LeaveGroupResponse.MemberResponse()
                    answer.memberId = member.memberID
                    answer.groupInstanceId = member.instanceID
                    answer.errorCode = member.error.rawValue
                    return answer
                }
            } else if let member = left.members.first, left.error == .none {
                response.errorCode = member.error.rawValue
            }
            reply.send(response)
        }
    }
}
