import ArgumentParser
import ChangeModel
import Foundation
import PostgresCapture
import RecordTransport

struct BenchSnapshot: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot", abstract: "Snapshot tables into the log and count the rows.",
        discussion: "Makes a slot and a publication of its own and drops them at the end.")

    @Option(name: [.long], help: "A table as schema.table; may be repeated.")
    var table: [String]
    @Option(help: "Stop after this many rows. Default: at the snapshot's end.")
    var expect: UInt64?
    @Option(help: "How many connections read at once.")
    var threads = 1
    @OptionGroup var options: BenchOptions

    func validate() throws {
        if table.isEmpty { throw ValidationError("Name at least one --table.") }
        if !(1...64).contains(threads) { throw ValidationError("--threads must be from 1 to 64.") }
    }

    func run() async throws {
        try await reportingErrors {
            let pipeline = try BenchPipeline(options)
            let own = "tailrace_bench_\(ProcessInfo.processInfo.processIdentifier)"
            var configuration = BenchPipeline.configuration(name: own, options)
            configuration.slot.name = own
            configuration.slot.dropsOnStop = true
            configuration.publication.name = own
            configuration.publication.autocreate = .filtered
            configuration.snapshot.mode = .initialOnly
            configuration.snapshot.threadCountMax = threads
            configuration.filters.hasTableFilter = true
            let tables = Set(table)
            configuration.filters.isTableIncluded = { tables.contains($0.description) }
            let reader = pipeline.transport.reader
            try await pipeline.run(configuration, expected: expect) { _ in await BenchPipeline.recordCount(reader) }
            try dropOwn(own)
        }
    }

    private func dropOwn(_ name: String) throws {
        let connection = try PostgresConnection(ConnectionSettings())
        try connection.execute("DROP PUBLICATION IF EXISTS \(PostgresConnection.quote(identifier: name))")
    }
}
