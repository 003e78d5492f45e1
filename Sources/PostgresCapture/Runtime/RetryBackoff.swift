/// How long to wait before the next attempt: short at first, doubling up to the configured delay. A decision table, no
/// clock.
struct RetryBackoff {
    private static let first = Duration.milliseconds(200)

    private let delayMax: Duration
    private let countMax: Int?
    private var delay: Duration
    private(set) var count = 0

    init(_ settings: RetrySettings) {
        delayMax = settings.restartDelay
        countMax = settings.countMax
        delay = min(Self.first, settings.restartDelay)
    }

    /// The delay before the next attempt, or nil when there is to be none.
    mutating func next() -> Duration? {
        if let countMax, count >= countMax { return nil }
        count += 1
        defer { delay = min(delay * 2, delayMax) }
        return delay
    }

    /// An attempt has got somewhere: the next failure is a first one.
    mutating func reset() {
        count = 0
        delay = min(Self.first, delayMax)
    }
}
