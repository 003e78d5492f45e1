import ArgumentParser
import KafkaClient

struct AclsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acls", abstract: "List, add and remove ACLs of a Kafka cluster, in kafka-acls' words.",
        subcommands: [List.self, Add.self, Remove.self], defaultSubcommand: List.self)

    /// What the rules are about.
    struct Resources: ParsableArguments {
        @Option(name: .customLong("topic"), help: "A topic, or '*' for all; may be repeated.")
        var topics: [String] = []
        @Option(name: .customLong("group"), help: "A consumer group, or '*' for all; may be repeated.")
        var groups: [String] = []
        @Flag(name: .customLong("cluster"), help: "The cluster itself.")
        var isCluster = false
        @Option(help: "literal or prefixed; when listing and removing also match and any.")
        var resourcePatternType = "literal"

        func validate() throws {
            if AccessRule.Pattern(rawValue: resourcePatternType) == nil {
                throw ValidationError(
                    "--resource-pattern-type '\(resourcePatternType)' is not literal, prefixed, match or any.")
            }
        }

        var pattern: AccessRule.Pattern { AccessRule.Pattern(rawValue: resourcePatternType) ?? .literal }

        /// One rule for each resource, with nothing but the resource set.
        var rules: [AccessRule] {
            topics.map { AccessRule(resource: .topic, name: $0, pattern: pattern) }
                + groups.map { AccessRule(resource: .group, name: $0, pattern: pattern) }
                + (isCluster ? [AccessRule(resource: .cluster, name: AccessRule.clusterName)] : [])
        }
    }

    /// Who may or may not do what.
    struct Grants: ParsableArguments {
        @Option(name: .customLong("allow-principal"), help: "Who is allowed, such as User:shop; may be repeated.")
        var allowed: [String] = []
        @Option(name: .customLong("deny-principal"), help: "Who is denied; may be repeated.")
        var denied: [String] = []
        @Option(name: .customLong("allow-host"), help: "Addresses from which; default '*'. May be repeated.")
        var allowedHosts: [String] = []
        @Option(name: .customLong("deny-host"), help: "Addresses from which not; default '*'. May be repeated.")
        var deniedHosts: [String] = []
        @Option(
            name: .customLong("operation"),
            help:
                "Read, Write, Create, Delete, Alter, Describe, ClusterAction, DescribeConfigs, AlterConfigs, IdempotentWrite or All; may be repeated."
        )
        var operationNames: [String] = []

        func validate() throws {
            _ = try operations()
            for principal in allowed + denied where !principal.contains(":") {
                throw ValidationError("Principal '\(principal)' must be written type:name, such as User:shop.")
            }
        }

        func operations() throws -> [AccessRule.Operation] {
            try operationNames.map { name in
                let found = AccessRule.Operation.allCases.first { $0.rawValue.lowercased() == name.lowercased() }
                guard let found else {
                    throw ValidationError("--operation '\(name)' is not one of Kafka's operations.")
                }
                return found
            }
        }

        /// Who with where from, allowed and denied.
        var subjects: [(principal: String, host: String, permission: AccessRule.Permission)] {
            func pairs(_ principals: [String], _ hosts: [String], _ permission: AccessRule.Permission) -> [(
                principal: String, host: String, permission: AccessRule.Permission
            )] {
                principals.flatMap { principal in
                    (hosts.isEmpty ? ["*"] : hosts).map { (principal, $0, permission) }
                }
            }
            return pairs(allowed, allowedHosts, .allow) + pairs(denied, deniedHosts, .deny)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List rules, all or those of some resources. The default.")

        @OptionGroup var resources: Resources
        @Option(name: .customLong("principal"), help: "Only the rules of this principal.")
        var principal: String?
        @Flag(help: "One JSON object a line.")
        var json = false
        @OptionGroup var cluster: ClusterOptions

        func run() async throws {
            try await cluster.withAdmin { admin in
                var filters = resources.rules
                if filters.isEmpty { filters = [AccessRule(resource: nil, name: nil, pattern: .any)] }
                var rules: [AccessRule] = []
                for var filter in filters {
                    filter.principal = principal
                    for rule in try await admin.accessRules(matching: filter) where !rules.contains(rule) {
                        rules.append(rule)
                    }
                }
                AclsCommand.show(rules, json: json)
            }
        }
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add rules.",
            discussion: """
                Without --operation a rule is for all operations. --producer stands for Write, Describe and Create on the
                topics; --consumer for Read and Describe on the topics and Read on the groups.
                """)

        @OptionGroup var resources: Resources
        @OptionGroup var grants: Grants
        @Flag(help: "What a producer to the topics needs.")
        var producer = false
        @Flag(help: "What a consumer of the topics in the groups needs.")
        var consumer = false
        @OptionGroup var cluster: ClusterOptions

        func validate() throws {
            if resources.rules.isEmpty { throw ValidationError("Say what about: --topic, --group or --cluster.") }
            if grants.subjects.isEmpty {
                throw ValidationError("Say who: --allow-principal or --deny-principal.")
            }
            if ![.literal, .prefixed].contains(resources.pattern) {
                throw ValidationError("A rule's --resource-pattern-type is literal or prefixed.")
            }
            if (producer || consumer) && !grants.operationNames.isEmpty {
                throw ValidationError("--producer and --consumer say which operations; leave --operation out.")
            }
            if producer && resources.topics.isEmpty { throw ValidationError("--producer needs --topic.") }
            if consumer && (resources.topics.isEmpty || resources.groups.isEmpty) {
                throw ValidationError("--consumer needs --topic and --group.")
            }
        }

        private func operations(on resource: AccessRule.Resource?) throws -> [AccessRule.Operation] {
            guard producer || consumer else {
                let named = try grants.operations()
                return named.isEmpty ? [.all] : named
            }
            switch resource {
            case .topic:
                return (producer ? [.write, .describe, .create] : []) + (consumer ? [.read] : [])
                    + (consumer && !producer ? [.describe] : [])
            case .group: return consumer ? [.read] : []
            default: return []
            }
        }

        func run() async throws {
            var rules: [AccessRule] = []
            for var rule in resources.rules {
                for operation in try operations(on: rule.resource) {
                    for subject in grants.subjects {
                        rule.operation = operation
                        (rule.principal, rule.host, rule.permission) = (
                            subject.principal, subject.host, subject.permission
                        )
                        rules.append(rule)
                    }
                }
            }
            try await cluster.withAdmin { admin in
                for rule in rules { try await admin.addAccessRule(rule) }
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove the rules that match, and show them.",
            discussion: "What is not given matches any: without principals, all rules of the resources go.")

        @OptionGroup var resources: Resources
        @OptionGroup var grants: Grants
        @Flag(help: "One JSON object a line.")
        var json = false
        @OptionGroup var cluster: ClusterOptions

        func validate() throws {
            if resources.rules.isEmpty { throw ValidationError("Say what about: --topic, --group or --cluster.") }
        }

        func run() async throws {
            let named = try grants.operations().map { Optional($0) }
            var filters: [AccessRule] = []
            for var filter in resources.rules {
                for operation in named.isEmpty ? [nil] : named {
                    filter.operation = operation
                    let hosts = (allow: grants.allowedHosts, deny: grants.deniedHosts)
                    if grants.subjects.isEmpty { filters.append(filter) }
                    for subject in grants.subjects {
                        filter.principal = subject.principal
                        filter.permission = subject.permission
                        let given = subject.permission == .allow ? hosts.allow : hosts.deny
                        filter.host = given.isEmpty ? nil : subject.host
                        filters.append(filter)
                    }
                }
            }
            try await cluster.withAdmin { admin in
                var removed: [AccessRule] = []
                for filter in filters { removed += try await admin.removeAccessRules(matching: filter) }
                AclsCommand.show(removed, json: json)
            }
        }
    }

    static func show(_ rules: [AccessRule], json: Bool) {
        var table = TextTable(["RESOURCE", "NAME", "PATTERN", "PRINCIPAL", "HOST", "OPERATION", "PERMISSION"])
        for rule in rules {
            let operation = rule.operation?.rawValue ?? "Unknown"
            if json {
                var line = JSONLine()
                line.set("resource", rule.resource?.rawValue ?? "unknown")
                line.set("name", rule.name)
                line.set("pattern", rule.pattern.rawValue)
                line.set("principal", rule.principal)
                line.set("host", rule.host)
                line.set("operation", operation)
                line.set("permission", rule.permission?.rawValue)
                line.printLine()
            } else {
                table.add([
                    rule.resource?.rawValue ?? "unknown", rule.name ?? "-", rule.pattern.rawValue,
                    rule.principal ?? "-", rule.host ?? "-", operation, rule.permission?.rawValue ?? "-",
                ])
            }
        }
        if !json { print(table.rendered(style: .forOutput()), terminator: "") }
    }
}
