/// What opening a log found and did.
public struct RecoveryReport: Sendable, Equatable {
    /// True where the last process closed the log properly: nothing had to be checked.
    public var wasClean = true
    /// Bytes of unfinished commits that were cut off.
    public var truncatedByteCount: Int64 = 0
    /// Commits whose journal entries were there and whose data was not: none after a crash under the `commit` policy,
    /// so a number above zero there means that the disk lost what it had acknowledged.
    public var discardedCommitCount = 0
}
