internal import ByteCoding

/// Bit strings: `10010`.
enum BitText {
    static func writeBoolean(_ text: Span<UInt8>, to buffer: inout ByteBuffer) throws(ValueProblem) {
        // An empty varbit(1) is no number to Java: the field stays unset.
        guard text.count > 0 else { throw .inexpressible }
        var isSet = false
        for index in text.indices {
            guard text[index] == UInt8(ascii: "0") || text[index] == UInt8(ascii: "1") else { throw .malformed }
            if text[index] == UInt8(ascii: "1") { isSet = true }
        }
        buffer.append(isSet ? "true" : "false")
    }

    /// `io.debezium.data.Bits`: the last bit is bit 0 of byte 0; bytes above the highest bit that is set are left out.
    /// What is not a one is a zero, as in Debezium, which reads default expressions this way.
    static func writeBytes(_ text: Span<UInt8>, to buffer: inout ByteBuffer) {
        var bytes = ByteBuffer(capacity: text.count / 8 + 1)
        var used = 0
        var byte: UInt8 = 0
        for position in 0..<text.count {
            if text[text.count - 1 - position] == UInt8(ascii: "1") {
                byte |= 1 << UInt8(position % 8)
                used = position / 8 + 1
            }
            if position % 8 == 7 || position == text.count - 1 {
                bytes.append(byte)
                byte = 0
            }
        }
        buffer.append(UInt8(ascii: "\""))
        buffer.append(base64: bytes.span.extracting(0..<used))
        buffer.append(UInt8(ascii: "\""))
    }
}
