internal import AccessControl
internal import KafkaProtocol

/// AlterClientQuotas, key 49. Versions 0 and 1.
///
/// All kinds are kept and described; none throttles a client yet. Quotas by address (`ip`) are refused.
struct AlterClientQuotasHandler: APIHandler {
    typealias Request = AlterClientQuotasRequest
    static let versions: ClosedRange<Int16> = 0...1

    func handle(
        _ request: AlterClientQuotasRequest, _ context: RequestContext, _ reply: Reply<AlterClientQuotasResponse>
    ) {
        var response = AlterClientQuotasResponse()
        var changes: [AccessRecord] = []
        let isAllowed = context.allowsCluster(.alterConfigs)
        let quotas = context.broker.access.current { $0.quotas.quotas }
        for entry in request.entries {
            var answer = AlterClientQuotasResponse.EntryData()
            answer.errorMessage = nil
            answer.entity = entry.entity.map { given in
                var entity = AlterClientQuotasResponse.EntityData()
                entity.entityType = given.entityType
                entity.entityName = given.entityName
                return entity
            }
            if !isAllowed {
                answer.errorCode = ErrorCode.clusterAuthorizationFailed.rawValue
            } else if let entity = Self.entity(entry.entity) {
                var values = quotas[entity] ?? [:]
                if let problem = Self.apply(entry.ops, to: &values) {
                    answer.errorCode = ErrorCode.invalidRequest.rawValue
                    answer.errorMessage = problem
                } else {
                    changes.append(.quota(entity, values))
                }
            } else {
                answer.errorCode = ErrorCode.invalidRequest.rawValue
                answer.errorMessage = "A quota is for a user, a client-id or both"
            }
            response.entries.append(answer)
        }
        guard !changes.isEmpty, !request.validateOnly else { return reply.send(response) }
        let (answer, records) = (response, changes)
        context.broker.offload {
            context.broker.access.change(records) { error in
                var response = answer
                if error != nil {
                    for index in response.entries.indices where response.entries[index].errorCode == 0 {
                        response.entries[index].errorCode = ErrorCode.kafkaStorageError.rawValue
                    }
                }
                reply.send(response)
            }
        }
    }

    private static func entity(_ parts: [AlterClientQuotasRequest.EntityData]) -> QuotaEntity? {
        var names: [String: QuotaEntity.Name] = [:]
        for part in parts {
            guard ["user", "client-id"].contains(part.entityType), part.entityName != "",
                names.updateValue(part.entityName.map { .exactly($0) } ?? .default, forKey: part.entityType) == nil
            else { return nil }
        }
        return names.isEmpty ? nil : QuotaEntity(user: names["user"], clientID: names["client-id"])
    }

    /// - Returns: what is wrong, if something is.
    private static func apply(
        _ operations: [AlterClientQuotasRequest.OpData], to values: inout [QuotaKind: Double]
    ) -> String? {
        for operation in operations {
            guard let kind = QuotaKind(rawValue: operation.key) else {
                return "There is no quota '\(operation.key)'"
            }
            guard operation.remove || (operation.value.isFinite && operation.value > 0) else {
                return "The quota '\(operation.key)' must be above 0"
            }
            values[kind] = operation.remove ? nil : operation.value
        }
        return nil
    }
}
