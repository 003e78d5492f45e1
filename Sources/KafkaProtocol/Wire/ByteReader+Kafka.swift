public import ByteCoding
public import ChangeModel

/// The basic types of Kafka's protocol. A flexible version has compact lengths, unsigned varints of the length plus one
/// with 0 for null; an older one has an int16 (strings) or an int32 (bytes, arrays, records) with -1 for null.
extension ByteReader {
    @_lifetime(self: copy self)
    public mutating func readBool() throws(DecodeError) -> Bool { try read(UInt8.self) != 0 }

    @_lifetime(self: copy self)
    public mutating func readDouble() throws(DecodeError) -> Double { Double(bitPattern: try read(UInt64.self)) }

    @_lifetime(self: copy self)
    public mutating func readUUID() throws(DecodeError) -> TopicID {
        let high = try read(UInt64.self)
        return TopicID(high: high, low: try read(UInt64.self))
    }

    /// A string that may be null only where `allowsNull`. Bytes that are not UTF-8 are replaced, as Kafka does it.
    @_lifetime(self: copy self)
    public mutating func readNullableString(flexible: Bool, allowsNull: Bool = true) throws(DecodeError) -> String? {
        let length = flexible ? try readCompactLength() : Int(try read(Int16.self))
        guard length <= Int(Int16.max) else { throw .malformed("a string of more than 32767 bytes") }
        guard try isPresent(length, allowsNull: allowsNull) else { return nil }
        let text = try readBytes(length)
        // SAFETY: the pointer is used within the call only.
        return unsafe text.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }

    @_lifetime(self: copy self)
    public mutating func readString(flexible: Bool) throws(DecodeError) -> String {
        try readNullableString(flexible: flexible, allowsNull: false) ?? ""
    }

    @_lifetime(self: copy self)
    public mutating func readNullableByteArray(flexible: Bool, allowsNull: Bool = true) throws(DecodeError) -> [UInt8]?
    {
        let length = try readLength(flexible: flexible)
        guard try isPresent(length, allowsNull: allowsNull) else { return nil }
        let bytes = try readBytes(length)
        // SAFETY: the pointer is used within the call only.
        return unsafe bytes.withUnsafeBufferPointer { unsafe Array($0) }
    }

    @_lifetime(self: copy self)
    public mutating func readByteArray(flexible: Bool) throws(DecodeError) -> [UInt8] {
        try readNullableByteArray(flexible: flexible, allowsNull: false) ?? []
    }

    /// Skips records and tells where they stand.
    @_lifetime(self: copy self)
    mutating func readRecords(flexible: Bool) throws(DecodeError) -> RecordsField {
        let length = try readLength(flexible: flexible)
        guard try isPresent(length, allowsNull: true) else { return .null }
        let start = position
        try skip(length)
        return .borrowed(start..<position)
    }

    @_lifetime(self: copy self)
    mutating func readNullableArray<Element: DecodableElement>(
        flexible: Bool, version: Int16, allowsNull: Bool = true
    ) throws(DecodeError) -> [Element]? {
        let count = try readLength(flexible: flexible)
        guard try isPresent(count, allowsNull: allowsNull) else { return nil }
        guard count <= remaining / Element.minimumByteCount else {
            throw .malformed("an array that claims more elements than there are bytes for")
        }
        var elements: [Element] = []
        // Far more can be claimed than is there; beyond this the array grows with what really comes.
        elements.reserveCapacity(min(count, 1024))
        for _ in 0..<count {
            elements.append(try Element(decoding: &self, version: version, flexible: flexible))
        }
        return elements
    }

    @_lifetime(self: copy self)
    mutating func readArray<Element: DecodableElement>(
        flexible: Bool, version: Int16
    ) throws(DecodeError) -> [Element] {
        try readNullableArray(flexible: flexible, version: version, allowsNull: false) ?? []
    }

    /// A struct behind an int8 that is negative for null.
    @_lifetime(self: copy self)
    mutating func readNullableElement<Element: DecodableElement>(
        version: Int16, flexible: Bool
    ) throws(DecodeError) -> Element? {
        guard try read(Int8.self) >= 0 else { return nil }
        return try Element(decoding: &self, version: version, flexible: flexible)
    }

    @_lifetime(self: copy self)
    private mutating func readLength(flexible: Bool) throws(DecodeError) -> Int {
        flexible ? try readCompactLength() : Int(try read(Int32.self))
    }

    /// A compact length, -1 for null.
    @_lifetime(self: copy self)
    private mutating func readCompactLength() throws(DecodeError) -> Int {
        let value = try readVarUInt()
        guard value <= UInt64(Int32.max) else { throw .malformed("a length above 2^31") }
        return Int(value) - 1
    }

    private func isPresent(_ length: Int, allowsNull: Bool) throws(DecodeError) -> Bool {
        if length >= 0 { return true }
        guard length == -1 else { throw .malformed("a negative length") }
        guard allowsNull else { throw .malformed("a null where none may be") }
        return false
    }
}
