internal import ByteCoding

/// `column.mask.with.N.chars`, `column.mask.hash(.v2)` and `column.truncate.to.N.chars`, compiled for one column.
enum ColumnMask: Sendable {
    /// Every value, null included, becomes this JSON string.
    case fixed([UInt8])
    /// - Parameter length: the column's, to which the digest's text is cut.
    case hash(HashFunction, salt: [UInt8], isVersion2: Bool, length: Int)
    case truncate(Int)

    /// Appends the JSON value `value` transformed; values that are not strings pass, as they do in Debezium.
    func append(json value: Span<UInt8>, to buffer: inout ByteBuffer) {
        if case .fixed(let mask) = self { return buffer.append(mask) }
        guard value.count >= 2, value[0] == UInt8(ascii: "\"") else { return buffer.append(value) }
        var text = ByteBuffer(capacity: value.count)
        Self.unescape(value.extracting(1..<value.count - 1), to: &text)
        switch self {
        case .fixed: break
        case .hash(let function, let salt, let isVersion2, let length):
            var message = salt
            if isVersion2 {
                message.append(contentsOf: text.array())
            } else {
                message.append(contentsOf: JavaSerialization.string(text.span))
            }
            let digest = function.hash(message)
            var digits = ByteBuffer(capacity: digest.count * 2)
            digits.append(hex: digest.span)
            buffer.append(jsonString: digits.span.extracting(0..<min(digits.count, length)))
        case .truncate(let unitCount):
            guard let (byteCount, splitsPair) = JavaText.prefix(of: text.span, unitCount: unitCount)
            else { return buffer.append(value) }
            text.truncate(to: byteCount)
            // Half of a surrogate pair is no character; Java encodes it as a question mark.
            if splitsPair { text.append(UInt8(ascii: "?")) }
            buffer.append(jsonString: text.span)
        }
    }

    /// The four hexadecimal digits of an escape.
    private static func unit(_ text: Span<UInt8>, at index: Int) -> UInt32 {
        var value: UInt32 = 0
        for offset in 0..<4 {
            let digit = text[index + offset]
            value = value << 4 | UInt32(digit < 58 ? digit &- 48 : digit &- 55) & 15
        }
        return value
    }

    private static func append(_ scalar: UInt32, to buffer: inout ByteBuffer) {
        guard let scalar = Unicode.Scalar(scalar) else { return }
        for byte in UTF8.encode(scalar) ?? .init() { buffer.append(byte) }
    }

    /// Takes back the escapes of ``ByteBuffer/append(jsonString:)``.
    static func unescape(_ text: Span<UInt8>, to buffer: inout ByteBuffer) {
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            guard byte == UInt8(ascii: "\\"), index < text.count else {
                buffer.append(byte)
                continue
            }
            let escape = text[index]
            index += 1
            switch escape {
            case UInt8(ascii: "b"): buffer.append(0x08)
            case UInt8(ascii: "t"): buffer.append(0x09)
            case UInt8(ascii: "n"): buffer.append(0x0A)
            case UInt8(ascii: "f"): buffer.append(0x0C)
            case UInt8(ascii: "r"): buffer.append(0x0D)
            case UInt8(ascii: "u") where index + 4 <= text.count:
                var scalar = unit(text, at: index)
                index += 4
                if scalar & 0xFC00 == 0xD800, index + 6 <= text.count {
                    scalar = 0x10000 + (scalar & 0x3FF) << 10 + (unit(text, at: index + 2) & 0x3FF)
                    index += 6
                }
                append(scalar, to: &buffer)
            default: buffer.append(escape)
            }
        }
    }
}
