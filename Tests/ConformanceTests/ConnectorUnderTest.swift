import ChangeModel
import CommitLog
import DebeziumFormat
import Foundation
import Logging
import PostgresCapture
import RecordTransport
import Synchronization
import TailraceTesting

/// A connector over an embedded log of its own, started and stopped as a scenario says.
final class ConnectorUnderTest: Sendable {
    private struct Run: Sendable {
        var task: Task<Void, Never>
        var outcome: Outcome
    }

    /// How a run ended; shared with the task.
    private final class Outcome: Sendable {
        let error = Mutex<(any Error)?>(nil)
        let isFinished = Mutex(false)
    }

    private let properties: [String: String]
    private let directory: TemporaryDirectory
    private let transport: EmbeddedTransport
    private let monitor = CaptureMonitor()
    /// Where converters that need one register their schemas; it outlives restarts.
    let registry = RegistryUnderTest()
    private let run = Mutex<Run?>(nil)

    init(properties: [String: String]) throws {
        self.properties = properties
        directory = try TemporaryDirectory(prefix: "tailrace-golden")
        transport = try EmbeddedTransport(directory: directory.file("data"))
    }

    deinit { try? transport.close() }

    var isRunning: Bool { run.withLock { $0 != nil } }
    /// How many records are in the log.
    var recordCount: UInt64 {
        transport.log.topics.reduce(0) { sum, topic in
            (0..<topic.partitionCount).reduce(sum) { sum, partition in
                guard topic.name != EmbeddedTransport.stateTopic,
                    let view = try? transport.log.view(TopicPartition(topic: topic.name, partition: partition))
                else { return sum }
                return sum + UInt64(view.latestOffset.rawValue)
            }
        }
    }
    /// Whether the change stream runs: between starts, and while a snapshot is read, it does not.
    var isStreaming: Bool { monitor.current.phase == .streaming }
    /// What the connector says of itself, for a report.
    var state: String { "\(monitor.current)" }

    func start() throws {
        var parsed = try CaptureConfiguration.parse(
            properties: properties, version: "0.1.0", runID: UUID().uuidString.lowercased())
        if parsed.configuration.keyRegistry != nil { parsed.configuration.events.keySchemas = registry }
        if parsed.configuration.valueRegistry != nil { parsed.configuration.events.valueSchemas = registry }
        var logger = Logger(label: "conformance") { _ in SwiftLogNoOpLogHandler() }
        if ProcessInfo.processInfo.environment["TAILRACE_SCENARIO_LOG"] != nil {
            logger = Logger(label: "conformance") { StreamLogHandler.standardError(label: $0) }
            logger.logLevel = .debug
        }
        let connector = PostgresConnector(
            configuration: parsed.configuration, transport: transport, monitor: monitor, logger: logger)
        let outcome = Outcome()
        let task = Task {
            do { try await connector.run() } catch { outcome.error.withLock { $0 = error } }
            outcome.isFinished.withLock { $0 = true }
        }
        run.withLock { $0 = Run(task: task, outcome: outcome) }
    }

    /// Whether the connector has ended by itself.
    /// - Throws: what it failed with.
    func isFinished() throws -> Bool {
        guard let outcome = run.withLock({ $0?.outcome }) else { return false }
        if let error = outcome.error.withLock({ $0 }) { throw error }
        return outcome.isFinished.withLock { $0 }
    }

    /// Cancels the connector, which drains what it has, and waits for its end.
    func stop() async throws {
        guard
            let current = run.withLock({ run in
                defer { run = nil }
                return run
            })
        else { return }
        current.task.cancel()
        await current.task.value
        if let error = current.outcome.error.withLock({ $0 }) { throw error }
    }

    /// Everything in the log but the connector's own positions, topic by topic.
    func events() async throws -> [GoldenEvent] {
        try await records().map { GoldenEvent(topic: $0.topic, record: $0.record) }
    }

    /// The same as records.
    func records() async throws -> [(topic: String, record: FetchedRecord)] {
        let reader = transport.reader
        var found: [(topic: String, record: FetchedRecord)] = []
        for topic in try await reader.topics() where topic.name != EmbeddedTransport.stateTopic {
            for number in 0..<topic.partitionCount {
                let partition = TopicPartition(topic: topic.name, partition: number)
                let range = try await reader.offsets(of: partition)
                var next = range.lowerBound
                while next < range.upperBound {
                    let records = try await reader.read(
                        from: next, in: partition, byteCountMax: 1 << 20, maxWait: .zero)
                    found += try records.records().map { (topic.name, $0) }
                    next = records.nextOffset
                }
            }
        }
        return found
    }
}
