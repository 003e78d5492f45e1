internal import CommitLog
internal import KafkaProtocol

/// ListConfigResources, key 74: what has settings. Topics and this broker do; subscriptions of client metrics, which
/// version 0 asks for, and groups have none here.
///
/// Versions 0 and 1.
struct ListConfigResourcesHandler: APIHandler {
    typealias Request = ListConfigResourcesRequest
    static let versions: ClosedRange<Int16> = 0...1

    func handle(
        _ request: ListConfigResourcesRequest, _ context: RequestContext, _ reply: Reply<ListConfigResourcesResponse>
    ) {
        var response = ListConfigResourcesResponse()
        let known: Set<Int8> = [2, 4, 8, 16, 32]
        let wanted =
            context.version == 0 ? [16] : Set(request.resourceTypes.isEmpty ? Array(known) : request.resourceTypes)
        guard wanted.isSubset(of: known) else {
            response.errorCode = 35
            return reply.send(response)
        }
        if wanted.contains(2) {
            response.configResources += context.broker.topics.all.map { resource($0.name, type: 2) }
        }
        if wanted.contains(4) {
            response.configResources.append(resource("\(context.broker.identity.nodeID)", type: 4))
        }
        reply.send(response)
    }

    private func resource(_ name: String, type: Int8) -> ListConfigResourcesResponse.ConfigResource {
        var answer = ListConfigResourcesResponse.ConfigResource()
        answer.resourceName = name
        answer.resourceType = type
        return answer
    }
}
