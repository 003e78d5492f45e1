import ArgumentParser

struct SchemasCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schemas", abstract: "Look at, check and change the schemas of a registry.",
        discussion: """
            Works with Tailrace's registry and with any other that has Confluent's REST API. A user and a password are
            taken from the environment variable SCHEMA_REGISTRY_USER_INFO, as user:password.
            """,
        subcommands: [
            List.self, Show.self, Diff.self, Check.self, Register.self, Delete.self, Export.self, Import.self,
        ], defaultSubcommand: List.self)
}
