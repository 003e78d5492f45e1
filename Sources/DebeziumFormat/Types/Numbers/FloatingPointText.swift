/// Reads the numbers that PostgreSQL prints for `real`, `double precision` and `numeric`.
enum FloatingPointText {
    static func double(_ text: Span<UInt8>) throws(ValueProblem) -> Double {
        if let value = simple(text) { return value }
        if let value = special(text) { return value }
        // Rare: more digits than a double holds exactly. `Double.init` rounds correctly.
        guard let value = Double(string(text)) else { throw .malformed }
        return value
    }

    static func float(_ text: Span<UInt8>) throws(ValueProblem) -> Float {
        if let value = special(text) { return Float(value) }
        guard let value = Float(string(text)) else { throw .malformed }
        return value
    }

    private static func special(_ text: Span<UInt8>) -> Double? {
        guard text.count > 0 else { return nil }
        switch text[0] {
        case UInt8(ascii: "N"): return text.count == 3 ? .nan : nil
        case UInt8(ascii: "I"): return text.count == 8 ? .infinity : nil
        case UInt8(ascii: "-"): return text.count == 9 && text[1] == UInt8(ascii: "I") ? -.infinity : nil
        default: return nil
        }
    }

    /// A plain decimal of at most 15 digits: one exact division gives the correctly rounded number.
    private static func simple(_ text: Span<UInt8>) -> Double? {
        guard text.count > 0, text.count <= 17 else { return nil }
        let first = text[0] == UInt8(ascii: "-") ? 1 : 0
        var mantissa: Int64 = 0
        var scale = -1
        var digitCount = 0
        for index in first..<text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "."), scale < 0 {
                scale = 0
                continue
            }
            guard byte &- 48 <= 9, digitCount < 15 else { return nil }
            mantissa = mantissa &* 10 &+ Int64(byte &- 48)
            digitCount &+= 1
            if scale >= 0 { scale &+= 1 }
        }
        guard digitCount > 0 else { return nil }
        var divisor = 1.0
        for _ in 0..<max(0, scale) { divisor *= 10 }
        let value = Double(mantissa) / divisor
        return first == 1 ? -value : value
    }

    private static func string(_ text: Span<UInt8>) -> String {
        var result = ""
        result.reserveCapacity(text.count)
        for index in text.indices { result.unicodeScalars.append(Unicode.Scalar(text[index])) }
        return result
    }
}
