import ChangeModel
import Foundation
import KafkaProtocol
import RecordTransport

/// Prints the records of topics: what there is, then what comes.
struct TailRun<Reader: RecordReader> {
    enum Format {
        case json
        case people(TextStyle)
    }

    let reader: Reader
    let topics: [TopicPattern]
    let start: TailStart
    let exitAtEnd: Bool
    var recordCountMax = Int.max
    let format: Format
    /// Makes Avro readable; nil shows bytes as they are.
    var decoder: PayloadDecoder?

    private struct Progress {
        var positions: [TopicPartition: Offset] = [:]
        /// With `exitAtEnd`: where each partition ended when it was found.
        var ends: [TopicPartition: Offset] = [:]
        var recordCount = 0
    }

    private static var readByteCount: Int { 1 << 20 }

    func run(output: inout LineOutput) async throws {
        var progress = Progress()
        var token: UInt64 = 0
        var isFirst = true
        while !Task.isCancelled {
            try await findPartitions(isFirst: isFirst, &progress)
            isFirst = false
            var isBehind = false
            for partition in progress.positions.keys.sorted(by: Self.order) {
                isBehind = try await readOnce(partition, &progress, &output) || isBehind
                if progress.recordCount >= recordCountMax { return try output.flush() }
            }
            try output.flush()
            if isBehind { continue }
            if exitAtEnd { return }
            token = await reader.waitForNews(since: token, maxWait: .seconds(1))
        }
    }

    private static func order(_ a: TopicPartition, _ b: TopicPartition) -> Bool {
        (a.topic, a.partition) < (b.topic, b.partition)
    }

    private func findPartitions(isFirst: Bool, _ progress: inout Progress) async throws {
        let known = try await reader.topics()
        if isFirst {
            for pattern in topics where !pattern.isPattern && !known.contains(where: { $0.name == pattern.text }) {
                let error = UnknownTopic(name: pattern.text, known: known.map(\.name))
                if exitAtEnd { throw error }
                StandardError.note("\(error); waiting for it")
            }
        }
        for topic in known {
            // Patterns leave Kafka's and Connect's own topics out.
            let isWanted = topics.contains { pattern in
                pattern.isPattern ? pattern.matches(topic.name) && !topic.isInternal : pattern.text == topic.name
            }
            guard isWanted else { continue }
            for number in 0..<topic.partitionCount {
                let partition = TopicPartition(topic: topic.name, partition: number)
                guard progress.positions[partition] == nil else { continue }
                let offsets = try await reader.offsets(of: partition)
                progress.ends[partition] = offsets.upperBound
                progress.positions[partition] = try await startOffset(partition, offsets, isFirst: isFirst)
            }
        }
    }

    private func startOffset(
        _ partition: TopicPartition, _ offsets: Range<Offset>, isFirst: Bool
    ) async throws -> Offset {
        switch start {
        // A topic that appears while we watch is new from its beginning.
        case .end: return isFirst ? offsets.upperBound : offsets.lowerBound
        case .beginning: return offsets.lowerBound
        case .offset(let number):
            // Negative numbers count from the end, as kcat has it.
            let wanted = Offset(rawValue: number >= 0 ? number : offsets.upperBound.rawValue + number)
            return min(max(wanted, offsets.lowerBound), offsets.upperBound)
        case .since(let time):
            return try await reader.offset(of: partition, atOrAfter: time) ?? offsets.upperBound
        }
    }

    /// Prints the next records of one partition; returns whether there may be more at once.
    private func readOnce(
        _ partition: TopicPartition, _ progress: inout Progress, _ output: inout LineOutput
    ) async throws -> Bool {
        guard let position = progress.positions[partition] else { return false }
        let end = exitAtEnd ? progress.ends[partition] ?? position : Offset(rawValue: .max)
        guard position < end else { return false }
        guard let batch = try await fetch(position, partition) else {
            let earliest = try await reader.offsets(of: partition).lowerBound
            StandardError.warning(
                "\(partition): records \(position) to \(earliest.rawValue - 1) are not kept any more")
            progress.positions[partition] = max(earliest, position)
            return earliest > position
        }
        for record in batch.records where record.offset < end {
            guard progress.recordCount < recordCountMax else { break }
            var shown = LogRecord(partition, record)
            if let decoder { shown = await decoder.decode(shown) }
            try append(shown, &output)
            progress.recordCount += 1
        }
        progress.positions[partition] = max(batch.nextOffset, position)
        // An offset that holds nothing (compacted away) still counts as reached.
        return batch.nextOffset > position && batch.nextOffset < min(end, batch.highWatermark)
    }

    private struct Batch {
        let records: [FetchedRecord]
        let nextOffset: Offset
        let highWatermark: Offset
    }

    /// nil when the records at `position` are not kept any more.
    private func fetch(_ position: Offset, _ partition: TopicPartition) async throws -> Batch? {
        do {
            let fetched = try await reader.read(
                from: position, in: partition, byteCountMax: Self.readByteCount, maxWait: .zero)
            return Batch(
                records: try fetched.records(), nextOffset: fetched.nextOffset, highWatermark: fetched.highWatermark)
        } catch {
            guard let error = error as? TransportError, error.code == .offsetOutOfRange else { throw error }
            return nil
        }
    }

    private func append(_ record: LogRecord, _ output: inout LineOutput) throws {
        switch format {
        case .json: try output.append { RecordLine.append(record, to: &$0) }
        case .people(let style):
            let text = RecordDiff(style: style).render(record)
            try output.append { $0 += text.utf8 }
        }
    }
}

extension LogRecord {
    init(_ partition: TopicPartition, _ record: FetchedRecord) {
        self.init(
            partition: partition, offset: record.offset, timestamp: record.timestamp, key: record.key,
            value: record.value, headers: record.headers.map { Header(name: $0.key, value: $0.value) })
    }
}
