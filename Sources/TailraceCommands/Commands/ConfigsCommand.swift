import ArgumentParser
import KafkaClient

struct ConfigsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "configs", abstract: "Show and change settings of a Kafka cluster's topics and brokers.",
        subcommands: [Describe.self, Alter.self], defaultSubcommand: Describe.self)

    /// What has the settings, in kafka-configs' words.
    struct Entity: ParsableArguments {
        @Option(help: "A topic's name. Short for --entity-type topics --entity-name NAME.")
        var topic: String?
        @Option(help: "A broker's id. Short for --entity-type brokers --entity-name ID.")
        var broker: Int32?
        @Option(help: "topics or brokers.")
        var entityType: String?
        @Option(help: "The topic's name or the broker's id.")
        var entityName: String?

        func validate() throws { _ = try resource() }

        func resource() throws -> ConfigResource {
            var found: [ConfigResource] = []
            if let topic { found.append(.topic(topic)) }
            if let broker { found.append(.broker(broker)) }
            switch (entityType, entityName) {
            case (nil, nil): break
            case ("topics"?, let name?): found.append(.topic(name))
            case ("brokers"?, let name?):
                guard let id = Int32(name) else { throw ValidationError("--entity-name of a broker is its id.") }
                found.append(.broker(id))
            case (let type?, _?): throw ValidationError("--entity-type '\(type)' is not topics or brokers.")
            default: throw ValidationError("--entity-type and --entity-name go together.")
            }
            guard found.count == 1, let resource = found.first else {
                throw ValidationError("Say whose settings: --topic NAME or --broker ID.")
            }
            return resource
        }
    }

    struct Describe: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show settings that differ from the defaults, or all. The default.")

        @OptionGroup var entity: Entity
        @Flag(help: "Also those that have their default.")
        var all = false
        @Flag(help: "One JSON object a line.")
        var json = false
        @OptionGroup var cluster: ClusterOptions

        func run() async throws {
            let resource = try entity.resource()
            try await cluster.withAdmin { admin in
                var table = TextTable(["NAME", "VALUE", "FROM"])
                for entry in try await admin.describeConfigs(of: resource) {
                    guard all || ![.default, .unknown].contains(entry.source) else { continue }
                    if json {
                        var line = JSONLine()
                        line.set("name", entry.name)
                        line.set("value", entry.value)
                        line.set("source", entry.source.name)
                        line.set("sensitive", entry.isSensitive)
                        line.set("readOnly", entry.isReadOnly)
                        line.printLine()
                    } else {
                        table.add([entry.name, entry.value ?? "(hidden)", entry.source.name])
                    }
                }
                if !json { print(table.rendered(style: .forOutput()), terminator: "") }
            }
        }
    }

    struct Alter: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Change settings and leave the others as they are.",
            discussion: """
                All overrides are read and sent again with the changes, because the library that this uses knows only the
                request that replaces them; what somebody else changes at the same moment may be undone.
                """)

        @OptionGroup var entity: Entity
        @Option(help: "Settings as a=1,b=2; a value with commas stands in brackets: a=[x,y]. May be repeated.")
        var addConfig: [String] = []
        @Option(help: "Names, comma separated, that take their defaults again. May be repeated.")
        var deleteConfig: [String] = []
        @Flag(help: "Ask the cluster whether it would accept the change, and change nothing.")
        var validateOnly = false
        @OptionGroup var cluster: ClusterOptions

        func validate() throws {
            if addConfig.isEmpty && deleteConfig.isEmpty {
                throw ValidationError("Nothing to change: use --add-config or --delete-config.")
            }
            _ = try changes()
        }

        private func changes() throws -> [String: String?] {
            var changes: [String: String?] = [:]
            for text in addConfig {
                for (name, value) in try ConfigList.parse(text) { changes[name] = value }
            }
            for name in deleteConfig.flatMap({ $0.split(separator: ",") }) { changes[String(name)] = .some(nil) }
            return changes
        }

        func run() async throws {
            let resource = try entity.resource()
            let changes = try changes()
            try await cluster.withAdmin { admin in
                try await admin.alterConfigs(of: resource, changes, isValidateOnly: validateOnly)
            }
        }
    }
}
