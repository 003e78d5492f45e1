/// How Debezium's driver reads dates of old. PostgreSQL counts in the Gregorian calendar back to 4713 BC; Java's older
/// classes switch to the Julian calendar before 15 October 1582.
enum JavaCalendar {
    enum Reading: Sendable {
        /// `java.time`: as PostgreSQL has it.
        case proleptic
        /// `java.sql.Timestamp` as an instant: dates before the switch are taken for Julian ones.
        case hybrid
        /// `java.sql.Date` and `Timestamp` by their fields: the era gets lost (44 BC becomes the year 44), and the ten
        /// days that the switch left out move behind it.
        case fields
    }

    /// Days since 1970-01-01 of the proleptic Gregorian calendar.
    static func days(year: Int, month: Int, day: Int, isBeforeChrist: Bool, reading: Reading) -> Int {
        switch reading {
        case .proleptic: return CivilDate.days(year: isBeforeChrist ? 1 &- year : year, month: month, day: day)
        case .hybrid:
            let astronomical = isBeforeChrist ? 1 &- year : year
            return isBeforeSwitch(year: astronomical, month: month, day: day)
                ? julianDays(year: astronomical, month: month, day: day)
                : CivilDate.days(year: astronomical, month: month, day: day)
        case .fields:
            let isInGap = !isBeforeChrist && year == 1582 && month == 10 && day >= 5 && day <= 14
            return CivilDate.days(year: year, month: month, day: isInGap ? day &+ 10 : day)
        }
    }

    private static func isBeforeSwitch(year: Int, month: Int, day: Int) -> Bool {
        (year, month, day) < (1582, 10, 15)
    }

    private static func julianDays(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year &- 1 : year
        let dayOfYear = (153 &* (month > 2 ? month &- 3 : month &+ 9) &+ 2) / 5 &+ day &- 1
        let leapDays = (shifted >= 0 ? shifted : shifted &- 3) / 4
        return shifted &* 365 &+ leapDays &+ dayOfYear &- 719_470
    }
}
