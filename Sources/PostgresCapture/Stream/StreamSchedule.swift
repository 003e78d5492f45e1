/// When the stream's recurring work is due: a table of instants, no timers.
struct StreamSchedule {
    typealias Instant = ContinuousClock.Instant

    private let statusInterval: Duration
    private let heartbeatInterval: Duration?
    private let xminInterval: Duration?
    /// Durable progress is confirmed at least this often, so that the server can remove WAL early.
    private static let confirmInterval = Duration.seconds(1)

    private(set) var nextStatus: Instant
    private(set) var nextConfirm: Instant
    private(set) var nextHeartbeat: Instant?
    private(set) var nextXmin: Instant?

    init(_ configuration: CaptureConfiguration, now: Instant) {
        statusInterval = configuration.stream.statusInterval
        heartbeatInterval = configuration.heartbeat.interval
        xminInterval = configuration.stream.xminInterval
        nextStatus = now + statusInterval
        nextConfirm = now
        nextHeartbeat = heartbeatInterval.map { _ in now }
        nextXmin = xminInterval.map { _ in now }
    }

    mutating func statusSent(now: Instant) {
        nextStatus = now + statusInterval
        nextConfirm = now + min(Self.confirmInterval, statusInterval)
    }
    mutating func heartbeatSent(now: Instant) { nextHeartbeat = heartbeatInterval.map { now + $0 } }
    mutating func xminFetched(now: Instant) { nextXmin = xminInterval.map { now + $0 } }

    /// How long the stream may wait for bytes.
    /// - Parameter hasUnconfirmed: durable progress waits to be confirmed.
    func idleTime(now: Instant, hasUnconfirmed: Bool) -> Duration {
        var next = nextStatus
        if hasUnconfirmed { next = min(next, nextConfirm) }
        if let nextHeartbeat { next = min(next, nextHeartbeat) }
        return max(.milliseconds(1), next - now)
    }
}
