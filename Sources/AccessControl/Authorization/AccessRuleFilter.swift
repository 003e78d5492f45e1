/// Which ACLs DescribeAcls and DeleteAcls ask for. nil and `any` let everything pass.
public struct AccessRuleFilter: Sendable, Equatable {
    public var resourceType: ResourceType
    public var resourceName: String?
    public var patternType: PatternType
    public var principal: String?
    public var host: String?
    public var operation: AccessOperation
    public var permission: AccessPermission

    public init(
        resourceType: ResourceType = .any, resourceName: String? = nil, patternType: PatternType = .any,
        principal: String? = nil, host: String? = nil, operation: AccessOperation = .any,
        permission: AccessPermission = .any
    ) {
        self.resourceType = resourceType
        self.resourceName = resourceName
        self.patternType = patternType
        self.principal = principal
        self.host = host
        self.operation = operation
        self.permission = permission
    }

    /// The filter holds a value that this version does not know.
    public var isUnknown: Bool {
        resourceType == .unknown || patternType == .unknown || operation == .unknown || permission == .unknown
    }

    public func matches(_ rule: AccessRule) -> Bool {
        (resourceType == .any || resourceType == rule.resourceType) && matchesName(of: rule)
            && (principal == nil || principal == rule.principal) && (host == nil || host == rule.host)
            && (operation == .any || operation == rule.operation)
            && (permission == .any || permission == rule.permission)
    }

    private func matchesName(of rule: AccessRule) -> Bool {
        switch patternType {
        case .any:
            resourceName == nil || resourceName == rule.resourceName
        case .match:
            resourceName.map { rule.covers(rule.resourceType, $0) } ?? true
        default:
            patternType == rule.patternType && (resourceName == nil || resourceName == rule.resourceName)
        }
    }
}
