/// Kafka's ACL model: who may do what.
///
/// A superuser may do everything. Otherwise a denying rule for the resource decides, then an allowing one; where no rule
/// speaks of the resource at all, ``allowsWithoutRules`` does, and where rules speak of it but none of this principal,
/// the answer is no.
public struct Authorizer: Sendable {
    /// `super.users`.
    public var superUsers: Set<Principal>
    /// `allow.everyone.if.no.acl.found`.
    public var allowsWithoutRules: Bool
    public private(set) var rules: Set<AccessRule> = []

    /// By type and exact name, `*` among them.
    private var literal: [ResourceKey: Set<AccessRule>] = [:]
    private var prefixed: [ResourceType: Set<AccessRule>] = [:]

    private struct ResourceKey: Hashable {
        let type: ResourceType
        let name: String
    }

    public init(superUsers: Set<Principal> = [], allowsWithoutRules: Bool = false) {
        self.superUsers = superUsers
        self.allowsWithoutRules = allowsWithoutRules
    }

    /// - Returns: false where the rule was there before.
    @discardableResult
    public mutating func insert(_ rule: AccessRule) -> Bool {
        precondition(rule.problem == nil, "only a checked rule is inserted")
        guard rules.insert(rule).inserted else { return false }
        if rule.patternType == .prefixed {
            prefixed[rule.resourceType, default: []].insert(rule)
        } else {
            literal[ResourceKey(type: rule.resourceType, name: rule.resourceName), default: []].insert(rule)
        }
        return true
    }

    @discardableResult
    public mutating func remove(_ rule: AccessRule) -> Bool {
        guard rules.remove(rule) != nil else { return false }
        if rule.patternType == .prefixed {
            prefixed[rule.resourceType]?.remove(rule)
        } else {
            let key = ResourceKey(type: rule.resourceType, name: rule.resourceName)
            literal[key]?.remove(rule)
            if literal[key]?.isEmpty == true { literal[key] = nil }
        }
        return true
    }

    /// - Parameter host: the client's address as text.
    /// - Complexity: linear in the rules for this resource and the prefixed rules of its type.
    public func allows(
        _ principal: Principal, from host: String, to operation: AccessOperation, _ type: ResourceType, _ name: String
    ) -> Bool {
        if superUsers.contains(principal) { return true }
        var isKnown = false
        var isAllowed = false
        func consider(_ rule: AccessRule) -> Bool {
            isKnown = true
            guard rule.concerns(principal, host: host), rule.decides(operation) else { return true }
            if rule.permission == .deny { return false }
            isAllowed = true
            return true
        }
        for key in [name, AccessRule.wildcard] {
            for rule in literal[ResourceKey(type: type, name: key)] ?? [] where !consider(rule) { return false }
            if name == AccessRule.wildcard { break }
        }
        for rule in prefixed[type] ?? [] where rule.covers(type, name) {
            if !consider(rule) { return false }
        }
        return isAllowed || (!isKnown && allowsWithoutRules)
    }

    /// Whether there may be any resource of the type that the principal may do this to: what InitProducerId asks of
    /// topics. A denial of everything outweighs any allowance; a denial of a prefix outweighs allowances below it.
    public func allowsAny(
        _ principal: Principal, from host: String, to operation: AccessOperation, _ type: ResourceType
    ) -> Bool {
        if superUsers.contains(principal) { return true }
        let relevant = rules.filter {
            $0.resourceType == type && $0.concerns(principal, host: host) && $0.decides(operation)
        }
        let denials = relevant.filter { $0.permission == .deny }
        if denials.contains(where: { $0.patternType == .literal && $0.resourceName == AccessRule.wildcard }) {
            return false
        }
        if allowsWithoutRules { return true }
        return relevant.contains { allowance in
            guard allowance.permission == .allow else { return false }
            if allowance.patternType == .literal, allowance.resourceName == AccessRule.wildcard { return true }
            return !denials.contains { denial in
                denial.patternType == .prefixed
                    ? allowance.resourceName.utf8.starts(with: denial.resourceName.utf8)
                    : allowance.patternType == .literal && allowance.resourceName == denial.resourceName
            }
        }
    }

    /// The operations on the resource that are allowed, as the bits of an `authorizedOperations` field.
    public func allowedOperations(
        _ principal: Principal, from host: String, on type: ResourceType, _ name: String
    ) -> Int32 {
        AccessOperation.operations(on: type).reduce(0) { bits, operation in
            allows(principal, from: host, to: operation, type, name) ? bits | 1 << Int32(operation.rawValue) : bits
        }
    }
}
