internal import Avro
internal import ByteCoding
internal import ChangeModel
public import CommitLog
internal import Compression
internal import KafkaProtocol
public import SchemaStore

/// The topic `_schemas` of the embedded log: one partition, compacted, in the format of Confluent's registry.
public struct EmbeddedJournal<Files: FileSystem>: RegistryJournal {
    private let log: CommitLog<Files>
    private let now: @Sendable () -> Int64
    private let partition: TopicPartition

    /// - Parameter now: milliseconds since 1970.
    public init(log: CommitLog<Files>, topic: String = "_schemas", now: @escaping @Sendable () -> Int64) {
        self.log = log
        self.now = now
        partition = TopicPartition(topic: topic, partition: 0)
    }

    public func prepare() throws(RegistryJournalError) {
        if let topic = log.topic(partition.topic) {
            guard topic.partitionCount == 1 else {
                throw RegistryJournalError(
                    "the topic '\(partition.topic)' has \(topic.partitionCount) partitions; the schema registry needs 1"
                )
            }
            return
        }
        do throws(StorageError) {
            try log.createTopic(partition.topic, partitionCount: 1, settings: ["cleanup.policy": "compact"])
        } catch {
            // Another part of the process may have been faster.
            guard error.code == .topicExists else { throw RegistryJournalError("\(error)") }
        }
    }

    public func read(from offset: Int64) throws(RegistryJournalError) -> (records: [RegistryRecord], next: Int64) {
        var records: [RegistryRecord] = []
        var next = Offset(rawValue: offset)
        do {
            let view = try log.view(partition)
            next = max(next, view.earliestOffset)
            while next < view.latestOffset {
                let slice = try view.read(from: next, byteCountMax: 1 << 20)
                let from = next
                try RecordBatches.forEachRecord(in: slice.bytes.span, codec: StandardCodec()) { record in
                    guard record.offset >= from, record.hasKey else { return }
                    let key = try JSONValue(parsing: Self.bytes(record.key))
                    let value = record.hasValue ? try JSONValue(parsing: Self.bytes(record.value)) : nil
                    if let parsed = try RegistryRecord.parse(key: key, value: value) { records.append(parsed) }
                }
                next = slice.nextOffset
            }
        } catch {
            throw RegistryJournalError("'\(partition.topic)' cannot be read at offset \(next.rawValue): \(error)")
        }
        return (records, next.rawValue)
    }

    private static func bytes(_ span: Span<UInt8>) -> [UInt8] { span.indices.map { span[$0] } }

    public func append(_ records: [RegistryRecord]) async throws(RegistryJournalError) {
        let builder = RecordBatchBuilder()
        let timestamp = now()
        for record in records {
            let key = Array(record.key.description.utf8)
            let value = record.value.map { Array($0.description.utf8) }
            let (bytes, noHeaders) = (value ?? [], Self.noHeaders)
            builder.append(
                timestamp: timestamp, key: key.span, hasKey: true, value: bytes.span, hasValue: value != nil,
                headers: noHeaders.span)
        }
        let request = CommitRequest()
        do throws(CompressionError) {
            try RecordBatchEncoder.encode(builder, as: .none, codec: StandardCodec(), into: &request.buffer)
        } catch {
            throw RegistryJournalError("\(error)")
        }
        request.add(0..<request.buffer.count, for: partition)
        let result = await withCheckedContinuation { continuation in
            request.completion = { continuation.resume(returning: $0) }
            log.enqueue(request)
        }
        if case .failure(let error) = result { throw RegistryJournalError("\(error)") }
    }

    /// A count of zero, as a varint.
    private static var noHeaders: [UInt8] { [0] }
}
