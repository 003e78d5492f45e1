internal import ByteCoding
internal import ChangeModel

/// Reads what ``RecordFieldWriter`` writes. The bytes may come from a damaged or foreign log: every count is checked
/// against what is left before anything is made of it.
struct RecordFieldReader: ~Escapable {
    private var reader: ByteReader

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) { reader = ByteReader(bytes) }

    @_lifetime(self: copy self)
    mutating func int8() throws(DecodeError) -> Int8 { try reader.read(Int8.self) }
    @_lifetime(self: copy self)
    mutating func int16() throws(DecodeError) -> Int16 { try reader.read(Int16.self) }
    @_lifetime(self: copy self)
    mutating func int32() throws(DecodeError) -> Int32 { try reader.read(Int32.self) }
    @_lifetime(self: copy self)
    mutating func int64() throws(DecodeError) -> Int64 { try reader.read(Int64.self) }

    @_lifetime(self: copy self)
    mutating func string() throws(DecodeError) -> String {
        guard let value = try nullableString() else { throw .malformed("a name that must not be null is null") }
        return value
    }

    @_lifetime(self: copy self)
    mutating func nullableString() throws(DecodeError) -> String? {
        let count = Int(try reader.read(Int16.self))
        return count < 0 ? nil : try text(count)
    }

    @_lifetime(self: copy self)
    mutating func bytes() throws(DecodeError) -> [UInt8] {
        let count = Int(try reader.read(Int32.self))
        return count < 0 ? [] : try array(count)
    }

    /// The count before an array's elements, each of which takes at least a byte.
    @_lifetime(self: copy self)
    mutating func count() throws(DecodeError) -> Int {
        let count = Int(try reader.read(Int32.self))
        guard count <= reader.remaining else { throw .malformed("an array longer than its record") }
        return max(0, count)
    }

    @_lifetime(self: copy self)
    mutating func compactNullableString() throws(DecodeError) -> String? {
        let count = try compactLength()
        return count < 0 ? nil : try text(count)
    }

    @_lifetime(self: copy self)
    mutating func compactString() throws(DecodeError) -> String {
        guard let value = try compactNullableString() else { throw .malformed("a name that must not be null is null") }
        return value
    }

    @_lifetime(self: copy self)
    mutating func compactBytes() throws(DecodeError) -> [UInt8] {
        let count = try compactLength()
        return count < 0 ? [] : try array(count)
    }

    @_lifetime(self: copy self)
    mutating func compactCount() throws(DecodeError) -> Int { max(0, try compactLength()) }

    @_lifetime(self: copy self)
    mutating func topicID() throws(DecodeError) -> TopicID {
        TopicID(high: try reader.read(UInt64.self), low: try reader.read(UInt64.self))
    }

    /// The tagged fields: Kafka adds new ones without a new version, so unknown ones are for the caller to ignore.
    @_lifetime(self: copy self)
    mutating func tags() throws(DecodeError) -> [(tag: UInt64, bytes: [UInt8])] {
        let count = try reader.readVarUInt()
        guard count <= UInt64(reader.remaining) else { throw .malformed("more tagged fields than bytes") }
        var fields: [(tag: UInt64, bytes: [UInt8])] = []
        for _ in 0..<count {
            let tag = try reader.readVarUInt()
            let length = try reader.readVarUInt()
            guard length <= UInt64(reader.remaining) else { throw .malformed("a tagged field longer than its record") }
            fields.append((tag, try array(Int(length))))
        }
        return fields
    }

    /// The count in a compact length, -1 for null.
    @_lifetime(self: copy self)
    private mutating func compactLength() throws(DecodeError) -> Int {
        let raw = try reader.readVarUInt()
        guard raw <= UInt64(reader.remaining) + 1 else { throw .malformed("a length beyond the end of its record") }
        return Int(raw) - 1
    }

    @_lifetime(self: copy self)
    private mutating func text(_ count: Int) throws(DecodeError) -> String {
        let bytes = try reader.readBytes(count)
        do {
            return String(copying: try UTF8Span(validating: bytes))
        } catch {
            throw .malformed("a name that is not UTF-8")
        }
    }

    @_lifetime(self: copy self)
    private mutating func array(_ count: Int) throws(DecodeError) -> [UInt8] {
        let bytes = try reader.readBytes(count)
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.count)
        for index in bytes.indices { copy.append(bytes[index]) }
        return copy
    }
}
