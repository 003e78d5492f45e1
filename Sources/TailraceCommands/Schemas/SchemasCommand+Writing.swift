import ArgumentParser
import Avro
import SchemaRegistry

extension SchemasCommand {
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell whether a schema could be registered.",
            discussion: "Exit code 0 where it could, 1 where it is not compatible or not valid: for CI.")

        @OptionGroup var input: SchemaInput
        @Option(help: "Check against this version only, whatever the subject's level.")
        var version: String?
        @OptionGroup var location: RegistryLocation

        func run() async throws {
            let body = try input.body()
            let isCompatible = try await location.withClient { client in
                let version = version.map { "/" + SchemaRegistryClient.escape($0) } ?? ""
                let answer = try await client.send(
                    "POST",
                    "/compatibility/subjects/\(input.path)/versions\(version)?verbose=true&normalize=\(input.normalize)",
                    body)
                let isCompatible = answer["is_compatible"]?.bool ?? false
                print(isCompatible ? "compatible" : "not compatible")
                for message in answer["messages"]?.array ?? [] { print("  \(message.text ?? "")") }
                return isCompatible
            }
            if !isCompatible { throw ExitStatus.failure.code }
        }
    }

    struct Register: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Register a schema and print its id.")

        @OptionGroup var input: SchemaInput
        @OptionGroup var location: RegistryLocation

        func run() async throws {
            let body = try input.body()
            try await location.withClient { client in
                let answer = try await client.send(
                    "POST", "/subjects/\(input.path)/versions?normalize=\(input.normalize)", body)
                print(answer["id"] ?? .null)
            }
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete a subject or one of its versions.",
            discussion: "A deletion can be undone by registering again, unless it is permanent.")

        @Argument(help: "The subject.")
        var subject: String
        @Option(help: "Only this version.")
        var version: String?
        @Flag(help: "For good. Needs the soft deletion before.")
        var permanent = false
        @OptionGroup var location: RegistryLocation

        func run() async throws {
            try await location.withClient { client in
                let version = version.map { "/versions/" + SchemaRegistryClient.escape($0) } ?? ""
                let path = "/subjects/\(SchemaRegistryClient.escape(subject))\(version)?permanent=\(permanent)"
                print("deleted \(try await client.send("DELETE", path, nil))")
            }
        }
    }
}
