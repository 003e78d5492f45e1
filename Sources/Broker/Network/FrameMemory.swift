internal import Synchronization

/// How many bytes of requests may be held at once, over all connections.
///
/// A frame takes its whole size before its first byte is kept, so that a frame that was begun can always be finished;
/// who finds no room stops reading until somebody gives some back. Safe on any thread.
final class FrameMemory: Sendable {
    private struct State {
        var used = 0
        var waiters: [@Sendable () -> Void] = []
    }

    let capacity: Int
    private let state = Mutex(State())

    init(capacity: Int) { self.capacity = capacity }

    var usedByteCount: Int { state.withLock { $0.used } }

    /// Takes `byteCount` bytes, or calls `retry` once when some have been given back. One frame always fits when nothing
    /// else is held.
    func reserve(_ byteCount: Int, orRetry retry: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            guard state.used == 0 || state.used + byteCount <= capacity else {
                state.waiters.append(retry)
                return false
            }
            state.used += byteCount
            return true
        }
    }

    func release(_ byteCount: Int) {
        let waiters = state.withLock { state in
            state.used -= byteCount
            defer { state.waiters.removeAll() }
            return state.waiters
        }
        for waiter in waiters { waiter() }
    }
}
