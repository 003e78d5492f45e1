internal import KafkaProtocol
internal import NIOCore
internal import Synchronization

/// What the broker counts. Any thread.
public final class BrokerMetrics: Sendable {
    let acceptedConnectionCount = Counter()
    let closedConnectionCount = Counter()
    let refusedConnectionCount = Counter()
    let idleCloseCount = Counter()
    let receivedByteCount = Counter()
    let sentByteCount = Counter()
    let malformedRequestCount = Counter()
    let unsupportedRequestCount = Counter()
    let memoryWaitCount = Counter()
    let parkedFetchCount = Counter()
    let releasedFetchCount = Counter()
    let throttleCount = Counter()
    let failedAuthenticationCount = Counter()
    private let requests: [Requests]
    private let errors = Mutex<[Int16: Int]>([:])

    /// One API's requests.
    private final class Requests: Sendable {
        let begun = Counter()
        let durations = DurationHistogram()
    }

    init() { requests = (0..<128).map { _ in Requests() } }

    func begin(api: Int16) { requests[Int(api)].begun.add(1) }
    func end(api: Int16, after duration: TimeAmount) { requests[Int(api)].durations.add(duration) }

    /// Counts an error that a client was told.
    func count(error: Int16) {
        guard error != 0 else { return }
        errors.withLock { $0[error, default: 0] += 1 }
    }

    /// How many connections there are now.
    public var connectionCount: Int { acceptedConnectionCount.value - closedConnectionCount.value }

    var errorCounts: [Int16: Int] { errors.withLock { $0 } }

    func requestCount(api: Int16) -> Int { requests[Int(api)].begun.value }
    func durations(api: Int16) -> DurationHistogram.Snapshot { requests[Int(api)].durations.snapshot }
}
