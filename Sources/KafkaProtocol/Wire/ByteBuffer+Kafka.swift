public import ByteCoding
public import ChangeModel

/// The basic types of Kafka's protocol; see `ByteReader` for their forms.
extension ByteBuffer {
    public mutating func append(bool value: Bool) { append(value ? 1 as UInt8 : 0) }

    public mutating func append(uuid value: TopicID) {
        append(bigEndian: value.high)
        append(bigEndian: value.low)
    }

    /// Appends at most 32,767 bytes of the text, which is all the protocol can hold; what is longer is cut between two
    /// characters.
    public mutating func append(string text: String, flexible: Bool) {
        var length = text.utf8.count
        if length > Int(Int16.max) {
            var kept = text.unicodeScalars
            while kept.count > 0, length > Int(Int16.max) { length -= UTF8.width(kept.removeLast()) }
            append(stringLength: length, flexible: flexible)
            return append(String(kept))
        }
        append(stringLength: length, flexible: flexible)
        append(text)
    }

    /// Appends null, or an empty text where there is no null.
    public mutating func append(nullableString text: String?, flexible: Bool, allowsNull: Bool = true) {
        if text == nil, allowsNull { return append(stringLength: -1, flexible: flexible) }
        append(string: text ?? "", flexible: flexible)
    }

    public mutating func append(bytes: [UInt8], flexible: Bool) {
        append(count: bytes.count, flexible: flexible)
        append(bytes)
    }

    public mutating func append(nullableBytes bytes: [UInt8]?, flexible: Bool, allowsNull: Bool = true) {
        if bytes == nil, allowsNull { return append(count: -1, flexible: flexible) }
        append(bytes: bytes ?? [], flexible: flexible)
    }

    mutating func append(records: RecordsField, flexible: Bool, splices: inout [RecordsSplice]) {
        switch records {
        case .null: append(count: -1, flexible: flexible)
        case .bytes(let bytes): append(bytes: bytes, flexible: flexible)
        case .external(let byteCount):
            append(count: byteCount, flexible: flexible)
            splices.append(RecordsSplice(position: count, byteCount: byteCount))
        case .borrowed:
            preconditionFailure("records that were only located in other bytes cannot be written")
        }
    }

    mutating func append<Element: WireElement>(array: [Element], flexible: Bool, version: Int16) {
        append(count: array.count, flexible: flexible)
        for element in array { element.encode(into: &self, version: version, flexible: flexible) }
    }

    mutating func append<Element: WireElement>(
        nullableArray array: [Element]?, flexible: Bool, version: Int16, allowsNull: Bool = true
    ) {
        if array == nil, allowsNull { return append(count: -1, flexible: flexible) }
        append(array: array ?? [], flexible: flexible, version: version)
    }

    mutating func append<Element: WireElement>(nullableElement element: Element?, version: Int16, flexible: Bool) {
        append(bigEndian: element == nil ? -1 as Int8 : 1)
        element?.encode(into: &self, version: version, flexible: flexible)
    }

    /// A tagged field whose bytes are `content`.
    mutating func append(tag: UInt64, _ content: borrowing ByteBuffer) {
        append(varUInt: tag)
        append(varUInt: UInt64(content.count))
        append(content.span)
    }

    /// The length of bytes, records or an array; -1 for null.
    mutating func append(count: Int, flexible: Bool) {
        precondition(count >= -1 && count < Int(Int32.max), "the protocol counts to 2^31 - 1")
        if flexible { append(varUInt: UInt64(count + 1)) } else { append(bigEndian: Int32(count)) }
    }

    private mutating func append(stringLength length: Int, flexible: Bool) {
        if flexible { append(varUInt: UInt64(length + 1)) } else { append(bigEndian: Int16(length)) }
    }
}
