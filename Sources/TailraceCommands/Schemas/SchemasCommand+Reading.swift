import ArgumentParser
import Avro
import SchemaRegistry

extension SchemasCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the newest version of each subject. The default.")

        @Option(help: "Only subjects that begin so.")
        var prefix = ":*:"
        @Flag(help: "Also what was soft-deleted.")
        var deleted = false
        @Flag(help: "One JSON object a line.")
        var json = false
        @OptionGroup var location: RegistryLocation

        func run() async throws {
            try await location.withClient { client in
                let escaped = SchemaRegistryClient.escape(prefix)
                let schemas = try await client.send(
                    "GET", "/schemas?latestOnly=true&deleted=\(deleted)&subjectPrefix=\(escaped)", nil)
                var table = TextTable(["SUBJECT", "VERSION", "ID", "TYPE"], right: [1, 2])
                for schema in schemas.array ?? [] {
                    if json {
                        print(schema)
                    } else {
                        table.add([
                            schema["subject"]?.text ?? "", "\(schema["version"] ?? .null)", "\(schema["id"] ?? .null)",
                            schema["schemaType"]?.text ?? "AVRO",
                        ])
                    }
                }
                if !json { print(table.rendered(style: .forOutput()), terminator: "") }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show one schema: of a subject's version, or by its id.")

        @Argument(help: "The subject.")
        var subject: String?
        @Argument(help: "The version, a number or latest.")
        var version = "latest"
        @Option(help: "The schema with this id.")
        var id: Int?
        @Flag(help: "The text as it is registered.")
        var raw = false
        @OptionGroup var location: RegistryLocation

        func validate() throws {
            guard (subject == nil) != (id == nil) else { throw ValidationError("give a subject or --id") }
        }

        func run() async throws {
            try await location.withClient { client in
                let answer: JSONValue
                if let id {
                    answer = try await client.schema(id: id)
                } else {
                    answer = try await SchemasCommand.version(subject ?? "", version, client)
                }
                let text = answer["schema"]?.text ?? ""
                print(raw ? text : SchemasCommand.readable(text))
            }
        }
    }

    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what changed between two versions, line by line.",
            discussion: "Exit code 0 where they are the same, 1 where they differ.")

        @Argument(help: "The subject.")
        var subject: String
        @Argument(help: "The older version.")
        var old: String
        @Argument(help: "The newer version.")
        var new = "latest"
        @OptionGroup var location: RegistryLocation

        func run() async throws {
            let isSame = try await location.withClient { client in
                let before = try await SchemasCommand.version(subject, old, client)
                let after = try await SchemasCommand.version(subject, new, client)
                let lines = [before, after].map {
                    SchemasCommand.readable($0["schema"]?.text ?? "").split(separator: "\n").map(String.init)
                }
                for line in LineDiff.between(lines[0], lines[1]) { print(line) }
                return lines[0] == lines[1]
            }
            if !isSame { throw ExitStatus.failure.code }
        }
    }

    static func version(
        _ subject: String, _ version: String, _ client: SchemaRegistryClient
    ) async throws(RegistryClientError) -> JSONValue {
        let path = "/subjects/\(SchemaRegistryClient.escape(subject))/versions/"
        return try await client.send("GET", path + SchemaRegistryClient.escape(version), nil)
    }

    /// JSON with a line for each member; other text as it is.
    static func readable(_ text: String) -> String {
        (try? JSONValue(parsing: text)).map(\.indentedText) ?? text
    }
}
