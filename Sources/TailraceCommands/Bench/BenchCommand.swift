import ArgumentParser

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measure the true pipeline on a database of yours.",
        discussion: """
            The database is reached through libpq's environment variables (PGHOST, PGPORT, PGUSER, PGDATABASE, …). A
            fresh data directory is used and removed, unless --data-dir says otherwise. Count lines are decimal numbers
            alone on a line: row changes durable in the log so far.
            """,
        subcommands: [BenchCapture.self, BenchSnapshot.self, BenchLatency.self])
}
