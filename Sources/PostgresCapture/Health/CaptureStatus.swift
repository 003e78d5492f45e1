public import ChangeModel

/// What one source is doing, at one moment.
public struct CaptureStatus: Sendable, Equatable {
    public enum Phase: String, Sendable {
        case starting, snapshot, streaming, retrying, stopped, failed
    }

    public var phase = Phase.starting
    /// Since the source began in this process: row changes that the server sent.
    public var streamedRowCount: UInt64 = 0
    public var transactionCount: UInt64 = 0
    /// Row changes whose records the log holds durably, or that no record comes of, of this process.
    public var durableRowCount: UInt64 = 0
    /// Records that the log holds durably, of this process.
    public var durableRecordCount: UInt64 = 0
    /// Bytes of the change stream.
    public var receivedByteCount: UInt64 = 0
    /// The end of what the server has sent.
    public var receivedLSN: LSN?
    /// The server's own end of WAL, as its last message said.
    public var serverLSN: LSN?
    /// What the log holds and the server may forget.
    public var durableLSN: LSN?
    /// When the newest streamed transaction was committed: microseconds since 1970.
    public var lastCommitMicros: Int64?
    /// When a message came last: microseconds since 1970.
    public var lastMessageMicros: Int64?
    /// What the server last said of the slot.
    public var slot: SlotStatus?
    /// How the server's WAL stood when it was last looked at.
    public var wal = WALHealth()
    public var reconnectCount: UInt64 = 0
    public var lastError: CaptureError?
    /// Progress of the snapshot under way; nil when none is.
    public var snapshot: SnapshotProgress?
    /// Progress of the snapshot under way, in rows; nil when none is.
    public var snapshotRowCount: UInt64?
    /// A line for people about what the source does, where the phase alone says too little.
    public var note: String?

    public init() {}

    /// How old the newest transaction is that the log does not hold yet, in seconds; 0 when it holds everything that
    /// the server had sent.
    public var lagSeconds: Double {
        guard let commit = lastCommitMicros, let now = lastMessageMicros, let received = receivedLSN,
            let durable = durableLSN, durable < received
        else { return 0 }
        return max(0, Double(now - commit) / 1_000_000)
    }
}
