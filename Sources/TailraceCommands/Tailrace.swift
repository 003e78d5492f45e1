import ArgumentParser

/// The program.
struct Tailrace: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tailrace",
        abstract:
            "Streams a PostgreSQL database's changes into a durable log, each exactly once, as Debezium's events.",
        discussion: """
            Exit codes:
            \(ExitStatus.allCases.map { "  \($0.rawValue)\($0.rawValue < 10 ? "    " : "  ")\($0.summary)" }.joined(separator: "\n"))
            """,
        version: "tailrace \(Version.current)",
        subcommands: [
            ServeCommand.self, TailCommand.self, ProduceCommand.self, TopicsCommand.self, GroupsCommand.self,
            ConfigsCommand.self, AclsCommand.self, SchemasCommand.self, DoctorCommand.self, InitCommand.self,
            DemoCommand.self,
            BenchCommand.self, PropertiesCommand.self, CompletionsCommand.self,
        ])

}
