/// How long bytes gather before the next read of a stream that is busy.
///
/// Waking for every message makes the walsender several times slower, so bytes are left to gather: a little always, and
/// longer through a narrow window (``ReceiveWindow``) once changes arrive long after their commit, when delay does not
/// count. No change becomes later than it is by more than a sixteenth for that.
struct GatherPolicy {
    /// Reads closer together than this mean that the stream is busy.
    static let busyInterval: Duration = .milliseconds(1)
    /// The pause of a busy stream.
    static let pause: Duration = .microseconds(300)
    /// What a long cycle should bring, in bytes. A window of it comes in small packets, so it should be several; and it
    /// has to fit the server's send queue (2.5 MiB on loopback) and one read.
    static let byteCounts = (384 << 10)...(768 << 10)
    /// The bounds of a long cycle.
    static let cycles: ClosedRange<Duration> = .milliseconds(2) ... .milliseconds(40)

    /// The connection's window closes by itself while we do not read.
    let isWindowNarrow: Bool
    /// The time from read to read that brings about as much as it should.
    private(set) var cycle: Duration = .milliseconds(8)

    init(isWindowNarrow: Bool) { self.isWindowNarrow = isWindowNarrow }

    /// - Parameters:
    ///   - elapsed: how long ago the last bytes were read.
    ///   - lag: how long after their commit changes arrive.
    /// - Returns: how long to wait before the next read, or nil to read at once.
    func pause(after elapsed: Duration, lag: Duration) -> Duration? {
        if isWindowNarrow {
            let cycle = min(cycle, lag / 16)
            if cycle > Self.pause { return elapsed < cycle ? cycle - elapsed : nil }
        }
        return elapsed < Self.busyInterval ? Self.pause : nil
    }

    /// Takes note of what a read brought.
    mutating func noteRead(_ byteCount: Int) {
        if byteCount < Self.byteCounts.lowerBound {
            cycle = min(cycle * 5 / 4, Self.cycles.upperBound)
        } else if byteCount > Self.byteCounts.upperBound {
            cycle = max(cycle * 4 / 5, Self.cycles.lowerBound)
        }
    }
}
