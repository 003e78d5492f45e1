import ArgumentParser
import Avro
import Foundation
import SchemaRegistry

extension SchemasCommand {
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write every version with its id, one JSON object a line, in the order of ids.")

        @Option(help: "Only subjects that begin so.")
        var prefix = ":*:"
        @OptionGroup var location: RegistryLocation

        func run() async throws {
            try await location.withClient { client in
                let escaped = SchemaRegistryClient.escape(prefix)
                let answer = try await client.send("GET", "/schemas?subjectPrefix=\(escaped)", nil)
                // What a schema refers to was registered before it, and so has the lower id.
                let schemas = (answer.array ?? []).sorted {
                    ($0["id"]?.integer ?? 0, $0["version"]?.integer ?? 0)
                        < ($1["id"]?.integer ?? 0, $1["version"]?.integer ?? 0)
                }
                for schema in schemas { print(schema) }
            }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Register what 'export' wrote, with the same ids and versions.",
            discussion: """
                Each subject is in mode IMPORT meanwhile and gets its own mode back. A schema that is there already under
                its id is left alone; an id that another schema has is refused, and the import stops there.
                """)

        @Argument(help: "The file; - for standard input.")
        var file: String
        @OptionGroup var location: RegistryLocation

        func run() async throws {
            let schemas = try read()
            try await location.withClient { client in
                var subjects: [String] = []
                for schema in schemas {
                    if let name = schema["subject"]?.text, !subjects.contains(name) { subjects.append(name) }
                }
                for subject in subjects {
                    let path = "/mode/\(SchemaRegistryClient.escape(subject))?force=true"
                    try await client.send("PUT", path, .object(JSONObject(["mode": "IMPORT"])))
                }
                do throws(RegistryClientError) {
                    for schema in schemas {
                        let subject = SchemaRegistryClient.escape(schema["subject"]?.text ?? "")
                        try await client.send("POST", "/subjects/\(subject)/versions", schema)
                    }
                } catch {
                    for subject in subjects { try? await restore(subject, client) }
                    throw error
                }
                for subject in subjects { try await restore(subject, client) }
                print("imported \(schemas.count) versions of \(subjects.count) subjects")
            }
        }

        private func restore(
            _ subject: String, _ client: SchemaRegistryClient
        ) async throws(RegistryClientError) {
            try await client.send("DELETE", "/mode/\(SchemaRegistryClient.escape(subject))", nil)
        }

        private func read() throws -> [JSONValue] {
            guard
                let data = file == "-"
                    ? FileHandle.standardInput.readDataToEndOfFile() : FileManager.default.contents(atPath: file)
            else {
                StandardError.error("the file '\(file)' cannot be read")
                throw ExitStatus.usage.code
            }
            var schemas: [JSONValue] = []
            for (number, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
                guard let schema = try? JSONValue(parsing: Array(line)), schema["subject"]?.text != nil,
                    schema["schema"]?.text != nil, schema["id"]?.integer != nil
                else {
                    StandardError.error("line \(number + 1) of '\(file)' is not a schema with subject, id and text")
                    throw ExitStatus.usage.code
                }
                schemas.append(schema)
            }
            return schemas
        }
    }
}
