import ArgumentParser
import ChangeModel
import Foundation
import Glibc
import PostgresCapture
import RecordTransport

struct BenchLatency: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "latency", abstract: "Measure the time from a commit to a reader of the log.",
        discussion: """
            Makes a table, a publication and a slot of its own, writes one-row transactions at a steady rate, and
            compares the commit time in each event with the time a reader of the log sees it. Run it on the database's
            own machine: both clocks must be one. Drops everything at the end.
            """)

    @Option(help: "Transactions per second.")
    var rate = 1000
    @Option(help: "How long to write.")
    var seconds = 10
    @OptionGroup var options: BenchOptions

    func validate() throws {
        if !(1...100_000).contains(rate) { throw ValidationError("--rate must be from 1 to 100000.") }
        if !(1...86_400).contains(seconds) { throw ValidationError("--seconds must be from 1 to 86400.") }
    }

    func run() async throws {
        try await reportingErrors {
            let name = "tailrace_bench_\(ProcessInfo.processInfo.processIdentifier)"
            let writer = try PostgresConnection(ConnectionSettings())
            try writer.execute("CREATE TABLE \(name) (id bigint PRIMARY KEY)")
            try writer.execute("CREATE PUBLICATION \(name) FOR TABLE \(name)")
            defer {
                try? writer.execute("DROP PUBLICATION \(name)")
                try? writer.execute("DROP TABLE \(name)")
            }
            let pipeline = try BenchPipeline(options)
            var configuration = BenchPipeline.configuration(name: name, options)
            configuration.slot.name = name
            configuration.slot.dropsOnStop = true
            configuration.publication.name = name
            configuration.publication.autocreate = .disabled
            let samples = try await measure(pipeline.transport, configuration, writer, name)
            print(Self.report(samples))
        }
    }

    private enum Event: Sendable {
        case ended
        case samples([Double])
    }

    /// The latencies in seconds, of every transaction.
    private func measure(
        _ transport: EmbeddedTransport, _ configuration: CaptureConfiguration, _ writer: PostgresConnection,
        _ table: String
    ) async throws -> [Double] {
        let monitor = CaptureMonitor()
        let connector = PostgresConnector(
            configuration: configuration, transport: transport, monitor: monitor, logger: BenchPipeline.quietLogger)
        let total = rate * seconds
        let executor = CaptureExecutor(name: "bench-writer")
        return try await withThrowingTaskGroup(of: Event.self) { group in
            group.addTask {
                try await connector.run()
                return .ended
            }
            while monitor.current.phase != .streaming {
                if monitor.current.phase == .failed { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            group.addTask { .samples(try await Self.read(transport.reader, table: table, count: total)) }
            let rate = rate
            group.addTask(executorPreference: executor) {
                try Self.write(writer, table: table, count: total, rate: rate)
                return .ended
            }
            defer { group.cancelAll() }
            while let event = try await group.next() {
                if case .samples(let samples) = event { return samples }
            }
            return []
        }
    }

    private static func write(_ connection: PostgresConnection, table: String, count: Int, rate: Int) throws {
        let start = ContinuousClock.now
        for number in 0..<count {
            let due = start + .nanoseconds(Int64(number) * 1_000_000_000 / Int64(rate))
            let rest = due - .now
            if rest > .zero { usleep(UInt32(rest / .microseconds(1))) }
            if Task.isCancelled { return }
            try connection.execute("INSERT INTO \(table) VALUES (\(number))")
        }
    }

    private static func read(_ reader: EmbeddedReader, table: String, count: Int) async throws -> [Double] {
        let partition = TopicPartition(topic: "bench.public.\(table)", partition: 0)
        var samples: [Double] = []
        samples.reserveCapacity(count)
        var position = Offset.zero
        var token: UInt64 = 0
        while samples.count < count, !Task.isCancelled {
            guard try await reader.topics().contains(where: { $0.name == partition.topic }) else {
                token = await reader.waitForNews(since: token, maxWait: .milliseconds(100))
                continue
            }
            let fetched = try await reader.read(
                from: position, in: partition, byteCountMax: 1 << 20, maxWait: .seconds(1))
            let now = Double(micros())
            position = fetched.nextOffset
            for record in try fetched.records() {
                guard let value = record.value,
                    let commit = JSONNode(value).map({ RecordDiff.payload($0) })?["source"]?["ts_us"],
                    case .literal(let text) = commit, let time = Double(text)
                else { continue }
                samples.append((now - time) / 1_000_000)
            }
        }
        return samples
    }

    private static func micros() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }

    static func report(_ samples: [Double]) -> String {
        let sorted = samples.sorted()
        func percentile(_ share: Double) -> String {
            guard !sorted.isEmpty else { return "-" }
            let index = min(sorted.count - 1, Int((Double(sorted.count) * share).rounded(.up)) - 1)
            return String(format: "%.3f ms", sorted[max(0, index)] * 1000)
        }
        return "transactions \(sorted.count)  p50 \(percentile(0.5))  p90 \(percentile(0.9))  p99 \(percentile(0.99))"
            + "  p99.9 \(percentile(0.999))  max \(percentile(1))"
    }
}
