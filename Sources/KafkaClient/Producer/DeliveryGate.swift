internal import Synchronization

/// Where producers wait for room in librdkafka's queue: every delivery report opens it.
final class DeliveryGate: Sendable {
    private struct State {
        var turn: UInt64 = 0
        var waiters: [CheckedContinuation<Void, Never>] = []
    }
    private let state = Mutex(State())

    /// Read before an attempt, so that a report that comes between the attempt and the wait is not missed.
    var turn: UInt64 { state.withLock { $0.turn } }

    /// Waits until a report has come since `turn` was read.
    func wait(since turn: UInt64) async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if state.turn == turn { state.waiters.append(continuation) }
                return state.turn != turn
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiters = state.withLock { state in
            state.turn &+= 1
            let waiters = state.waiters
            state.waiters = []
            return waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
