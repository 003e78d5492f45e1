import ArgumentParser
import ChangeModel
import CommitLog
import DebeziumFormat
import Foundation
import Glibc
import Logging
import PostgresCapture
import RecordTransport

/// What every benchmark takes.
struct BenchOptions: ParsableArguments {
    @Option(help: "Use this data directory, which must be empty, and keep it.")
    var dataDir: String?

    @Option(help: "Compression of what is written: none, gzip, snappy, lz4 or zstd.")
    var compression = "lz4"

    @Option(help: "Fsync policy of the log: commit or never.")
    var flush = "commit"

    @Flag(help: "Keep the schema beside the payload, as schemas.enable=true does.")
    var schemas = false

    @Flag(help: "Write Avro, with a registry in this process, in place of JSON.")
    var avro = false

    func validate() throws {
        if avro, schemas { throw ValidationError("--schemas and --avro exclude each other.") }
        if !["none", "gzip", "snappy", "lz4", "zstd"].contains(compression) {
            throw ValidationError("--compression '\(compression)' is none of none, gzip, snappy, lz4, zstd.")
        }
        if !["commit", "never"].contains(flush) {
            throw ValidationError("--flush '\(flush)' is neither commit nor never.")
        }
    }
}

/// A log in a directory of its own and a connector on libpq's environment, as a benchmark runs them.
final class BenchPipeline: Sendable {
    let transport: EmbeddedTransport
    let directory: String
    private let isTemporary: Bool

    init(_ options: BenchOptions) throws {
        isTemporary = options.dataDir == nil
        directory = try options.dataDir ?? Self.temporaryDirectory()
        var settings = EmbeddedTransport.Options()
        settings.compression = options.compression
        settings.flush = options.flush == "never" ? .never : .commit
        transport = try EmbeddedTransport(directory: directory, options: settings)
    }

    deinit {
        try? transport.close()
        if isTemporary { try? FileManager.default.removeItem(atPath: directory) }
    }

    static func temporaryDirectory() throws -> String {
        var template = Array("\(FileManager.default.temporaryDirectory.path())/tailrace-bench-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let made else { throw ValidationError("No temporary directory could be made: errno \(errno).") }
        return made
    }

    /// Debezium's JSON without schemas, no snapshot: the stream alone. What the server needs comes from the environment.
    static func configuration(name: String, _ options: BenchOptions) -> CaptureConfiguration {
        let environment = ProcessInfo.processInfo.environment
        let database = environment["PGDATABASE"] ?? environment["PGUSER"] ?? NSUserName()
        var events = EventConfiguration(
            topicPrefix: "bench", databaseName: database, version: Version.current,
            runID: UUID().uuidString.lowercased())
        events.keyFormat = JSONFormat(schemasEnabled: options.schemas)
        events.valueFormat = JSONFormat(schemasEnabled: options.schemas)
        if options.avro {
            let registry = BenchRegistry()
            (events.keyAvro, events.valueAvro) = (AvroFormat(), AvroFormat())
            (events.keySchemas, events.valueSchemas) = (registry, registry)
        }
        var result = CaptureConfiguration(name: name, events: events, connection: ConnectionSettings())
        result.snapshot.mode = .noData
        result.retries.countMax = 0
        return result
    }

    /// Runs the connector and prints the row changes durable so far, until `expected` are or the connector ends.
    func run(
        _ configuration: CaptureConfiguration, expected required: UInt64?,
        count: @escaping @Sendable (CaptureStatus) async -> UInt64
    ) async throws {
        let expected = required ?? .max
        let monitor = CaptureMonitor()
        let connector = PostgresConnector(
            configuration: configuration, transport: transport, monitor: monitor, logger: Self.quietLogger)
        let outcome = try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await connector.run()
                return false
            }
            group.addTask {
                var progress = BenchProgress()
                while !Task.isCancelled {
                    let done = await count(monitor.current)
                    progress.advance(to: done, isLast: done >= expected)
                    if done >= expected { return true }
                    try? await Task.sleep(for: .milliseconds(5))
                }
                return false
            }
            defer { group.cancelAll() }
            return try await group.next() ?? false
        }
        guard !outcome else { return }
        let done = await count(monitor.current)
        var progress = BenchProgress()
        progress.advance(to: done, isLast: true)
        if let expected = required, done < expected {
            StandardError.error("the connector ended after \(done) of \(expected) row changes")
            throw ExitStatus.failure.code
        }
    }

    /// All records of the topics that events go to.
    static func recordCount(_ reader: EmbeddedReader) async -> UInt64 {
        var total: UInt64 = 0
        for topic in (try? await reader.topics()) ?? [] where !topic.isInternal {
            for number in 0..<topic.partitionCount {
                let partition = TopicPartition(topic: topic.name, partition: number)
                if let offsets = try? await reader.offsets(of: partition) {
                    total += UInt64(offsets.upperBound.rawValue)
                }
            }
        }
        return total
    }

    static var quietLogger: Logger {
        var logger = Logger(label: "tailrace.bench")
        logger.logLevel = .error
        return logger
    }
}

/// Prints a growing count: at every 10,000 it passes, and at the end.
struct BenchProgress {
    private var printed: UInt64 = 0
    private static let step: UInt64 = 10_000

    mutating func advance(to count: UInt64, isLast: Bool) {
        var lines = ""
        var next = (printed / Self.step + 1) * Self.step
        while next < count || (next == count && !isLast) {
            lines += "\(next)\n"
            printed = next
            next += Self.step
        }
        if isLast { lines += "\(count)\n" }
        guard !lines.isEmpty else { return }
        FileHandle.standardOutput.write(Data(lines.utf8))
    }
}

/// Ends the process with a message for what a benchmark throws.
func reportingErrors(_ body: () async throws -> Void) async throws {
    do { try await body() } catch let error as CaptureError {
        StandardError.error(error.description)
        throw ExitStatus.failure.code
    } catch let error as TransportError {
        StandardError.error(error.description)
        throw ExitStatus.failure.code
    }
}
