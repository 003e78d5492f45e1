/// A moment as days since 1970-01-01 and microseconds since midnight: PostgreSQL's range is wider than 64 bits of
/// microseconds.
struct Moment: Equatable {
    private(set) var days: Int
    /// Below a day's 86,400,000,000.
    private(set) var timeOfDay: Int

    private static let dayMicros = 86_400_000_000

    /// - Parameter timeOfDay: may reach over midnight in either direction, by a time zone's offset or by 24:00:00.
    init(days: Int, timeOfDay: Int) {
        self.days = days
        self.timeOfDay = timeOfDay
        if timeOfDay < 0 {
            self.days &-= 1
            self.timeOfDay &+= Self.dayMicros
        } else if timeOfDay >= Self.dayMicros {
            self.days &+= 1
            self.timeOfDay &-= Self.dayMicros
        }
    }

    /// The last instants the JDBC driver has, which stand for PostgreSQL's infinities.
    static let positiveInfinity = Moment(days: 106_751_991, timeOfDay: 14_425_200_000)
    static let negativeInfinity = Moment(days: -106_751_992, timeOfDay: 71_967_600_000)

    private var seconds: Int { days &* 86_400 &+ timeOfDay / 1_000_000 }

    /// Microseconds since 1970 as Java adds them up: the seconds held at the limits of 64 bits, the rest wrapping.
    var micros: Int64 {
        let (micros, overflowed) = seconds.multipliedReportingOverflow(by: 1_000_000)
        let held = overflowed ? (days > 0 ? Int.max : Int.min) : micros
        return Int64(held &+ timeOfDay % 1_000_000)
    }

    var millis: Int64 { Int64(seconds &* 1000 &+ timeOfDay / 1000 % 1000) }

    /// nil outside of the years 1677 to 2262.
    var nanos: Int64? {
        if self == .positiveInfinity { return .max }
        if self == .negativeInfinity { return .min }
        let (nanos, overflowed) = micros.multipliedReportingOverflow(by: 1000)
        return overflowed ? nil : nanos
    }
}
