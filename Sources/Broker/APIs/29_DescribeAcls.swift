internal import AccessControl
internal import KafkaProtocol

/// DescribeAcls, key 29: the ACLs that a filter lets pass, by resource.
///
/// Versions 1 to 3. Without an authorizer it answers SECURITY_DISABLED, as consoles expect.
struct DescribeAclsHandler: APIHandler {
    typealias Request = DescribeAclsRequest
    static let versions: ClosedRange<Int16> = 1...3

    func handle(_ request: DescribeAclsRequest, _ context: RequestContext, _ reply: Reply<DescribeAclsResponse>) {
        var response = DescribeAclsResponse()
        response.errorMessage = nil
        let filter = AccessRuleFilter(
            resourceType: ResourceType(rawValue: request.resourceTypeFilter) ?? .unknown,
            resourceName: request.resourceNameFilter,
            patternType: PatternType(rawValue: request.patternTypeFilter) ?? .unknown,
            principal: request.principalFilter, host: request.hostFilter,
            operation: AccessOperation(rawValue: request.operation) ?? .unknown,
            permission: AccessPermission(rawValue: request.permissionType) ?? .unknown)
        guard context.broker.access.settings.isAuthorizing else {
            response.errorCode = ErrorCode.securityDisabled.rawValue
            response.errorMessage = "No authorizer is configured: set 'broker.authorizer.class.name'"
            return reply.send(response)
        }
        guard context.allowsCluster(.describe) else {
            response.errorCode = ErrorCode.clusterAuthorizationFailed.rawValue
            return reply.send(response)
        }
        guard !filter.isUnknown else {
            response.errorCode = ErrorCode.invalidRequest.rawValue
            response.errorMessage = "The filter holds a type that this broker does not know"
            return reply.send(response)
        }
        let rules = context.broker.access.current { $0.authorizer.rules.filter(filter.matches) }
        response.resources = Self.grouped(rules)
        reply.send(response)
    }

    private static func grouped(_ rules: Set<AccessRule>) -> [DescribeAclsResponse.DescribeAclsResource] {
        struct Key: Hashable {
            let type: ResourceType
            let name: String
            let pattern: PatternType
        }
        let byResource = Dictionary(grouping: rules) {
            Key(type: $0.resourceType, name: $0.resourceName, pattern: $0.patternType)
        }
        let inOrder = byResource.sorted {
            ($0.key.type.rawValue, $0.key.name, $0.key.pattern.rawValue)
                < ($1.key.type.rawValue, $1.key.name, $1.key.pattern.rawValue)
        }
        return inOrder.map { key, rules in
            var resource = DescribeAclsResponse.DescribeAclsResource()
            resource.resourceType = key.type.rawValue
            resource.resourceName = key.name
            resource.patternType = key.pattern.rawValue
            resource.acls = rules.sorted {
                ($0.principal, $0.host, $0.operation.rawValue) < ($1.principal, $1.host, $1.operation.rawValue)
            }.map { rule in
                var acl = DescribeAclsResponse.AclDescription()
                acl.principal = rule.principal
                acl.host = rule.host
                acl.operation = rule.operation.rawValue
                acl.permissionType = rule.permission.rawValue
                return acl
            }
            return resource
        }
    }
}
