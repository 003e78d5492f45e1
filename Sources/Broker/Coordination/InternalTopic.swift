internal import ByteCoding
internal import ChangeModel
internal import CommitLog
internal import Compression
internal import Foundation
internal import KafkaProtocol

/// Reads and writes the records of the broker's own topics.
enum InternalTopic {
    private static let readByteCount = 1 << 20

    /// Calls `body` with each record of a topic, partition by partition, each in order. Blocks.
    static func forEachRecord(
        of topic: String, in log: CommitLog<PosixFileSystem>,
        _ body: (_ partition: Int32, _ key: [UInt8], _ value: [UInt8]?) throws -> Void
    ) throws {
        guard let description = log.topic(topic) else { return }
        let codec = StandardCodec()
        for number in 0..<description.partitionCount {
            let view = try log.view(TopicPartition(topic: topic, partition: number))
            var at = view.earliestOffset
            while at < view.latestOffset {
                let slice = try view.read(from: at, byteCountMax: readByteCount)
                guard slice.nextOffset > at else { break }
                try RecordBatches.forEachRecord(in: slice.bytes.span, codec: codec) { record in
                    guard record.offset >= at, record.hasKey else { return }
                    try body(number, Self.bytes(record.key), record.hasValue ? Self.bytes(record.value) : nil)
                }
                at = slice.nextOffset
            }
        }
    }

    /// A commit of records for one partition, in one batch.
    static func request(_ partition: TopicPartition, _ records: [(key: [UInt8], value: [UInt8]?)]) -> CommitRequest {
        let builder = RecordBatchBuilder()
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        let noHeaders: [UInt8] = [0]
        for record in records {
            let value = record.value ?? []
            builder.append(
                timestamp: now, key: record.key.span, hasKey: true, value: value.span,
                hasValue: record.value != nil, headers: noHeaders.span)
        }
        let request = CommitRequest()
        do throws(CompressionError) {
            let count = try RecordBatchEncoder.encode(
                builder, as: .none, codec: StandardCodec(), into: &request.buffer)
            request.add(0..<count, for: partition)
        } catch {
            preconditionFailure("a batch that is not compressed cannot fail to be")
        }
        return request
    }

    private static func bytes(_ span: Span<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(span.count)
        for index in span.indices { result.append(span[index]) }
        return result
    }
}
