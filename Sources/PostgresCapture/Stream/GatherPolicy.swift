/// How long bytes gather before the next read of a stream that is busy.
///
/// Waking for every message makes the walsender several times slower, so bytes are left to gather a little.
enum GatherPolicy {
    /// Reads closer together than this mean that the stream is busy.
    static let busyInterval: Duration = .milliseconds(1)
    /// The pause of a busy stream.
    static let pause: Duration = .microseconds(300)

    /// - Parameter elapsed: how long ago the last bytes were read.
    /// - Returns: how long to wait before the next read, or nil to read at once.
    static func pause(after elapsed: Duration) -> Duration? { elapsed < busyInterval ? pause : nil }
}
