internal import ByteCoding
internal import ChangeModel
internal import KafkaProtocol

/// What Kafka's broker checks of a client's batch before it appends it, and what it changes: nothing but base offset and
/// leader epoch, unless the topic wants its own times or its own compression.
///
/// All of it is decided by the batch and the topic's settings, so it runs on the caller's thread. What depends on the
/// partition (sequences, epochs, transactions) is ``ProducerTable``'s.
struct BatchValidator {
    /// A batch may decompress to this much: what claims more is refused before it takes the memory.
    private static var plainByteCountMax: Int { 256 << 20 }

    let configuration: TopicConfiguration
    /// Milliseconds since 1970.
    let now: Int64

    /// - Returns: the time that the records got, or -1 where they keep their own.
    func validate(_ batch: inout ByteBuffer, codec: any BatchCodec) throws(AppendError) -> Int64 {
        let header = try Self.header(of: batch)
        guard Int64(batch.count) <= configuration.messageBytesMax else {
            throw .messageTooLarge(byteCount: batch.count, byteCountMax: Int(configuration.messageBytesMax))
        }
        guard let type = header.compression else {
            throw .unsupportedCompression("the record batch names codec \(header.attributes & 7), which is not known")
        }
        try Self.checkFields(header)
        let target = configuration.compression ?? type
        if type == .none, target == .none {
            try checkRecords(batch.span.extracting(RecordBatchHeader.byteCount..<batch.count), header)
        } else {
            var plain = ByteBuffer(capacity: 4 * batch.count)
            try Self.decompress(batch, as: type, codec: codec, into: &plain)
            try checkRecords(plain.span, header)
            if target != type {
                var rewritten = ByteBuffer(capacity: batch.count)
                do throws(CompressionError) {
                    try RecordBatchEncoder.recompress(
                        plain.span, of: header, as: target, codec: codec, into: &rewritten)
                } catch {
                    throw .unsupportedCompression("the record batch cannot be compressed anew: \(error)")
                }
                batch = rewritten
            }
        }
        guard configuration.usesLogAppendTime else { return -1 }
        var current = header
        current.attributes = header.attributes & ~7 | Int16(target.rawValue)
        RecordBatchEncoder.setLogAppendTime(now, of: current, in: &batch)
        return now
    }

    private static func header(of batch: borrowing ByteBuffer) throws(AppendError) -> RecordBatchHeader {
        guard batch.count >= RecordBatchHeader.byteCount else {
            throw .invalidRecord(
                batch.isEmpty ? "the partition's record set is empty" : "the record batch is shorter than its header")
        }
        let header: RecordBatchHeader
        do throws(DecodeError) {
            header = try RecordBatchHeader(parsing: batch.span)
        } catch {
            throw .invalidRecord("the record batch is not acceptable: \(error)")
        }
        guard header.totalByteCount <= batch.count else {
            throw .invalidRecord("the record batch is cut short: exactly one whole batch is expected")
        }
        guard header.totalByteCount == batch.count else {
            throw .invalidRecord("the partition's record set has more than one batch")
        }
        do throws(DecodeError) {
            return try RecordBatchHeader.validate(batch.span)
        } catch {
            throw .corruptMessage("the record batch is corrupt: \(error)")
        }
    }

    private static func checkFields(_ header: RecordBatchHeader) throws(AppendError) {
        guard !header.isControl else {
            throw .invalidRecord("a client cannot write control batches")
        }
        guard header.baseOffset == .zero else {
            throw .invalidRecord("the base offset of a producer's batch must be 0")
        }
        guard header.recordCount > 0, header.lastOffsetDelta == header.recordCount - 1 else {
            throw .invalidRecord(
                "the record batch says \(header.recordCount) records and a last offset delta of "
                    + "\(header.lastOffsetDelta)")
        }
        guard header.deleteHorizon == nil else {
            throw .invalidRecord("a client cannot set a batch's delete horizon")
        }
        if header.producerID >= 0 {
            guard header.producerEpoch >= 0, header.baseSequence >= 0 else {
                throw .invalidRecord("a batch with a producer id needs an epoch and a sequence")
            }
        } else if header.isTransactional {
            throw .invalidRecord("a transactional batch needs a producer id")
        }
        guard !header.hasLogAppendTime else {
            throw .invalidTimestamp("a producer cannot set the log append time", [])
        }
    }

    private static func decompress(
        _ batch: borrowing ByteBuffer, as type: CompressionType, codec: any BatchCodec, into plain: inout ByteBuffer
    ) throws(AppendError) {
        let section = batch.span.extracting(RecordBatchHeader.byteCount..<batch.count)
        if type == .none { return plain.append(section) }
        do throws(CompressionError) {
            try codec.decompress(
                section, as: type, into: &plain, byteCountMax: Self.plainByteCountMax)
        } catch {
            throw .corruptMessage("the record batch cannot be decompressed: \(error)")
        }
    }

    private func checkRecords(_ records: Span<UInt8>, _ header: RecordBatchHeader) throws(AppendError) {
        let earliest = configuration.timestampBeforeMillisecondsMax
        let lower = earliest >= Int64.max - now.magnitude.asInt64 ? Int64.min : now - earliest
        let latest = configuration.timestampAfterMillisecondsMax
        let upper = latest >= Int64.max - now.magnitude.asInt64 ? Int64.max : now + latest
        let checksTime = !configuration.usesLogAppendTime
        var keyless: [RecordRefusal] = []
        var untimely: [RecordRefusal] = []
        var index: Int32 = 0
        do throws(DecodeError) {
            var cursor = RecordCursor(records: records, of: header)
            while let record = try cursor.next() {
                guard record.offset.rawValue == Int64(index) else {
                    throw .malformed("a record whose offset delta is not its place in the batch")
                }
                try record.checkHeaders()
                if configuration.isCompacted, !record.hasKey {
                    keyless.append(
                        RecordRefusal(batchIndex: index, message: "a compacted topic needs a key in each record"))
                }
                if checksTime, record.timestamp != -1, record.timestamp < lower || record.timestamp > upper {
                    untimely.append(
                        RecordRefusal(
                            batchIndex: index,
                            message: "timestamp \(record.timestamp) lies outside of what "
                                + "message.timestamp.before.max.ms and message.timestamp.after.max.ms allow"))
                }
                index += 1
            }
        } catch {
            throw .invalidRecord("the record batch's records break the format: \(error)")
        }
        if !keyless.isEmpty { throw .invalidRecord("a compacted topic does not take records without a key", keyless) }
        if !untimely.isEmpty {
            throw .invalidTimestamp("\(untimely.count) records are too far from the present time", untimely)
        }
    }
}

extension UInt64 {
    fileprivate var asInt64: Int64 { Int64(clamping: self) }
}
