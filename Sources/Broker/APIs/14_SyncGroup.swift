internal import AccessControl
internal import GroupCoordinator
internal import KafkaProtocol

/// SyncGroup, key 14.
///
/// Versions 0 to 5: from 5 on the member names the protocol it believes in. Followers wait for the leader's assignment,
/// and everybody for its record.
struct SyncGroupHandler: APIHandler {
    typealias Request = SyncGroupRequest
    static let versions: ClosedRange<Int16> = 0...5

    func handle(_ request: SyncGroupRequest, _ context: RequestContext, _ reply: Reply<SyncGroupResponse>) {
        guard context.allows(.read, .group, request.groupId) else {
            var response = SyncGroupResponse()
            response.errorCode = ErrorCode.groupAuthorizationFailed.rawValue
            return reply.send(response)
        }
        let sync = GroupEngine.Sync(
            groupID: request.groupId, generation: request.generationId, memberID: request.memberId,
            instanceID: request.groupInstanceId, protocolType: request.protocolType,
            protocolName: request.protocolName,
            assignments: Dictionary(
                request.assignments.map { ($0.memberId, $0.assignment) }, uniquingKeysWith: { _, last in last }))
        context.broker.groups.handle(.sync(sync)) { result in
            guard case .sync(let synced) = result else { return }
            var response = SyncGroupResponse()
            response.errorCode = synced.error.rawValue
            response.protocolType = synced.protocolType
            response.protocolName = synced.protocolName
            response.assignment = synced.assignment
            reply.send(response)
        }
    }
}
