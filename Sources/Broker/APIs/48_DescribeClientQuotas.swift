internal import AccessControl
internal import KafkaProtocol

/// DescribeClientQuotas, key 48. Versions 0 and 1. Quotas by address (`ip`) do not exist here and are never found.
struct DescribeClientQuotasHandler: APIHandler {
    typealias Request = DescribeClientQuotasRequest
    static let versions: ClosedRange<Int16> = 0...1

    func handle(
        _ request: DescribeClientQuotasRequest, _ context: RequestContext,
        _ reply: Reply<DescribeClientQuotasResponse>
    ) {
        var response = DescribeClientQuotasResponse()
        response.errorMessage = nil
        response.entries = nil
        guard context.allowsCluster(.describeConfigs) else {
            response.errorCode = ErrorCode.clusterAuthorizationFailed.rawValue
            return reply.send(response)
        }
        let types = request.components.map(\.entityType)
        guard Set(types).count == types.count, types.allSatisfy(["user", "client-id", "ip"].contains),
            request.components.allSatisfy({ (0...2).contains($0.matchType) && ($0.matchType != 0 || $0.match != nil) })
        else {
            response.errorCode = ErrorCode.invalidRequest.rawValue
            response.errorMessage = "A component names user, client-id or ip once, with an exact, default or any match"
            return reply.send(response)
        }
        let quotas = context.broker.access.current { $0.quotas.quotas }
        response.entries = quotas.filter { Self.matches($0.key, request) }.map(Self.described)
        reply.send(response)
    }

    private static func matches(_ entity: QuotaEntity, _ request: DescribeClientQuotasRequest) -> Bool {
        let sides = [("user", entity.user), ("client-id", entity.clientID), ("ip", nil)]
        for (type, name) in sides {
            guard let component = request.components.first(where: { $0.entityType == type }) else {
                if request.strict, name != nil { return false }
                continue
            }
            guard let name else { return false }
            switch component.matchType {
            case 0: if name != .exactly(component.match ?? "") { return false }
            case 1: if name != .default { return false }
            default: break
            }
        }
        return true
    }

    private static func described(
        _ entity: QuotaEntity, _ values: [QuotaKind: Double]
    ) -> DescribeClientQuotasResponse.EntryData {
        var entry = DescribeClientQuotasResponse.EntryData()
        for (type, name) in [("user", entity.user), ("client-id", entity.clientID)] {
            guard let name else { continue }
            var data = DescribeClientQuotasResponse.EntityData()
            data.entityType = type
            if case .exactly(let text) = name { data.entityName = text } else { data.entityName = nil }
            entry.entity.append(data)
        }
        entry.values = values.sorted { $0.key.rawValue < $1.key.rawValue }.map { kind, number in
            var value = DescribeClientQuotasResponse.ValueData()
            value.key = kind.rawValue
            value.value = number
            return value
        }
        return entry
    }
}
