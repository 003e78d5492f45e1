/// Numbers as Java's `Double.toString` and Jackson write them, so that stored schemas equal those of the Java registry.
enum JavaNumberText {
    /// A decimal mantissa between 0.001 and 10,000,000, the form with `E` outside.
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity" }
        guard value != 0 else { return value.sign == .minus ? "-0.0" : "0.0" }
        let sign = value < 0 ? "-" : ""
        // The shortest digits that read back as the value, taken out of Swift's text: [digits][.digits][e±exponent].
        let parts = value.magnitude.description.split(separator: "e")
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let whole = Array(mantissa[0])
        var digits = whole + (mantissa.count > 1 ? Array(mantissa[1]) : [])
        // The value is 0.digits × 10^pointPlace.
        var pointPlace = whole.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
        while digits.first == "0" {
            digits.removeFirst()
            pointPlace -= 1
        }
        while digits.last == "0" { digits.removeLast() }
        if pointPlace > -3, pointPlace <= 7 {
            if pointPlace <= 0 { return sign + "0." + String(repeating: "0", count: -pointPlace) + String(digits) }
            while digits.count < pointPlace + 1 { digits.append("0") }
            return sign + String(digits[..<pointPlace]) + "." + String(digits[pointPlace...])
        }
        let fraction = digits.count > 1 ? String(digits[1...]) : "0"
        return "\(sign)\(digits[0]).\(fraction)E\(pointPlace - 1)"
    }

    /// `value` with every number that has a point or an exponent written the way Jackson writes the double it reads.
    static func normalized(_ value: JSONValue) -> JSONValue {
        switch value {
        case .number(let text):
            if text == "-0" { return .number("0") }
            guard text.contains(where: { ".eE".contains($0) }), let double = Double(text) else { return value }
            return .number(Self.text(double))
        case .array(let items): return .array(items.map(normalized))
        case .object(let members):
            var copy = JSONObject()
            for member in members { copy[member.key] = normalized(member.value) }
            return .object(copy)
        default: return value
        }
    }
}
