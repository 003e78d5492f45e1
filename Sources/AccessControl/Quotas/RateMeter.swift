/// Holds a flow of bytes to a rate: whoever is above it is told how long to pause.
///
/// A second's worth may go through at once; what goes beyond that is paid for by waiting.
struct RateMeter: Sendable {
    /// What has gone through and is not yet paid off, in bytes, at `updatedAt`.
    private var debt: Double = 0
    private var updatedAt: Int64

    init(now: Int64) { updatedAt = now }

    /// Counts `byteCount` bytes.
    /// - Parameter rate: bytes a second, above 0.
    /// - Returns: how many milliseconds to pause; 0 while below the rate.
    mutating func record(_ byteCount: Int, rate: Double, now: Int64) -> Int32 {
        let elapsed = Double(max(0, now - updatedAt)) / 1_000
        updatedAt = max(updatedAt, now)
        debt = max(0, debt - elapsed * rate) + Double(byteCount)
        guard debt > rate else { return 0 }
        return Int32(min((debt - rate) / rate * 1_000, Double(RateMeter.pauseMillisMax)))
    }

    /// Nothing is left to pay off.
    func isIdle(now: Int64) -> Bool { now - updatedAt > 3_600_000 }

    /// Kafka's quota window is as long.
    static let pauseMillisMax: Int32 = 11_000
}
