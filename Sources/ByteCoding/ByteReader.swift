/// Reads big-endian values and varints from borrowed bytes, checking bounds once per read.
///
/// Not thread-safe; it cannot outlive its bytes. A failed read leaves the position where it was.
@frozen public struct ByteReader: ~Escapable {
    public let bytes: Span<UInt8>
    @usableFromInline var cursor: Int
    /// How many bytes have been read.
    @inlinable public var position: Int { cursor }

    @inlinable @_lifetime(copy bytes)
    public init(_ bytes: Span<UInt8>) {
        self.bytes = bytes
        cursor = 0
    }

    @inlinable public var remaining: Int { bytes.count &- position }
    @inlinable public var isAtEnd: Bool { position >= bytes.count }

    @inlinable @_lifetime(self: copy self)
    public mutating func read<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type) throws(DecodeError) -> Value {
        let size = MemoryLayout<Value>.size
        guard remaining >= size else { throw .truncated(needed: size, available: remaining) }
        // SAFETY: in bounds by the guard; an integer has no invalid bit pattern.
        let value = unsafe Value(bigEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: Value.self))
        cursor &+= size
        return value
    }

    /// The next `count` bytes, borrowed.
    @inlinable @_lifetime(copy self)
    public mutating func readBytes(_ count: Int) throws(DecodeError) -> Span<UInt8> {
        guard count >= 0, remaining >= count else { throw .truncated(needed: count, available: remaining) }
        let slice = bytes.extracting(position..<position &+ count)
        cursor &+= count
        return slice
    }

    @inlinable @_lifetime(self: copy self)
    public mutating func skip(_ count: Int) throws(DecodeError) {
        guard count >= 0, remaining >= count else { throw .truncated(needed: count, available: remaining) }
        cursor &+= count
    }

    /// The bytes up to the next zero byte, which is consumed and not returned.
    @inlinable @_lifetime(copy self)
    public mutating func readCString() throws(DecodeError) -> Span<UInt8> {
        var end = position
        while end < bytes.count {
            if bytes[end] == 0 {
                let slice = bytes.extracting(position..<end)
                cursor = end &+ 1
                return slice
            }
            end &+= 1
        }
        throw .malformed("a string without its terminating zero byte")
    }

    /// An unsigned LEB128 varint of at most 64 bits.
    @inlinable @_lifetime(self: copy self)
    public mutating func readVarUInt() throws(DecodeError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        var at = position
        while true {
            guard at < bytes.count else { throw .truncated(needed: 1, available: 0) }
            let byte = bytes[at]
            at &+= 1
            if shift == 63, byte > 1 { throw .malformed("a varint of more than 64 bits") }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { break }
            shift &+= 7
            if shift > 63 { throw .malformed("a varint of more than 64 bits") }
        }
        cursor = at
        return value
    }

    /// A zigzag varint, as Kafka's record fields and Avro's longs are written.
    @inlinable @_lifetime(self: copy self)
    public mutating func readVarInt() throws(DecodeError) -> Int64 {
        let raw = try readVarUInt()
        return Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1)
    }
}
