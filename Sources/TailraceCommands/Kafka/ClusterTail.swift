import ChangeModel
import Foundation
import KafkaClient

/// Prints the records of a cluster's topics: what there is, then what comes.
struct ClusterTail {
    typealias Start = TailStart

    let admin: KafkaAdmin
    let consumer: KafkaConsumer
    let topics: [TopicPattern]
    let start: Start
    let exitAtEnd: Bool
    let recordCountMax: Int
    let isJSON: Bool
    let style: TextStyle
    /// Reads as a member of the consumer's group and commits what was printed.
    let isGroup: Bool
    /// Makes Avro readable; nil shows bytes as they are.
    var decoder: PayloadDecoder?

    /// How often new topics and partitions are looked for.
    private static let lookInterval: Duration = .seconds(5)

    private struct Progress {
        /// Partitions that are read, and where each ended when it was found.
        var ends: [TopicPartition: Int64] = [:]
        /// Partitions whose end then has been reached.
        var finished: Set<TopicPartition> = []
        var recordCount = 0
        var isFirst = true
    }

    func run(output: inout LineOutput) async throws {
        var progress = Progress()
        var nextLook = ContinuousClock.now
        if isGroup { try await subscribe() }
        while !Task.isCancelled {
            if !isGroup, ContinuousClock.now >= nextLook {
                try await findPartitions(&progress)
                nextLook = ContinuousClock.now + Self.lookInterval
            }
            if exitAtEnd, !isGroup, progress.finished.count >= progress.ends.count { return try output.flush() }
            let batch = try await poll()
            var committed: [TopicPartition: Int64] = [:]
            for record in batch.records {
                guard progress.recordCount < recordCountMax else { break }
                if !isGroup, exitAtEnd, let end = progress.ends[record.partition], record.offset >= end {
                    progress.finished.insert(record.partition)
                    continue
                }
                try await append(record, &output)
                progress.recordCount += 1
                committed[record.partition] = record.offset + 1
                if let end = progress.ends[record.partition], record.offset + 1 >= end {
                    progress.finished.insert(record.partition)
                }
            }
            try output.flush()
            if isGroup, !committed.isEmpty {
                try await consumer.commit(committed.map { PartitionOffset($0.key, offset: $0.value) })
            }
            for end in batch.ends { progress.finished.insert(end) }
            if progress.recordCount >= recordCountMax { return try await close() }
            if isGroup, exitAtEnd {
                let assigned = try await consumer.assignment()
                if !assigned.isEmpty, progress.finished.isSuperset(of: assigned) { return try await close() }
            }
        }
    }

    private func close() async throws { if isGroup { try await consumer.close() } }

    /// A topic that is not there yet is waited for.
    private func poll() async throws -> (records: [ConsumedRecord], ends: [TopicPartition]) {
        do {
            let batch = try await consumer.poll(recordCountMax: 1_000, maxWait: .milliseconds(200))
            let ends = batch.partitionEnds.map(\.partition)
            return (batch.records(), ends)
        } catch {
            let isAboutTopic = [.unknownTopicOrPartition, .localUnknownTopic, .localUnknownPartition].contains(
                error.code)
            guard !error.isFatal, error.isRetriable || isAboutTopic else { throw error }
            StandardError.warning(error.description)
            return ([], [])
        }
    }

    private func subscribe() async throws {
        let known = try await admin.metadata().topics.filter { $0.error == nil }.map(\.name)
        for pattern in topics where !pattern.isPattern && !known.contains(pattern.text) {
            throw UnknownTopic(name: pattern.text, known: known)
        }
        try await consumer.subscribe(topics.map { $0.isPattern ? $0.regularExpression : $0.text })
    }

    private func findPartitions(_ progress: inout Progress) async throws {
        defer { progress.isFirst = false }
        let known = try await admin.metadata().topics.filter { $0.error == nil }
        if progress.isFirst {
            for pattern in topics where !pattern.isPattern && !known.contains(where: { $0.name == pattern.text }) {
                let error = UnknownTopic(name: pattern.text, known: known.map(\.name))
                if exitAtEnd { throw error }
                StandardError.note("\(error); waiting for it")
            }
        }
        var found: [PartitionOffset] = []
        for topic in known {
            let isWanted = topics.contains { pattern in
                pattern.isPattern ? pattern.matches(topic.name) && !topic.isInternal : pattern.text == topic.name
            }
            guard isWanted else { continue }
            for number in topic.partitions.map(\.number) {
                let partition = TopicPartition(topic: topic.name, partition: number)
                guard progress.ends[partition] == nil else { continue }
                let bounds = try await admin.watermarks(of: partition)
                let offset = try await startOffset(partition, bounds, isFirst: progress.isFirst)
                progress.ends[partition] = bounds.upperBound
                if offset >= bounds.upperBound { progress.finished.insert(partition) }
                found.append(PartitionOffset(partition, offset: offset))
            }
        }
        if !found.isEmpty { try await consumer.assignAlso(found) }
    }

    private func startOffset(
        _ partition: TopicPartition, _ bounds: Range<Int64>, isFirst: Bool
    ) async throws(KafkaError) -> Int64 {
        switch start {
        // A topic that appears while we watch is new from its beginning.
        case .end: return isFirst ? bounds.upperBound : bounds.lowerBound
        case .beginning: return bounds.lowerBound
        case .offset(let number):
            let wanted = number >= 0 ? number : bounds.upperBound + number
            return min(max(wanted, bounds.lowerBound), bounds.upperBound)
        case .since(let time):
            let found = try await admin.offsets(atOrAfter: [PartitionOffset(partition, offset: time)])
            guard let offset = found.first?.offset, offset >= 0 else { return bounds.upperBound }
            return offset
        }
    }

    private func append(_ record: ConsumedRecord, _ output: inout LineOutput) async throws {
        var record = LogRecord(
            partition: record.partition, offset: Offset(rawValue: record.offset), timestamp: record.timestamp,
            key: record.key, value: record.value,
            headers: record.headers.map { LogRecord.Header(name: $0.name, value: $0.value) })
        if let decoder { record = await decoder.decode(record) }
        if isJSON {
            try output.append { RecordLine.append(record, to: &$0) }
        } else {
            let text = RecordDiff(style: style).render(record)
            try output.append { $0 += text.utf8 }
        }
    }
}

extension ClusterMetadata.Topic {
    /// Kafka's and Connect's own.
    var isInternal: Bool { name.hasPrefix("__") || name.hasPrefix("connect-") || name == "_schemas" }
}

extension TopicPattern {
    /// As a subscription takes it; internal topics stay out.
    var regularExpression: String {
        var result = "^"
        for character in text {
            switch character {
            case "*": result += ".*"
            case "?": result += "."
            case ".": result += "\\."
            default: result.append(character)
            }
        }
        return result + "$"
    }
}
