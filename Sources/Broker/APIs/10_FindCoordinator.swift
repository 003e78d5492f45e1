internal import AccessControl
internal import GroupCoordinator
internal import KafkaProtocol

/// FindCoordinator, key 10.
///
/// Versions 0 to 5: from 1 on for transactions too, from 4 on for several keys at once. This broker coordinates
/// everything. Share groups (version 6) are not served. The topic that keeps groups is made when a group's coordinator is
/// first asked for.
struct FindCoordinatorHandler: APIHandler {
    typealias Request = FindCoordinatorRequest
    static let versions: ClosedRange<Int16> = 0...5
    private static let group: Int8 = 0
    private static let transaction: Int8 = 1

    func handle(_ request: FindCoordinatorRequest, _ context: RequestContext, _ reply: Reply<FindCoordinatorResponse>) {
        let keys = context.version >= 4 ? request.coordinatorKeys : [request.key]
        let type: ResourceType = request.keyType == Self.group ? .group : .transactionalID
        guard keys.allSatisfy({ context.allows(.describe, type, $0) }) else {
            return reply.send(
                Self.refused(
                    request, context,
                    type == .group ? .groupAuthorizationFailed : .transactionalIdAuthorizationFailed))
        }
        guard request.keyType == Self.group else {
            return reply.send(
                Self.answer(request, context, request.keyType == Self.transaction ? .none : .invalidRequest))
        }
        context.broker.groups.ensureTopic { isThere in
            reply.send(Self.answer(request, context, isThere ? .none : .coordinatorNotAvailable))
        }
    }

    private static func refused(
        _ request: FindCoordinatorRequest, _ context: RequestContext, _ code: ErrorCode
    ) -> FindCoordinatorResponse {
        var response = answer(request, context, .coordinatorNotAvailable)
        response.errorCode = code.rawValue
        response.errorMessage = nil
        for index in response.coordinators.indices {
            response.coordinators[index].errorCode = code.rawValue
            response.coordinators[index].errorMessage = nil
        }
        return response
    }

    private static func answer(
        _ request: FindCoordinatorRequest, _ context: RequestContext, _ error: GroupError
    ) -> FindCoordinatorResponse {
        let endpoint = context.broker.endpoint(of: context.session.listener)
        let isFound = error == .none
        var response = FindCoordinatorResponse()
        response.errorCode = error.rawValue
        response.errorMessage = isFound ? nil : "\(error)"
        response.nodeId = isFound ? context.broker.identity.nodeID : -1
        response.host = isFound ? endpoint.host : ""
        response.port = isFound ? Int32(endpoint.port) : -1
        guard context.version >= 4 else { return response }
        response.coordinators = request.coordinatorKeys.map { key in
            var coordinator = FindCoordinatorResponse.Coordinator()
            coordinator.key = key
            coordinator.errorCode = response.errorCode
            coordinator.errorMessage = response.errorMessage
            coordinator.nodeId = response.nodeId
            coordinator.host = response.host
            coordinator.port = response.port
            return coordinator
        }
        return response
    }
}
