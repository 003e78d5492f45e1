public import ChangeModel

/// Where a snapshot's events go: a sink whose records become durable together with the ledger that describes them.
public protocol SnapshotOutput: RecordSink, ~Copyable {
    /// The size of what was appended since the last hand-over, in bytes.
    var pendingByteCount: Int { get }

    /// Hands what was appended to the log as one group, whose state says that the snapshot has come as far as `ledger`.
    /// Returns when the log has accepted the group; waits while its queue is full.
    mutating func handOver(_ ledger: SnapshotLedger) async throws(CaptureError)
}
