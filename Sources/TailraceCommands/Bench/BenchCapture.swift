import ArgumentParser
import PostgresCapture

struct BenchCapture: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture", abstract: "Drain a slot's backlog into the log and count the row changes.",
        discussion: """
            The slot and the publication must exist. Prints the row changes durable in the log at least every 10,000
            and at the end, and stops after --expect of them.
            """)

    @Option(help: "The replication slot.")
    var slot: String
    @Option(help: "The publication.")
    var publication: String
    @Option(help: "How many row changes to wait for.")
    var expect: UInt64
    @OptionGroup var options: BenchOptions

    func run() async throws {
        try await reportingErrors {
            let pipeline = try BenchPipeline(options)
            var configuration = BenchPipeline.configuration(name: "bench", options)
            configuration.slot.name = slot
            configuration.publication.name = publication
            configuration.publication.autocreate = .disabled
            try await pipeline.run(configuration, expected: expect) { $0.durableRowCount }
        }
    }
}
