internal import ByteCoding

/// `bytea` and unknown types under `binary.handling.mode`.
enum BinaryText {
    /// Appends a `bytea`, printed as `\x0aff` (`bytea_output = hex`).
    static func write(
        _ text: Span<UInt8>, _ handling: BinaryHandling, to buffer: inout ByteBuffer
    ) throws(ValueProblem) {
        guard text.count >= 2, text.count % 2 == 0, text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x")
        else { throw .malformed }
        let digits = text.extracting(2..<text.count)
        if handling == .hex {
            buffer.append(UInt8(ascii: "\""))
            buffer.append(digits)
            return buffer.append(UInt8(ascii: "\""))
        }
        var bytes = ByteBuffer(capacity: digits.count / 2)
        try decode(hex: digits, to: &bytes)
        write(bytes: bytes.span, handling, to: &buffer)
    }

    static func write(bytes: Span<UInt8>, _ handling: BinaryHandling, to buffer: inout ByteBuffer) {
        buffer.append(UInt8(ascii: "\""))
        switch handling {
        case .bytes, .base64: buffer.append(base64: bytes)
        case .base64URLSafe: buffer.append(base64: bytes, urlSafe: true)
        case .hex: buffer.append(hex: bytes)
        }
        buffer.append(UInt8(ascii: "\""))
    }

    static func decode(hex digits: Span<UInt8>, to bytes: inout ByteBuffer) throws(ValueProblem) {
        guard digits.count % 2 == 0 else { throw .malformed }
        bytes.reserve(digits.count / 2)
        var index = 0
        while index < digits.count {
            let high = nibble(digits[index])
            let low = nibble(digits[index &+ 1])
            guard high < 16, low < 16 else { throw .malformed }
            bytes.append(high << 4 | low)
            index &+= 2
        }
    }

    @inline(__always) private static func nibble(_ digit: UInt8) -> UInt8 {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit &- 48
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit &- 87
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit &- 55
        default: 16
        }
    }
}
