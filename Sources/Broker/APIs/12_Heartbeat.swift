internal import AccessControl
internal import GroupCoordinator
internal import KafkaProtocol

/// Heartbeat, key 12.
///
/// Versions 0 to 4: from 3 on with the static member's instance id.
struct HeartbeatHandler: APIHandler {
    typealias Request = HeartbeatRequest
    static let versions: ClosedRange<Int16> = 0...4

    func handle(_ request: HeartbeatRequest, _ context: RequestContext, _ reply: Reply<HeartbeatResponse>) {
        guard context.allows(.read, .group, request.groupId) else {
            var response = HeartbeatResponse()
            response.errorCode = ErrorCode.groupAuthorizationFailed.rawValue
            return reply.send(response)
        }
        let heartbeat = GroupEngine.Heartbeat(
            groupID: request.groupId, generation: request.generationId, memberID: request.memberId,
            instanceID: request.groupInstanceId)
        context.broker.groups.handle(.heartbeat(heartbeat)) { result in
            guard case .heartbeat(let error) = result else { return }
            var response = HeartbeatResponse()
            response.errorCode = error.rawValue
            reply.send(response)
        }
    }
}
