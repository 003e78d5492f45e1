internal import ByteCoding

/// An `interval` as PostgreSQL prints it under `IntervalStyle = postgres`: `1 year 2 mons -3 days +04:05:06.789`.
struct IntervalText {
    private(set) var years = 0
    private(set) var months = 0
    private(set) var days = 0
    private(set) var hours = 0
    private(set) var minutes = 0
    /// Seconds with their fraction, in microseconds.
    private(set) var micros = 0

    init(_ text: Span<UInt8>) throws(ValueProblem) {
        var index = 0
        while index < text.count {
            if text[index] == UInt8(ascii: " ") {
                index += 1
                continue
            }
            let isNegative = text[index] == UInt8(ascii: "-")
            if isNegative || text[index] == UInt8(ascii: "+") { index += 1 }
            let value = try Self.number(text, &index)
            if index < text.count, text[index] == UInt8(ascii: ":") {
                index += 1
                try readClock(text, &index, hours: value, isNegative: isNegative)
            } else {
                try readUnit(text, &index, isNegative ? -value : value)
            }
        }
    }

    private static func number(_ text: Span<UInt8>, _ index: inout Int) throws(ValueProblem) -> Int {
        var value = 0
        let start = index
        while index < text.count, text[index] &- 48 <= 9 {
            guard index - start < 18 else { throw .malformed }
            value = value * 10 + Int(text[index] &- 48)
            index += 1
        }
        guard index > start else { throw .malformed }
        return value
    }

    private mutating func readClock(
        _ text: Span<UInt8>, _ index: inout Int, hours: Int, isNegative: Bool
    ) throws(ValueProblem) {
        let sign = isNegative ? -1 : 1
        self.hours = sign * hours
        minutes = sign * (try Self.number(text, &index))
        guard index < text.count, text[index] == UInt8(ascii: ":") else { return }
        index += 1
        micros = try Self.number(text, &index) &* 1_000_000
        if index < text.count, text[index] == UInt8(ascii: ".") {
            index += 1
            let start = index
            var fraction = try Self.number(text, &index)
            guard index - start <= 6 else { throw .malformed }
            for _ in (index - start)..<6 { fraction *= 10 }
            micros &+= fraction
        }
        micros *= sign
    }

    private mutating func readUnit(_ text: Span<UInt8>, _ index: inout Int, _ value: Int) throws(ValueProblem) {
        while index < text.count, text[index] == UInt8(ascii: " ") { index += 1 }
        guard index < text.count else { throw .malformed }
        switch text[index] {
        case UInt8(ascii: "y"): years = value
        case UInt8(ascii: "m"): months = value
        case UInt8(ascii: "d"): days = value
        default: throw .malformed
        }
        while index < text.count, text[index] != UInt8(ascii: " ") { index += 1 }
    }

    /// Seconds as Java's driver holds them.
    private var seconds: Double {
        let (whole, fraction) = micros.quotientAndRemainder(dividingBy: 1_000_000)
        return Double(whole) + Double(fraction) / 1_000_000
    }

    /// `io.debezium.time.MicroDuration`: months are 365.25 / 12 days, in the arithmetic of doubles that Debezium uses,
    /// held at the limits of 64 bits.
    var durationMicros: Int64 {
        let numberOfDays = Double(years * 12 + months) * (365.25 / 12.0) + Double(days)
        let numberOfSeconds = ((numberOfDays * 24 + Double(hours)) * 60 + Double(minutes)) * 60 + seconds
        let value = numberOfSeconds * 1e6
        if value >= 0x1p63 { return .max }
        if value <= -0x1p63 { return .min }
        return Int64(value)
    }

    /// `io.debezium.time.Interval`: `P1Y2M3DT4H5M6.789S`, every member present.
    func appendISO(to buffer: inout ByteBuffer) {
        buffer.append("P")
        buffer.append(decimal: Int64(years))
        buffer.append("Y")
        buffer.append(decimal: Int64(months))
        buffer.append("M")
        buffer.append(decimal: Int64(days))
        buffer.append("DT")
        buffer.append(decimal: Int64(hours))
        buffer.append("H")
        buffer.append(decimal: Int64(minutes))
        buffer.append("M")
        if micros < 0 { buffer.append("-") }
        let (whole, rest) = micros.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        buffer.append(decimal: UInt64(whole))
        if rest > 0 {
            buffer.append(".")
            var divisor: UInt = 100_000
            var fraction = rest
            while fraction > 0 {
                buffer.append(UInt8(fraction / divisor) + 48)
                fraction %= divisor
                divisor = max(1, divisor / 10)
            }
        }
        buffer.append("S")
    }
}
