internal import Foundation

/// Milliseconds since 1970 that never go back, whatever is done to the system's clock meanwhile.
struct SteadyClock: Sendable {
    private let start = ContinuousClock.now
    private let base = Int64(Date().timeIntervalSince1970 * 1000)

    var now: Int64 {
        let elapsed = ContinuousClock.now - start
        return base + elapsed.components.seconds * 1_000 + elapsed.components.attoseconds / 1_000_000_000_000_000
    }
}
