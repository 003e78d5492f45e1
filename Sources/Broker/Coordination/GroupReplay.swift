internal import ByteCoding
internal import ChangeModel
internal import CommitLog
internal import Compression
internal import GroupCoordinator
internal import KafkaProtocol

/// Reads `__consumer_offsets` back into an engine.
enum GroupReplay {
    private static let readByteCount = 1 << 20

    /// - Returns: how many records there were.
    /// - Throws: `StorageError`, `DecodeError` or `CompressionError` when the log cannot be read. A single record whose
    ///   content cannot be read is left out, as Kafka leaves it out.
    static func replay(
        _ log: CommitLog<PosixFileSystem>, into engine: inout GroupEngine, partitionCount: Int32
    ) throws -> Int {
        guard log.topic(GroupService.topicName) != nil else { return 0 }
        let codec = StandardCodec()
        var count = 0
        for partition in 0..<partitionCount {
            let view = try log.view(TopicPartition(topic: GroupService.topicName, partition: partition))
            var offset = view.earliestOffset
            let end = view.latestOffset
            while offset < end {
                let slice = try view.read(from: offset, byteCountMax: readByteCount)
                guard slice.nextOffset > offset else { break }
                offset = slice.nextOffset
                count += try replay(slice.bytes.span, of: partition, codec, into: &engine)
            }
        }
        return count
    }

    private static func replay(
        _ bytes: Span<UInt8>, of partition: Int32, _ codec: StandardCodec, into engine: inout GroupEngine
    ) throws -> Int {
        var at = 0
        var count = 0
        while at < bytes.count {
            let header = try RecordBatchHeader(parsing: bytes.extracting(at..<bytes.count))
            guard header.totalByteCount <= bytes.count - at else {
                throw DecodeError.truncated(needed: header.totalByteCount, available: bytes.count - at)
            }
            let batch = bytes.extracting(at..<at + header.totalByteCount)
            at += header.totalByteCount
            if header.isControl {
                if let marker = try TransactionMarker(parsing: batch, header: header) {
                    engine.transactionEnded(
                        producerID: marker.producerID, partition: partition, isCommit: marker.isCommit)
                }
                continue
            }
            let producerID = header.isTransactional ? header.producerID : nil
            try RecordBatches.forEachRecord(in: batch, codec: codec) { record in
                count += 1
                guard record.hasKey else { return }
                let decoded: GroupRecord?
                do throws(DecodeError) {
                    decoded = try GroupRecord.decode(key: record.key, value: record.value, hasValue: record.hasValue)
                } catch {
                    return
                }
                guard let decoded else { return }
                engine.replay(decoded, partition: partition, producerID: producerID, offset: record.offset.rawValue)
            }
        }
        return count
    }
}
