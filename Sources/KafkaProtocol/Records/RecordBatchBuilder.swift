internal import ByteCoding

/// The records of one batch while they are gathered: Kafka's record format v2 (magic 2) without the batch header, which
/// the log writes when it knows the base offset and the codec.
///
/// One owner at a time.
public final class RecordBatchBuilder: @unchecked Sendable {
    private var content = Content()

    public init() {}

    public var recordCount: Int32 { content.recordCount }
    /// Milliseconds since 1970 of the first record; the others are relative to it.
    public var baseTimestamp: Int64 { content.baseTimestamp }
    public var maxTimestamp: Int64 { content.maxTimestamp }
    /// The bytes of records so far, uncompressed.
    public var byteCount: Int { content.records.count }
    /// How much memory it holds, in bytes.
    public var capacity: Int { content.records.memorySize }

    /// Lends the records section, uncompressed, record after record, to `body`.
    public func withRecords<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try Self.lend(content.records, to: body)
    }

    private static func lend<Result, Failure: Error>(
        _ records: borrowing ByteBuffer, to body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(records.span)
    }

    /// Forgets the records and keeps the memory.
    public func removeAll() { content.removeAll() }

    /// Appends one record; see `RecordSink.append` for the arguments.
    public func append(
        timestamp: Int64, key: Span<UInt8>, hasKey: Bool, value: Span<UInt8>, hasValue: Bool, headers: Span<UInt8>
    ) {
        content.append(
            timestamp: timestamp, key: key, hasKey: hasKey, value: value, hasValue: hasValue, headers: headers)
    }

    /// Appends one record unless the batch would then be larger than `byteCountMax`, and tells whether it did.
    public func append(
        timestamp: Int64, key: Span<UInt8>, hasKey: Bool, value: Span<UInt8>, hasValue: Bool, headers: Span<UInt8>,
        byteCountMax: Int
    ) -> Bool {
        content.append(
            timestamp: timestamp, key: key, hasKey: hasKey, value: value, hasValue: hasValue, headers: headers,
            byteCountMax: byteCountMax)
    }

    /// The builder's content as one value, so that an append is one access to the object and not one for each field.
    private struct Content: ~Copyable {
        /// Varints and attributes of a record take at most this much.
        static let overheadMax = 40

        var records = ByteBuffer(capacity: 4096)
        var recordCount: Int32 = 0
        var baseTimestamp: Int64 = 0
        var maxTimestamp: Int64 = 0

        mutating func removeAll() {
            records.removeAll()
            recordCount = 0
            baseTimestamp = 0
            maxTimestamp = 0
        }

        mutating func append(
            timestamp: Int64, key: Span<UInt8>, hasKey: Bool, value: Span<UInt8>, hasValue: Bool,
            headers: Span<UInt8>, byteCountMax: Int
        ) -> Bool {
            let size = key.count &+ value.count &+ headers.count &+ Self.overheadMax
            guard records.count &+ size <= byteCountMax else { return false }
            append(timestamp: timestamp, key: key, hasKey: hasKey, value: value, hasValue: hasValue, headers: headers)
            return true
        }

        mutating func append(
            timestamp: Int64, key: Span<UInt8>, hasKey: Bool, value: Span<UInt8>, hasValue: Bool,
            headers: Span<UInt8>
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
}
