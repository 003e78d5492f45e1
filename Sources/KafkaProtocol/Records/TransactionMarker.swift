public import ByteCoding
internal import ChangeModel

/// The record of a control batch that ends a transaction in one partition.
///
/// A marker's batch is transactional and a control batch (attributes 0x30), uncompressed, with the producer's id and
/// epoch, base sequence -1, and one record:
///
///     key: version int16 = 0 · type int16 (0 abort, 1 commit)      value: version int16 = 0 · coordinator epoch int32
///
/// Higher versions of key and value may only append fields; other types are no markers.
public struct TransactionMarker: Sendable, Equatable {
    static let attributes: Int16 = 0x30

    public var producerID: Int64
    public var producerEpoch: Int16
    /// How often the transaction's coordinator has changed: a marker of an older one is refused.
    public var coordinatorEpoch: Int32
    public var isCommit: Bool

    public init(producerID: Int64, producerEpoch: Int16, coordinatorEpoch: Int32, isCommit: Bool) {
        self.producerID = producerID
        self.producerEpoch = producerEpoch
        self.coordinatorEpoch = coordinatorEpoch
        self.isCommit = isCommit
    }

    /// Reads the marker of a control batch, or nil where the batch is not one.
    /// - Throws: ``DecodeError`` when the record breaks the format.
    public init?(parsing batch: Span<UInt8>, header: RecordBatchHeader) throws(DecodeError) {
        guard header.isControl, header.producerID >= 0, header.compression == CompressionType.none else { return nil }
        let end = min(batch.count, header.totalByteCount)
        guard end > RecordBatchHeader.byteCount else { return nil }
        var cursor = RecordCursor(records: batch.extracting(RecordBatchHeader.byteCount..<end), of: header)
        guard let record = try cursor.next() else { return nil }
        var key = ByteReader(record.key)
        guard try key.read(Int16.self) >= 0 else { throw .malformed("a control record with a negative version") }
        let type = try key.read(Int16.self)
        guard type == 0 || type == 1 else { return nil }
        var value = ByteReader(record.value)
        guard try value.read(Int16.self) >= 0 else { throw .malformed("a transaction marker with a negative version") }
        self.init(
            producerID: header.producerID, producerEpoch: header.producerEpoch,
            coordinatorEpoch: try value.read(Int32.self), isCommit: type == 1)
    }

    /// Appends the marker's batch with base offset 0, which the log sets when it is known.
    /// - Parameter timestamp: milliseconds since 1970.
    public func appendBatch(timestamp: Int64, into output: inout ByteBuffer) {
        let start = output.count
        RecordBatchEncoder.appendHeader(
            attributes: Self.attributes, lastOffsetDelta: 0, baseTimestamp: timestamp, maxTimestamp: timestamp,
            recordCount: 1, producerID: producerID, producerEpoch: producerEpoch, into: &output)
        var record = ByteBuffer(capacity: 32)
        record.append(0)
        record.append(varInt: 0)
        record.append(varInt: 0)
        record.append(varInt: 4)
        record.append(bigEndian: Int16(0))
        record.append(bigEndian: Int16(isCommit ? 1 : 0))
        record.append(varInt: 6)
        record.append(bigEndian: Int16(0))
        record.append(bigEndian: coordinatorEpoch)
        record.append(varInt: 0)
        output.append(varInt: Int64(record.count))
        output.append(record.span)
        RecordBatchEncoder.seal(&output, from: start)
    }
}
