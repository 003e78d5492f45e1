internal import ByteCoding

extension DecimalForm {
    /// Appends a `numeric` of a column with `scale` digits behind the point (0 where the column fixes none).
    func write(_ text: Span<UInt8>, scale: Int, to buffer: inout ByteBuffer) throws(ValueProblem) {
        switch self {
        case .base64:
            let decimal = try DecimalText(text)
            buffer.append(UInt8(ascii: "\""))
            decimal.appendUnscaled(scale: scale, as: .base64, to: &buffer)
            buffer.append(UInt8(ascii: "\""))
        case .number: try DecimalText(text).appendJava(scale: scale, to: &buffer)
        case .variable:
            let decimal = try DecimalText(text)
            let kept = decimal.scale &- decimal.trailingZeroCount
            buffer.append("{\"scale\":")
            buffer.append(decimal: Int64(kept))
            buffer.append(",\"value\":\"")
            decimal.appendUnscaled(scale: kept, as: .base64, to: &buffer)
            buffer.append("\"}")
        case .double: JavaFloatingPoint.append(try FloatingPointText.double(text), to: &buffer)
        case .text: try writeText(text, scale: scale, to: &buffer)
        }
    }

    private func writeText(_ text: Span<UInt8>, scale: Int, to buffer: inout ByteBuffer) throws(ValueProblem) {
        guard text.count > 0 else { throw .malformed }
        // The special values go by the names of Debezium's enumeration of them.
        switch text[text.count - 1] {
        case UInt8(ascii: "N"): return buffer.append("\"NAN\"")
        case UInt8(ascii: "y"):
            return buffer.append(text[0] == UInt8(ascii: "-") ? "\"NEGATIVE_INFINITY\"" : "\"POSITIVE_INFINITY\"")
        default: break
        }
        let decimal = try DecimalText(text)
        buffer.append(UInt8(ascii: "\""))
        decimal.appendPlain(scale: scale, to: &buffer)
        buffer.append(UInt8(ascii: "\""))
    }

    /// Appends a `money`: a currency sign, thousands separators, a minus or parentheses around the number, by the
    /// server's `lc_monetary`. Precise values are rounded half up to `scale` digits.
    func write(money text: Span<UInt8>, scale: Int, to buffer: inout ByteBuffer) throws(ValueProblem) {
        var plain = InlineArray<32, UInt8>(repeating: 0)
        var count = 0
        var isNegative = false
        for index in text.indices {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "-"), UInt8(ascii: "("): isNegative = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."):
                guard count < 30 else { throw .malformed }
                if count == 0, isNegative {
                    plain[0] = UInt8(ascii: "-")
                    count = 1
                }
                plain[count] = byte
                count += 1
            default: break
            }
        }
        guard count > 0 else { throw .malformed }
        switch self {
        case .double, .text, .variable: try write(plain.span.extracting(0..<count), scale: 0, to: &buffer)
        case .base64, .number:
            try Self.round(&plain, count: &count, scale: scale)
            try write(plain.span.extracting(0..<count), scale: scale, to: &buffer)
        }
    }

    /// Cuts the digits behind the point down to `scale`, rounding half away from zero.
    private static func round(
        _ plain: inout InlineArray<32, UInt8>, count: inout Int, scale: Int
    ) throws(ValueProblem) {
        var point = count
        for index in 0..<count where plain[index] == UInt8(ascii: ".") { point = index }
        guard point < count, count - point - 1 > scale else { return }
        let roundsUp = plain[point + 1 + scale] >= UInt8(ascii: "5")
        count = scale == 0 ? point : point + 1 + scale
        guard roundsUp else { return }
        var index = count - 1
        while index >= 0, plain[index] != UInt8(ascii: "-") {
            if plain[index] == UInt8(ascii: "9") {
                plain[index] = UInt8(ascii: "0")
            } else if plain[index] != UInt8(ascii: ".") {
                plain[index] += 1
                return
            }
            index -= 1
        }
        // Every digit was a nine: one more digit in front.
        let first = index + 1
        for position in stride(from: count, to: first, by: -1) { plain[position] = plain[position - 1] }
        plain[first] = UInt8(ascii: "1")
        count += 1
    }
}
