/// The requests of one writer, of which the log holds a prefix: what comes after a failure is refused.
public final class CommitLane: @unchecked Sendable {
    // SAFETY: touched by the log's thread alone.
    var failure: StorageError?
    public init() {}
}
