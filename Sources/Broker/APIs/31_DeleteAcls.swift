internal import AccessControl
internal import KafkaProtocol

/// DeleteAcls, key 31: removes what each filter lets pass. Versions 1 to 3.
struct DeleteAclsHandler: APIHandler {
    typealias Request = DeleteAclsRequest
    static let versions: ClosedRange<Int16> = 1...3

    func handle(_ request: DeleteAclsRequest, _ context: RequestContext, _ reply: Reply<DeleteAclsResponse>) {
        var response = DeleteAclsResponse()
        var removed: Set<AccessRule> = []
        let refusal = context.aclRefusal
        let rules = context.broker.access.current { $0.authorizer.rules }
        for asked in request.filters {
            var result = DeleteAclsResponse.DeleteAclsFilterResult()
            result.errorMessage = nil
            let filter = AccessRuleFilter(
                resourceType: ResourceType(rawValue: asked.resourceTypeFilter) ?? .unknown,
                resourceName: asked.resourceNameFilter,
                patternType: PatternType(rawValue: asked.patternTypeFilter) ?? .unknown,
                principal: asked.principalFilter, host: asked.hostFilter,
                operation: AccessOperation(rawValue: asked.operation) ?? .unknown,
                permission: AccessPermission(rawValue: asked.permissionType) ?? .unknown)
            if let refusal {
                result.errorCode = refusal.rawValue
            } else if filter.isUnknown {
                result.errorCode = ErrorCode.invalidRequest.rawValue
                result.errorMessage = "The filter holds a type that this broker does not know"
            } else {
                let matching = rules.filter(filter.matches)
                removed.formUnion(matching)
                result.matchingAcls = matching.map(Self.described)
            }
            response.filterResults.append(result)
        }
        guard !removed.isEmpty else { return reply.send(response) }
        let answer = response
        let records = removed.map { AccessRecord.rule($0, isPresent: false) }
        context.broker.offload {
            context.broker.access.change(records) { error in
                var response = answer
                if error != nil {
                    for index in response.filterResults.indices where response.filterResults[index].errorCode == 0 {
                        response.filterResults[index].errorCode = ErrorCode.kafkaStorageError.rawValue
                    }
                }
                reply.send(response)
            }
        }
    }

    private static func described(_ rule: AccessRule) -> DeleteAclsResponse.DeleteAclsMatchingAcl {
        var acl = DeleteAclsResponse.DeleteAclsMatchingAcl()
        acl.errorMessage = nil
        acl.resourceType = rule.resourceType.rawValue
        acl.resourceName = rule.resourceName
        acl.patternType = rule.patternType.rawValue
        acl.principal = rule.principal
        acl.host = rule.host
        acl.operation = rule.operation.rawValue
        acl.permissionType = rule.permission.rawValue
        return acl
    }
}
