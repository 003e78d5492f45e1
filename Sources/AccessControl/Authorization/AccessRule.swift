/// One ACL: who may or may not do what to which resources, from where.
public struct AccessRule: Hashable, Sendable {
    public static let wildcard = "*"

    public var resourceType: ResourceType
    /// The whole name, a prefix of names, or `*` (literal) for every name.
    public var resourceName: String
    /// `literal` or `prefixed`.
    public var patternType: PatternType
    /// `User:name`, or `User:*` for everyone.
    public var principal: String
    /// An address, or `*` for every one.
    public var host: String
    public var operation: AccessOperation
    /// `allow` or `deny`.
    public var permission: AccessPermission

    public init(
        resourceType: ResourceType, resourceName: String, patternType: PatternType = .literal, principal: String,
        host: String = wildcard, operation: AccessOperation, permission: AccessPermission = .allow
    ) {
        self.resourceType = resourceType
        self.resourceName = resourceName
        self.patternType = patternType
        self.principal = principal
        self.host = host
        self.operation = operation
        self.permission = permission
    }

    /// Why the rule cannot be one; nil where it can.
    public var problem: String? {
        if resourceType == .unknown || resourceType == .any { return "an ACL's resource type must be a definite one" }
        if resourceName.isEmpty { return "an ACL's resource name must not be empty" }
        if resourceType == .cluster, resourceName != ResourceType.clusterName {
            return "the cluster resource is named \(ResourceType.clusterName)"
        }
        if patternType != .literal, patternType != .prefixed { return "an ACL's pattern is LITERAL or PREFIXED" }
        if Principal(principal) == nil { return "an ACL's principal is written as type:name" }
        if host.isEmpty { return "an ACL's host is an address or *" }
        if operation == .unknown || operation == .any { return "an ACL's operation must be a definite one" }
        if permission != .allow, permission != .deny { return "an ACL's permission is ALLOW or DENY" }
        if operation != .all, !AccessOperation.operations(on: resourceType).contains(operation) {
            return "the operation does not exist for this type of resource"
        }
        return nil
    }

    /// The rule speaks of this resource.
    func covers(_ type: ResourceType, _ name: String) -> Bool {
        guard resourceType == type else { return false }
        return patternType == .prefixed
            ? name.utf8.starts(with: resourceName.utf8) : resourceName == name || resourceName == Self.wildcard
    }

    /// The rule speaks of this principal at this address.
    func concerns(_ principal: Principal, host: String) -> Bool {
        (self.principal == principal.description || self.principal == principal.type + ":" + Self.wildcard)
            && (self.host == Self.wildcard || self.host == host)
    }

    /// The rule speaks of this operation; allowing one may allow another with it.
    func decides(_ operation: AccessOperation) -> Bool {
        self.operation == operation || self.operation == .all
            || (permission == .allow && self.operation.implies(operation))
    }
}
