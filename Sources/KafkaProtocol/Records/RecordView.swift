public import ByteCoding
public import ChangeModel

/// One record of a batch, borrowed from the batch's bytes.
public struct RecordView: ~Escapable {
    public let offset: Offset
    /// Milliseconds since 1970.
    public let timestamp: Int64
    /// Empty where ``hasKey`` is false.
    public let key: Span<UInt8>
    public let hasKey: Bool
    /// Empty where ``hasValue`` is false, a tombstone.
    public let value: Span<UInt8>
    public let hasValue: Bool
    /// The headers as the record holds them: their count and then each; see ``decodeHeaders()``.
    public let headers: Span<UInt8>

    @_lifetime(copy key, copy value, copy headers)
    init(
        offset: Offset, timestamp: Int64, key: Span<UInt8>, hasKey: Bool, value: Span<UInt8>, hasValue: Bool,
        headers: Span<UInt8>
    ) {
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.hasKey = hasKey
        self.value = value
        self.hasValue = hasValue
        self.headers = headers
    }

    /// Checks that the headers keep to the format, without copying them.
    public func checkHeaders() throws(DecodeError) {
        var reader = ByteReader(headers)
        let count = try reader.readVarInt()
        guard count >= 0, count <= Int64(headers.count) else {
            throw .malformed("a record with a negative header count")
        }
        for _ in 0..<count {
            let keyLength = try reader.readVarInt()
            guard keyLength >= 0 else { throw .malformed("a record header without a key") }
            try reader.skip(Int(clamping: keyLength))
            let valueLength = try reader.readVarInt()
            guard valueLength >= -1 else { throw .malformed("a record header with a negative length") }
            try reader.skip(Int(clamping: max(0, valueLength)))
        }
        guard reader.isAtEnd else { throw .malformed("bytes behind the last header of a record") }
    }

    /// The headers in order, copied.
    public func decodeHeaders() throws(DecodeError) -> [RecordHeader] {
        var reader = ByteReader(headers)
        let count = try reader.readVarInt()
        guard count >= 0, count <= Int64(headers.count) else {
            throw .malformed("a record with a negative header count")
        }
        var result: [RecordHeader] = []
        result.reserveCapacity(Int(count))
        for _ in 0..<count {
            let keyLength = try reader.readVarInt()
            guard keyLength >= 0, keyLength <= Int64(reader.remaining) else {
                throw .malformed("a record header without a key")
            }
            let key = try reader.readBytes(Int(keyLength))
            let valueLength = try reader.readVarInt()
            guard valueLength >= -1, valueLength <= Int64(reader.remaining) else {
                throw .malformed("a record header longer than its record")
            }
            let keyText = unsafe key.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
            if valueLength < 0 {
                result.append(RecordHeader(key: keyText, value: nil))
            } else {
                let value = try reader.readBytes(Int(valueLength))
                result.append(
                    RecordHeader(key: keyText, value: unsafe value.withUnsafeBufferPointer { unsafe Array($0) }))
            }
        }
        return result
    }
}
