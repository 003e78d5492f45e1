internal import ByteCoding

/// Days of the proleptic Gregorian calendar, which PostgreSQL and `java.time` share, counted from 1970-01-01.
enum CivilDate {
    /// - Parameter year: astronomical: 0 is 1 BC.
    static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year &- 1 : year
        let era = (shifted >= 0 ? shifted : shifted &- 399) / 400
        let yearOfEra = shifted &- era &* 400
        let dayOfYear = (153 &* (month > 2 ? month &- 3 : month &+ 9) &+ 2) / 5 &+ day &- 1
        let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
        return era &* 146_097 &+ dayOfEra &- 719_468
    }

    static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days &+ 719_468
        let era = (shifted >= 0 ? shifted : shifted &- 146_096) / 146_097
        let dayOfEra = shifted &- era &* 146_097
        let yearOfEra = (dayOfEra &- dayOfEra / 1460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
        let shiftedMonth = (5 &* dayOfYear &+ 2) / 153
        let day = dayOfYear &- (153 &* shiftedMonth &+ 2) / 5 &+ 1
        let month = shiftedMonth < 10 ? shiftedMonth &+ 3 : shiftedMonth &- 9
        return (yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0), month, day)
    }

    /// Appends `yyyy-MM-dd` as ISO 8601 does in `java.time`: a plus before years of more than four digits, astronomical
    /// years before our era.
    static func append(days: Int, to buffer: inout ByteBuffer) {
        let (year, month, day) = civil(days: days)
        if year > 9999 { buffer.append(UInt8(ascii: "+")) }
        if year < 0 { buffer.append(UInt8(ascii: "-")) }
        let magnitude = year.magnitude
        if magnitude < 1000 { buffer.append(UInt8(ascii: "0")) }
        if magnitude < 100 { buffer.append(UInt8(ascii: "0")) }
        if magnitude < 10 { buffer.append(UInt8(ascii: "0")) }
        buffer.append(decimal: UInt64(magnitude))
        buffer.append(UInt8(ascii: "-"))
        buffer.append(twoDigits: month)
        buffer.append(UInt8(ascii: "-"))
        buffer.append(twoDigits: day)
    }
}

extension ByteBuffer {
    mutating func append(twoDigits value: Int) {
        append(UInt8(truncatingIfNeeded: value / 10) &+ 48)
        append(UInt8(truncatingIfNeeded: value % 10) &+ 48)
    }

    /// Appends `HH:mm:ss` and a fraction without trailing zeros (none when it is zero), of microseconds since midnight.
    mutating func append(timeOfDay micros: Int) {
        append(clock: micros)
        var fraction = micros % 1_000_000
        guard fraction > 0 else { return }
        var width = 6
        while fraction % 10 == 0 {
            fraction /= 10
            width &-= 1
        }
        append(fraction: fraction, width: width)
    }

    /// Appends `HH:mm:ss` and exactly `width` digits of the fraction.
    mutating func append(timeOfDay micros: Int, fractionWidth width: Int) {
        append(clock: micros)
        guard width > 0 else { return }
        var fraction = micros % 1_000_000
        for _ in min(width, 6)..<6 { fraction /= 10 }
        append(fraction: fraction, width: min(width, 6))
        for _ in 6..<max(6, min(width, 9)) { append(UInt8(ascii: "0")) }
    }

    private mutating func append(clock micros: Int) {
        let seconds = micros / 1_000_000
        append(twoDigits: seconds / 3600)
        append(UInt8(ascii: ":"))
        append(twoDigits: seconds / 60 % 60)
        append(UInt8(ascii: ":"))
        append(twoDigits: seconds % 60)
    }

    private mutating func append(fraction: Int, width: Int) {
        append(UInt8(ascii: "."))
        var divisor = 1
        for _ in 1..<width { divisor &*= 10 }
        var rest = fraction
        for _ in 0..<width {
            append(UInt8(truncatingIfNeeded: rest / divisor) &+ 48)
            rest %= divisor
            divisor = max(1, divisor / 10)
        }
    }
}
