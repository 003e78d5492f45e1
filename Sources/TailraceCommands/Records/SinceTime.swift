import Foundation

/// A moment as people write it: an age (`90s`, `15m`, `2h`, `3d`), an ISO 8601 time, a date, or milliseconds since 1970.
enum SinceTime {
    /// Milliseconds since 1970; nil when the text is none of these.
    static func parse(_ text: String, now: Int64) -> Int64? {
        let units: [Character: Int64] = ["s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000]
        if let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count >= 0 {
            let (age, overflow) = count.multipliedReportingOverflow(by: unit)
            return overflow ? nil : now - age
        }
        if let milliseconds = Int64(text), milliseconds >= 0 { return milliseconds }
        let formatter = ISO8601DateFormatter()
        let forms: [ISO8601DateFormatter.Options] = [
            [.withInternetDateTime], [.withInternetDateTime, .withFractionalSeconds], [.withFullDate],
        ]
        for form in forms {
            formatter.formatOptions = form
            if let date = formatter.date(from: text) { return Int64((date.timeIntervalSince1970 * 1000).rounded()) }
        }
        return nil
    }
}
