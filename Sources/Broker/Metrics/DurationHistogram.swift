internal import NIOCore
internal import Synchronization

/// Durations counted by upper bounds that double: 0.25 ms to about 8 s, and the rest. For any thread.
final class DurationHistogram: Sendable {
    /// Upper bounds in seconds, ascending; what is above all of them is counted too.
    static let bounds: [Double] = (0..<16).map { 0.000_25 * Double(1 << $0) }

    struct Snapshot: Sendable {
        /// How many durations were not above each bound; the last is all of them.
        var cumulativeCounts: [Int]
        var sumSeconds: Double
    }

    private let state = Mutex((counts: [Int](repeating: 0, count: DurationHistogram.bounds.count + 1), nanoseconds: 0))

    func add(_ duration: TimeAmount) {
        let quarters = max(0, duration.nanoseconds - 1) / 250_000
        let bucket = min(Self.bounds.count, Int64.bitWidth - quarters.leadingZeroBitCount)
        state.withLock {
            $0.counts[bucket] += 1
            $0.nanoseconds += Int(duration.nanoseconds)
        }
    }

    var snapshot: Snapshot {
        let (counts, nanoseconds) = state.withLock { $0 }
        var total = 0
        return Snapshot(
            cumulativeCounts: counts.map {
                total += $0
                return total
            }, sumSeconds: Double(nanoseconds) / 1e9)
    }
}
