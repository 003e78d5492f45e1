internal import ByteCoding
internal import ChangeModel

/// Writes the primitive fields of Kafka's coordinator records: the older ones with fixed-size lengths, the newer
/// ("flexible") ones with compact lengths, which are one more than the count, and tagged fields at each struct's end.
struct RecordFieldWriter: ~Copyable {
    private var output = ByteBuffer(capacity: 128)

    consuming func finish() -> [UInt8] { output.array() }

    mutating func int8(_ value: Int8) { output.append(bigEndian: value) }
    mutating func int16(_ value: Int16) { output.append(bigEndian: value) }
    mutating func int32(_ value: Int32) { output.append(bigEndian: value) }
    mutating func int64(_ value: Int64) { output.append(bigEndian: value) }

    /// - Parameter value: at most 32,767 bytes: names of that length are refused before they come here.
    mutating func string(_ value: String) {
        output.append(bigEndian: Int16(value.utf8.count))
        output.append(value)
    }

    mutating func nullableString(_ value: String?) {
        guard let value else { return output.append(bigEndian: Int16(-1)) }
        string(value)
    }

    mutating func bytes(_ value: [UInt8]) {
        output.append(bigEndian: Int32(value.count))
        output.append(value)
    }

    mutating func compactString(_ value: String?) {
        guard let value else { return output.append(varUInt: 0) }
        output.append(varUInt: UInt64(value.utf8.count) + 1)
        output.append(value)
    }

    mutating func compactBytes(_ value: [UInt8]) {
        output.append(varUInt: UInt64(value.count) + 1)
        output.append(value)
    }

    /// The count before the elements of a compact array.
    mutating func compactCount(_ count: Int) { output.append(varUInt: UInt64(count) + 1) }

    mutating func topicID(_ id: TopicID) {
        output.append(bigEndian: id.high)
        output.append(bigEndian: id.low)
    }

    mutating func noTags() { output.append(varUInt: 0) }

    /// The tagged fields, in the order of their tags.
    mutating func tags(_ fields: [(tag: UInt64, bytes: [UInt8])]) {
        output.append(varUInt: UInt64(fields.count))
        for field in fields {
            output.append(varUInt: field.tag)
            output.append(varUInt: UInt64(field.bytes.count))
            output.append(field.bytes)
        }
    }
}
