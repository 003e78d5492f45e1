import Testing

@testable import AccessControl

@Suite("Access control: ACLs")
struct AuthorizerTests {
    private let alice = Principal(name: "alice")

    private func rule(
        _ name: String, _ operation: AccessOperation, _ permission: AccessPermission = .allow,
        type: ResourceType = .topic, pattern: PatternType = .literal, principal: String = "User:alice",
        host: String = "*"
    ) -> AccessRule {
        AccessRule(
            resourceType: type, resourceName: name, patternType: pattern, principal: principal, host: host,
            operation: operation, permission: permission)
    }

    private func allows(
        _ rules: [AccessRule], _ operation: AccessOperation, _ name: String = "orders", type: ResourceType = .topic,
        as principal: Principal? = nil, from host: String = "10.0.0.1", openByDefault: Bool = false
    ) -> Bool {
        var authorizer = Authorizer(
            superUsers: [Principal(name: "root")], allowsWithoutRules: openByDefault)
        for rule in rules { authorizer.insert(rule) }
        return authorizer.allows(principal ?? alice, from: host, to: operation, type, name)
    }

    @Test("without rules only superusers may do something, unless everyone may")
    func withoutRules() {
        #expect(!allows([], .read))
        #expect(allows([], .read, openByDefault: true))
        #expect(allows([rule("orders", .all, .deny)], .read, as: Principal(name: "root")))
    }

    @Test("a rule for somebody else closes the resource for all others, even where everyone may without rules")
    func closedByAnyRule() {
        let rules = [rule("orders", .read, principal: "User:bob")]
        #expect(!allows(rules, .read, openByDefault: true))
        #expect(allows(rules, .read, "other", openByDefault: true))
    }

    @Test("literal, prefixed and wildcard names")
    func patterns() {
        #expect(allows([rule("orders", .read)], .read))
        #expect(!allows([rule("orders", .read)], .read, "orders-2"))
        #expect(allows([rule("ord", .read, pattern: .prefixed)], .read))
        #expect(!allows([rule("ord", .read)], .read))
        #expect(allows([rule("*", .read)], .read))
        // A prefix of "*" is the character, not every name.
        #expect(!allows([rule("*", .read, pattern: .prefixed)], .read))
        #expect(!allows([rule("orders", .read, type: .group)], .read))
    }

    @Test("a denial outweighs allowances, whichever is more particular")
    func denials() {
        #expect(!allows([rule("orders", .read), rule("*", .read, .deny)], .read))
        #expect(!allows([rule("*", .all), rule("ord", .read, .deny, pattern: .prefixed)], .read))
        #expect(allows([rule("*", .all), rule("ord", .read, .deny, pattern: .prefixed)], .write))
        #expect(!allows([rule("orders", .read), rule("orders", .all, .deny)], .read))
        #expect(allows([rule("orders", .read), rule("orders", .all, .deny, principal: "User:bob")], .read))
    }

    @Test(
        "allowing to read, write, delete or alter allows to describe; denying them does not deny it",
        arguments: [.read, .write, .delete, .alter] as [AccessOperation])
    func impliedDescribe(operation: AccessOperation) {
        #expect(allows([rule("orders", operation)], .describe))
        #expect(!allows([rule("orders", .describe)], operation))
        #expect(allows([rule("orders", .describe), rule("orders", operation, .deny)], .describe))
        #expect(!allows([rule("orders", operation)], .describeConfigs))
        #expect(allows([rule("orders", .alterConfigs)], .describeConfigs))
    }

    @Test("hosts and wildcard principals")
    func hostsAndPrincipals() {
        #expect(allows([rule("orders", .read, host: "10.0.0.1")], .read))
        #expect(!allows([rule("orders", .read, host: "10.0.0.2")], .read))
        #expect(allows([rule("orders", .read, principal: "User:*")], .read))
        #expect(allows([rule("orders", .read, principal: "User:*")], .read, as: .anonymous))
        #expect(!allows([rule("orders", .read), rule("orders", .read, .deny, host: "10.0.0.1")], .read))
    }

    @Test("a removed rule counts no longer")
    func removal() {
        var authorizer = Authorizer(allowsWithoutRules: true)
        let deny = rule("orders", .read, .deny)
        #expect(authorizer.insert(deny) == true)
        #expect(authorizer.insert(deny) == false)
        #expect(!authorizer.allows(alice, from: "h", to: .read, .topic, "orders"))
        #expect(authorizer.remove(deny) == true)
        #expect(authorizer.remove(deny) == false)
        #expect(authorizer.allows(alice, from: "h", to: .read, .topic, "orders"))
    }

    @Test("whether any topic may be written")
    func anyResource() {
        func allowsAny(_ rules: [AccessRule], openByDefault: Bool = false) -> Bool {
            var authorizer = Authorizer(allowsWithoutRules: openByDefault)
            for rule in rules { authorizer.insert(rule) }
            return authorizer.allowsAny(alice, from: "h", to: .write, .topic)
        }
        #expect(!allowsAny([]))
        #expect(allowsAny([], openByDefault: true))
        #expect(allowsAny([rule("orders", .write)]))
        #expect(!allowsAny([rule("orders", .write), rule("*", .write, .deny)]))
        #expect(!allowsAny([rule("orders", .write), rule("ord", .all, .deny, pattern: .prefixed)]))
        #expect(allowsAny([rule("o", .write, pattern: .prefixed), rule("ord", .all, .deny, pattern: .prefixed)]))
        #expect(!allowsAny([rule("orders", .write), rule("orders", .write, .deny)]))
        #expect(allowsAny([rule("*", .write), rule("orders", .write, .deny)]))
    }

    @Test("filters: a literal name, every pattern that matches a name, and unset fields")
    func filters() {
        let rules = [
            rule("orders", .read), rule("ord", .write, pattern: .prefixed), rule("*", .describe),
            rule("other", .read, principal: "User:bob"),
        ]
        func count(_ filter: AccessRuleFilter) -> Int { rules.count { filter.matches($0) } }
        #expect(count(AccessRuleFilter()) == 4)
        #expect(count(AccessRuleFilter(resourceName: "orders", patternType: .match)) == 3)
        #expect(count(AccessRuleFilter(resourceName: "orders", patternType: .literal)) == 1)
        #expect(count(AccessRuleFilter(resourceName: "orders", patternType: .prefixed)) == 0)
        #expect(count(AccessRuleFilter(patternType: .prefixed)) == 1)
        #expect(count(AccessRuleFilter(principal: "User:bob")) == 1)
        #expect(count(AccessRuleFilter(resourceType: .group)) == 0)
        #expect(count(AccessRuleFilter(operation: .read, permission: .allow)) == 2)
    }

    @Test("a rule that cannot be one says why")
    func problems() {
        #expect(rule("orders", .read).problem == nil)
        #expect(rule("kafka-cluster", .create, type: .cluster).problem == nil)
        #expect(rule("mine", .create, type: .cluster).problem != nil)
        #expect(rule("", .read).problem != nil)
        #expect(rule("orders", .any).problem != nil)
        #expect(rule("orders", .idempotentWrite).problem != nil)
        #expect(rule("orders", .read, principal: "alice").problem != nil)
        #expect(rule("orders", .read, pattern: .match).problem != nil)
    }

    @Test("authorized operations are told as bits")
    func operationBits() {
        var authorizer = Authorizer()
        authorizer.insert(rule("orders", .read))
        #expect(authorizer.allowedOperations(alice, from: "h", on: .topic, "orders") == 1 << 3 | 1 << 8)
    }
}
