internal import GroupCoordinator
internal import KafkaProtocol

/// ListGroups, key 16.
///
/// Versions 0 to 5: from 4 on with states, from 5 on with types, and filters by them, whatever their case.
struct ListGroupsHandler: APIHandler {
    typealias Request = ListGroupsRequest
    static let versions: ClosedRange<Int16> = 0...5

    func handle(_ request: ListGroupsRequest, _ context: RequestContext, _ reply: Reply<ListGroupsResponse>) {
        let states = Set(request.statesFilter.map { $0.lowercased() })
        let types = Set(request.typesFilter.map { $0.lowercased() })
        context.broker.groups.read { engine in
            var response = ListGroupsResponse()
            guard let groups = engine.listGroups() else {
                response.errorCode = GroupError.coordinatorLoadInProgress.rawValue
                return reply.send(response)
            }
            for group in groups
            where (states.isEmpty || states.contains(group.state.lowercased()))
                && (types.isEmpty || types.contains(group.type))
            {
                var listed = ListGroupsResponse.ListedGroup()
                listed.groupId = group.id
                listed.protocolType = group.protocolType
                listed.groupState = group.state
                listed.groupType = group.type
                response.groups.append(listed)
            }
            reply.send(response)
        }
    }
}
