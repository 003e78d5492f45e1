public import ByteCoding
internal import ChangeModel

/// Writes a batch anew with some of its records, as compaction does: offsets, timestamps and the producer's fields stay.
///
/// With a delete horizon (attribute bit 6, KIP-534) the batch's base timestamp is the time from which its tombstones may
/// go, and the records' timestamps are relative to that.
public struct RetainedBatchBuilder: ~Copyable {
    static let deleteHorizonBit: Int16 = 0x40

    private let header: RecordBatchHeader
    private let baseTimestamp: Int64
    private let attributes: Int16
    private var records = ByteBuffer(capacity: 4096)
    private var recordCount: Int32 = 0
    private var maxTimestamp: Int64 = -1

    /// - Parameter deleteHorizon: milliseconds since 1970; nil keeps the batch's own.
    public init(of header: RecordBatchHeader, deleteHorizon: Int64?) {
        self.header = header
        if let deleteHorizon {
            baseTimestamp = deleteHorizon
            attributes = header.attributes | Self.deleteHorizonBit
        } else {
            baseTimestamp = header.baseTimestamp
            attributes = header.attributes
        }
    }

    public var isEmpty: Bool { recordCount == 0 }

    public mutating func append(_ record: borrowing RecordView) {
        var body = ByteBuffer(capacity: record.key.count + record.value.count + record.headers.count + 32)
        body.append(0)
        body.append(varInt: record.timestamp &- baseTimestamp)
        body.append(varInt: record.offset.rawValue - header.baseOffset.rawValue)
        body.append(varInt: record.hasKey ? Int64(record.key.count) : -1)
        body.append(record.key)
        body.append(varInt: record.hasValue ? Int64(record.value.count) : -1)
        body.append(record.value)
        body.append(record.headers)
        records.append(varInt: Int64(body.count))
        records.append(body.span)
        recordCount += 1
        maxTimestamp = max(maxTimestamp, record.timestamp)
    }

    /// Appends the batch to `output`.
    public consuming func finish(codec: any BatchCodec, into output: inout ByteBuffer) throws(CompressionError) {
        let start = output.count
        RecordBatchEncoder.appendHeader(
            attributes: attributes, lastOffsetDelta: header.lastOffsetDelta, baseTimestamp: baseTimestamp,
            maxTimestamp: header.hasLogAppendTime ? header.maxTimestamp : maxTimestamp, recordCount: recordCount,
            producerID: header.producerID, producerEpoch: header.producerEpoch, baseSequence: header.baseSequence,
            leaderEpoch: header.partitionLeaderEpoch, into: &output)
        let type = header.compression ?? .none
        if type == .none {
            output.append(records.span)
        } else {
            try codec.compress(records.span, as: type, into: &output)
        }
        RecordBatchEncoder.setBaseOffset(header.baseOffset, in: &output, at: start)
        RecordBatchEncoder.seal(&output, from: start)
    }
}

extension RecordBatchHeader {
    /// From when on the batch's tombstones may go, in milliseconds since 1970; nil before compaction has seen it.
    public var deleteHorizon: Int64? {
        attributes & RetainedBatchBuilder.deleteHorizonBit != 0 ? baseTimestamp : nil
    }
}
