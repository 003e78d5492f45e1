internal import ByteCoding
public import ChangeModel
internal import CommitLog
internal import Compression
public import KafkaProtocol

/// Records as a read returned them: whole batches, decoded on demand.
public struct FetchedRecords: ~Copyable, Sendable {
    private let bytes: ByteBuffer
    /// The offset that was asked for: records before it stand in the first batch and are left out.
    private let offset: Offset
    /// Where the next read goes on.
    public let nextOffset: Offset
    /// The next offset to be committed, as it was when the read was made.
    public let highWatermark: Offset

    init(_ slice: consuming RecordSlice, from offset: Offset) {
        self.offset = offset
        nextOffset = slice.nextOffset
        highWatermark = slice.highWatermark
        bytes = slice.bytes
    }

    public var isEmpty: Bool { bytes.isEmpty }
    /// The size as it stands in the log.
    public var byteCount: Int { bytes.count }

    /// Calls `body` with each record in order of offsets, borrowed for the call.
    /// - Throws: what `body` throws, or ``TransportError`` for a batch that cannot be decoded.
    public func forEach(_ body: (borrowing RecordView) throws -> Void) throws {
        do {
            try RecordBatches.forEachRecord(in: bytes.span, codec: StandardCodec()) { record in
                if record.offset >= offset { try body(record) }
            }
        } catch let error as DecodeError {
            throw TransportError(code: .inputOutput, detail: "a batch before offset \(nextOffset): \(error)")
        } catch let error as CompressionError {
            throw TransportError(code: .inputOutput, detail: "a batch before offset \(nextOffset): \(error)")
        }
    }

    /// Copies of all records, for where speed does not matter.
    public func records() throws -> [FetchedRecord] {
        var result: [FetchedRecord] = []
        try forEach { record in
            result.append(
                FetchedRecord(
                    offset: record.offset, timestamp: record.timestamp, key: record.hasKey ? record.key.array() : nil,
                    value: record.hasValue ? record.value.array() : nil, headers: try record.decodeHeaders()))
        }
        return result
    }
}
