public import ByteCoding

/// The records of one batch while they are gathered: Kafka's record format v2 (magic 2) without the batch header, which
/// the log writes when it knows the base offset and the codec.
///
/// One owner at a time.
public final class RecordBatchBuilder: @unchecked Sendable {
    /// The records section, uncompressed: record after record.
    public private(set) var records = ByteBuffer(capacity: 4096)
    public private(set) var recordCount: Int32 = 0
    /// Milliseconds since 1970 of the first record; the others are relative to it.
    public private(set) var baseTimestamp: Int64 = 0
    public private(set) var maxTimestamp: Int64 = 0

    public init() {}

    /// The bytes of records so far, uncompressed.
    public var byteCount: Int { records.count }
    /// How much memory it holds, in bytes.
    public var capacity: Int { records.memorySize }

    /// Lends the records section to `body`.
    public func withRecords<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try Self.lend(records, to: body)
    }

    private static func lend<Result, Failure: Error>(
        _ records: borrowing ByteBuffer, to body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(records.span)
    }

    /// Forgets the records and keeps the memory.
    public func removeAll() {
        records.removeAll()
        recordCount = 0
        baseTimestamp = 0
        maxTimestamp = 0
    }

    /// Appends one record; see `RecordSink.append` for the arguments.
    public func append(
        timestamp: Int64, key: Span<UInt8>, hasKey: Bool, value: Span<UInt8>, hasValue: Bool, headers: Span<UInt8>
    ) {
        if recordCount == 0 {
            baseTimestamp = timestamp
            maxTimestamp = timestamp
        } else if timestamp > maxTimestamp {
            maxTimestamp = timestamp
        }
        let timestampDelta = timestamp &- baseTimestamp
        let keyLength = hasKey ? Int64(key.count) : -1
        let valueLength = hasValue ? Int64(value.count) : -1
        var length = 1 + Self.size(timestampDelta) + Self.size(Int64(recordCount)) + headers.count
        length += Self.size(keyLength) + (hasKey ? key.count : 0)
        length += Self.size(valueLength) + (hasValue ? value.count : 0)
        records.reserve(length + 10)
        records.append(varInt: Int64(length))
        records.append(0)  // attributes: none are defined for a record
        records.append(varInt: timestampDelta)
        records.append(varInt: Int64(recordCount))
        records.append(varInt: keyLength)
        if hasKey { records.append(key) }
        records.append(varInt: valueLength)
        if hasValue { records.append(value) }
        records.append(headers)
        recordCount += 1
    }

    /// How many bytes `value` takes as a zigzag varint.
    private static func size(_ value: Int64) -> Int {
        let zigzag = UInt64(bitPattern: (value << 1) ^ (value >> 63))
        return max(1, (70 - zigzag.leadingZeroBitCount) / 7)
    }
}
