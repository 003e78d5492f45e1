public import ByteCoding
internal import ChangeModel

/// Steps through the records section of one batch, uncompressed.
///
/// A record: length varint, then attributes int8, timestampDelta varlong, offsetDelta varint, keyLength varint (-1 for
/// null), key, valueLength varint, value, headerCount varint and the headers.
public struct RecordCursor: ~Escapable {
    private var reader: ByteReader
    private let header: RecordBatchHeader
    private var remaining: Int32

    /// - Parameter records: the section after the header, decompressed where the batch is compressed.
    @_lifetime(copy records)
    public init(records: Span<UInt8>, of header: RecordBatchHeader) {
        reader = ByteReader(records)
        self.header = header
        remaining = header.recordCount
    }

    /// The next record, or nil behind the last one.
    /// - Throws: ``DecodeError`` when the bytes break the format; the cursor is then of no more use.
    @_lifetime(copy self)
    public mutating func next() throws(DecodeError) -> RecordView? {
        guard remaining > 0 else {
            guard reader.isAtEnd else { throw .malformed("bytes behind the last record of a batch") }
            return nil
        }
        remaining -= 1
        let length = try reader.readVarInt()
        guard length >= 0, length <= Int64(reader.remaining) else {
            throw .malformed("a record longer than its batch")
        }
        var record = ByteReader(try reader.readBytes(Int(length)))
        try record.skip(1)
        let timestampDelta = try record.readVarInt()
        let offsetDelta = try record.readVarInt()
        guard offsetDelta >= 0, offsetDelta <= Int64(header.lastOffsetDelta) else {
            throw .malformed("a record outside its batch's offsets")
        }
        let keyLength = try Self.length(&record)
        let key = try record.readBytes(max(0, keyLength))
        let valueLength = try Self.length(&record)
        let value = try record.readBytes(max(0, valueLength))
        let headers = try record.readBytes(record.remaining)
        guard headers.count > 0 else { throw .malformed("a record without a header count") }
        return RecordView(
            offset: Offset(rawValue: header.baseOffset.rawValue + offsetDelta),
            timestamp: header.hasLogAppendTime ? header.maxTimestamp : header.baseTimestamp &+ timestampDelta,
            key: key, hasKey: keyLength >= 0, value: value, hasValue: valueLength >= 0, headers: headers)
    }

    private static func length(_ reader: inout ByteReader) throws(DecodeError) -> Int {
        let length = try reader.readVarInt()
        guard length >= -1, length <= Int64(reader.remaining) else {
            throw .malformed("a key or value longer than its record")
        }
        return Int(length)
    }
}
