/// Reads dates and times as PostgreSQL prints them under `DateStyle = ISO`: `2024-02-29`, `12:34:56.789`,
/// `2024-02-29 12:34:56+05:30`, `0044-03-15 12:00:00+00 BC`.
struct TemporalText: ~Escapable {
    private let text: Span<UInt8>
    private var index = 0

    @_lifetime(copy text)
    init(_ text: Span<UInt8>) { self.text = text }

    private var isAtEnd: Bool { index >= text.count }
    private var next: UInt8 { index < text.count ? text[index] : 0 }

    private mutating func take(_ byte: UInt8) throws(ValueProblem) {
        guard next == byte else { throw .malformed }
        index &+= 1
    }

    private mutating func number(digitsMin: Int, digitsMax: Int) throws(ValueProblem) -> Int {
        var value = 0
        let start = index
        while index < text.count, text[index] &- 48 <= 9, index &- start < digitsMax {
            value = value &* 10 &+ Int(text[index] &- 48)
            index &+= 1
        }
        guard index &- start >= digitsMin else { throw .malformed }
        return value
    }

    private mutating func date() throws(ValueProblem) -> (year: Int, month: Int, day: Int) {
        let year = try number(digitsMin: 4, digitsMax: 7)
        try take(UInt8(ascii: "-"))
        let month = try number(digitsMin: 2, digitsMax: 2)
        try take(UInt8(ascii: "-"))
        let day = try number(digitsMin: 2, digitsMax: 2)
        guard month >= 1, month <= 12, day >= 1, day <= 31 else { throw .malformed }
        return (year, month, day)
    }

    /// Microseconds since midnight; 24:00:00 is a time of PostgreSQL's.
    private mutating func clock() throws(ValueProblem) -> Int {
        let hours = try number(digitsMin: 2, digitsMax: 2)
        try take(UInt8(ascii: ":"))
        let minutes = try number(digitsMin: 2, digitsMax: 2)
        var seconds = 0
        if next == UInt8(ascii: ":") {
            index &+= 1
            seconds = try number(digitsMin: 2, digitsMax: 2)
        }
        var micros = 0
        if next == UInt8(ascii: ".") {
            index &+= 1
            let start = index
            micros = try number(digitsMin: 1, digitsMax: 6)
            for _ in (index &- start)..<6 { micros &*= 10 }
        }
        return ((hours &* 60 &+ minutes) &* 60 &+ seconds) &* 1_000_000 &+ micros
    }

    /// Microseconds east of UTC: `+02`, `-12:30`, `+00:53:28`.
    private mutating func zone() throws(ValueProblem) -> Int {
        let isWest = next == UInt8(ascii: "-")
        guard isWest || next == UInt8(ascii: "+") else { throw .malformed }
        index &+= 1
        var seconds = try number(digitsMin: 2, digitsMax: 2) &* 3600
        if next == UInt8(ascii: ":") {
            index &+= 1
            seconds &+= try number(digitsMin: 2, digitsMax: 2) &* 60
        }
        if next == UInt8(ascii: ":") {
            index &+= 1
            seconds &+= try number(digitsMin: 2, digitsMax: 2)
        }
        return (isWest ? -seconds : seconds) &* 1_000_000
    }

    private mutating func isBeforeChrist() throws(ValueProblem) -> Bool {
        if isAtEnd { return false }
        try take(UInt8(ascii: " "))
        try take(UInt8(ascii: "B"))
        try take(UInt8(ascii: "C"))
        guard isAtEnd else { throw .malformed }
        return true
    }

    /// What `infinity` and `-infinity` are, or nil.
    private var infinity: Bool? {
        guard !isAtEnd else { return nil }
        if text[0] == UInt8(ascii: "i") { return true }
        if text.count > 1, text[0] == UInt8(ascii: "-"), text[1] == UInt8(ascii: "i") { return false }
        return nil
    }

    /// Days since 1970-01-01. The stream reads the proleptic calendar, and the infinities as PostgreSQL's own day
    /// numbers, shifted to 1970 and wrapped at 32 bits. The snapshot's driver gives a `java.sql.Date`.
    static func days(_ text: Span<UInt8>, snapshot: Bool) throws(ValueProblem) -> Int {
        var reader = TemporalText(text)
        if let isPositive = reader.infinity {
            if !snapshot { return isPositive ? -2_147_472_692 : -2_147_472_691 }
            // -infinity is 2 December 292269055 BC to the driver, read as a year of our era.
            return isPositive ? 106_751_991_166 : CivilDate.days(year: 292_269_055, month: 12, day: 2)
        }
        let (year, month, day) = try reader.date()
        let isBeforeChrist = try reader.isBeforeChrist()
        return JavaCalendar.days(
            year: year, month: month, day: day, isBeforeChrist: isBeforeChrist,
            reading: snapshot ? .fields : .proleptic)
    }

    /// Microseconds since midnight of a `time`.
    static func timeOfDay(_ text: Span<UInt8>) throws(ValueProblem) -> Int {
        var reader = TemporalText(text)
        let micros = try reader.clock()
        guard reader.isAtEnd else { throw .malformed }
        return micros
    }

    /// Microseconds since midnight UTC of a `timetz`.
    static func timeOfDayUTC(_ text: Span<UInt8>, truncatedToSeconds: Bool) throws(ValueProblem) -> Int {
        var reader = TemporalText(text)
        var micros = try reader.clock()
        if truncatedToSeconds { micros &-= micros % 1_000_000 }
        micros &-= try reader.zone()
        guard reader.isAtEnd else { throw .malformed }
        let day = 86_400_000_000
        let rest = micros % day
        return rest < 0 ? rest &+ day : rest
    }

    /// A `timestamp`, or a `timestamptz` in UTC when `isZoned`.
    static func moment(
        _ text: Span<UInt8>, isZoned: Bool, reading: JavaCalendar.Reading = .proleptic
    ) throws(ValueProblem) -> Moment {
        if reading == .proleptic, let moment = usual(text, isZoned: isZoned) { return moment }
        var reader = TemporalText(text)
        if let isPositive = reader.infinity { return isPositive ? .positiveInfinity : .negativeInfinity }
        let (year, month, day) = try reader.date()
        try reader.take(UInt8(ascii: " "))
        let time = try reader.clock()
        let offset = isZoned ? try reader.zone() : 0
        let isBeforeChrist = try reader.isBeforeChrist()
        let days = JavaCalendar.days(
            year: year, month: month, day: day, isBeforeChrist: isBeforeChrist, reading: reading)
        return Moment(days: days, timeOfDay: time &- offset)
    }

    /// Four digits of the year, our era, and UTC: nearly every moment, read at fixed places. nil for any other text.
    @inline(__always)
    private static func usual(_ text: Span<UInt8>, isZoned: Bool) -> Moment? {
        let count = text.count
        guard count >= 19, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), text[10] == UInt8(ascii: " "),
            text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":")
        else { return nil }
        var isDigits = true
        let year = pair(text, 0, &isDigits) &* 100 &+ pair(text, 2, &isDigits)
        let month = pair(text, 5, &isDigits)
        let day = pair(text, 8, &isDigits)
        let minutes = pair(text, 11, &isDigits) &* 60 &+ pair(text, 14, &isDigits)
        var micros = (minutes &* 60 &+ pair(text, 17, &isDigits)) &* 1_000_000
        var end = 19
        if count > 19, text[19] == UInt8(ascii: ".") {
            var unit = 100_000
            end = 20
            while end < count, text[end] &- 48 <= 9, unit > 0 {
                micros &+= Int(text[end] &- 48) &* unit
                unit /= 10
                end &+= 1
            }
        }
        if isZoned {
            guard count == end &+ 3, text[end] == UInt8(ascii: "+"), text[end &+ 1] == UInt8(ascii: "0"),
                text[end &+ 2] == UInt8(ascii: "0")
            else { return nil }
            end = count
        }
        guard isDigits, end == count, count != 20, month >= 1, month <= 12, day >= 1, day <= 31 else { return nil }
        return Moment(days: CivilDate.days(year: year, month: month, day: day), timeOfDay: micros)
    }

    @inline(__always)
    private static func pair(_ text: Span<UInt8>, _ index: Int, _ isDigits: inout Bool) -> Int {
        let tens = text[index] &- 48
        let ones = text[index &+ 1] &- 48
        isDigits = isDigits && tens <= 9 && ones <= 9
        return Int(tens) &* 10 &+ Int(ones)
    }
}
