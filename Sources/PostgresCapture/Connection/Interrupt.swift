import CLibpq
import Glibc
import Synchronization

/// Ends waits from another thread: a flag with a file descriptor that `poll` can wait for beside the server's socket.
///
/// Thread-safe. Once fired it stays fired.
public final class Interrupt: Sendable {
    let descriptor: Int32
    private let fired = Atomic<Bool>(false)
    private let followers = Mutex<[Follower]>([])
    private struct Follower: Sendable { weak let interrupt: Interrupt? }

    public init() {
        descriptor = tailrace_eventfd()
        precondition(descriptor >= 0, "the process has no free file descriptor left")
    }

    /// An interrupt that fires with `leader`, and can be fired alone.
    public convenience init(following leader: Interrupt) {
        self.init()
        leader.followers.withLock { list in
            list.removeAll { $0.interrupt == nil }
            list.append(Follower(interrupt: self))
        }
        if leader.isFired { fire() }
    }

    deinit { close(descriptor) }

    public var isFired: Bool { fired.load(ordering: .acquiring) }

    public func fire() {
        fired.store(true, ordering: .releasing)
        // An eventfd takes the write at any time; a full counter is already readable.
        _ = eventfd_write(descriptor, 1)
        for follower in followers.withLock({ $0 }) { follower.interrupt?.fire() }
    }

    /// Runs `body`, firing when the surrounding task is cancelled.
    public func whileNotCancelled<Value>(_ body: () async throws -> Value) async rethrows -> Value {
        try await withTaskCancellationHandler(operation: body, onCancel: { self.fire() })
    }

    /// Waits on this interrupt alone.
    /// - Returns: false when it fired.
    public func sleep(for duration: Duration) -> Bool {
        guard !isFired else { return false }
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&entry, 1, duration.pollMilliseconds)
        return !isFired
    }
}

extension Duration {
    /// For `poll(2)`: whole milliseconds, rounded up.
    var pollMilliseconds: Int32 {
        let (seconds, attoseconds) = components
        let total = seconds.multipliedReportingOverflow(by: 1000)
        guard !total.overflow, total.partialValue < Int64(Int32.max) - 1000 else { return Int32.max }
        return Int32(max(0, total.partialValue + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000))
    }
}
