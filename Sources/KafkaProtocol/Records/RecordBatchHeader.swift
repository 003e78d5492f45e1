public import ByteCoding
public import ChangeModel

/// The header of a record batch, magic 2, as it stands on disk and on the wire (big-endian):
///
///     baseOffset int64 · batchLength int32 · partitionLeaderEpoch int32 · magic int8 = 2 · crc uint32
///     attributes int16 · lastOffsetDelta int32 · baseTimestamp int64 · maxTimestamp int64
///     producerId int64 · producerEpoch int16 · baseSequence int32 · recordCount int32 · records …
///
/// `batchLength` counts from after itself. The CRC-32C covers everything from `attributes` on, so the base offset and
/// the leader epoch can be set without touching it. Kafka has kept magic 2 since 0.11; another magic is refused.
public struct RecordBatchHeader: Sendable, Equatable {
    public static let byteCount = 61
    /// How many bytes stand before those that `batchLength` counts.
    public static let lengthOverhead = 12
    static let crcOffset = 17
    static let crcCoveredFrom = 21

    public var baseOffset: Offset
    public var batchLength: Int32
    public var partitionLeaderEpoch: Int32
    public var crc: UInt32
    public var attributes: Int16
    public var lastOffsetDelta: Int32
    /// Milliseconds since 1970; the records' timestamps are relative to it.
    public var baseTimestamp: Int64
    public var maxTimestamp: Int64
    /// -1 where no idempotent producer wrote the batch; the epoch and the sequence likewise.
    public var producerID: Int64
    public var producerEpoch: Int16
    public var baseSequence: Int32
    public var recordCount: Int32

    /// Reads the header at the start of `bytes`, which may end before the batch does.
    /// - Throws: ``DecodeError`` when it is cut short or breaks the format.
    public init(parsing bytes: Span<UInt8>) throws(DecodeError) {
        var reader = ByteReader(bytes)
        baseOffset = Offset(rawValue: try reader.read(Int64.self))
        batchLength = try reader.read(Int32.self)
        partitionLeaderEpoch = try reader.read(Int32.self)
        guard try reader.read(Int8.self) == 2 else { throw .malformed("a record batch whose magic is not 2") }
        crc = try reader.read(UInt32.self)
        attributes = try reader.read(Int16.self)
        lastOffsetDelta = try reader.read(Int32.self)
        baseTimestamp = try reader.read(Int64.self)
        maxTimestamp = try reader.read(Int64.self)
        producerID = try reader.read(Int64.self)
        producerEpoch = try reader.read(Int16.self)
        baseSequence = try reader.read(Int32.self)
        recordCount = try reader.read(Int32.self)
        guard batchLength >= Int32(Self.byteCount - Self.lengthOverhead) else {
            throw .malformed("a record batch shorter than its header")
        }
        guard baseOffset.rawValue >= 0, lastOffsetDelta >= 0, recordCount >= 0,
            baseOffset.rawValue <= Int64.max - Int64(lastOffsetDelta) - 1
        else { throw .malformed("a record batch with a negative offset or count") }
    }

    /// The whole batch's size.
    public var totalByteCount: Int { Self.lengthOverhead + Int(batchLength) }
    public var lastOffset: Offset { baseOffset.advanced(by: Int(lastOffsetDelta)) }
    /// nil for a number that no codec has.
    public var compression: CompressionType? { CompressionType(rawValue: UInt8(attributes & 7)) }
    /// True where the log, not the producer, chose the timestamps: every record then has `maxTimestamp`.
    public var hasLogAppendTime: Bool { attributes & 8 != 0 }
    public var isTransactional: Bool { attributes & 16 != 0 }
    /// Markers of transactions rather than users' records.
    public var isControl: Bool { attributes & 32 != 0 }

    /// Checks a whole batch: its header, that `bytes` hold exactly this batch, and the CRC.
    public static func validate(_ bytes: Span<UInt8>) throws(DecodeError) -> RecordBatchHeader {
        let header = try RecordBatchHeader(parsing: bytes)
        guard bytes.count >= header.totalByteCount else {
            throw .truncated(needed: header.totalByteCount, available: bytes.count)
        }
        guard bytes.count == header.totalByteCount else { throw .malformed("bytes behind the record batch") }
        guard CRC32C.checksum(bytes.extracting(crcCoveredFrom..<bytes.count)) == header.crc else {
            throw .malformed("a record batch whose CRC-32C does not match")
        }
        return header
    }
}
