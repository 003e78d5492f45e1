public import ChangeModel
public import DebeziumFormat

/// Where a source stands: what the log keeps beside its events, and what a restart resumes from.
///
/// Written as JSON: Debezium's offset members (`lsn`, `lsn_proc`, `lsn_commit`, `txId`, `ts_usec`, `messageType`,
/// `snapshot`, `snapshot_completed`) and, under `tailrace`, what exactness needs beyond them.
public struct CaptureState: Sendable, Equatable {
    /// `lsn`: of the last event.
    public var lsn: LSN?
    /// `lsn_proc`: everything that the server sends before this position is in the log; streaming starts here.
    public var processedLSN: LSN?
    /// `lsn_commit`: the last commit that passed; the first element of an event's `sequence`.
    public var commitLSN: LSN?
    /// `txId`
    public var transactionID: UInt32?
    /// `ts_usec`: microseconds since 1970
    public var timestampMicros: Int64?
    /// `messageType`
    public var messageType: String?
    /// `snapshot`: INITIAL or BLOCKING while one is under way; nil otherwise.
    public var snapshot: String?
    /// `snapshot_completed`
    public var isSnapshotCompleted = false

    /// The cluster that the positions are of, as `IDENTIFY_SYSTEM` names it.
    public var systemIdentifier: String?
    /// The timeline the server was on.
    public var timeline: UInt32?
    /// A transaction that is in the log in part.
    public var open: OpenTransaction?
    /// Where the oldest transaction was prepared whose commit is not known yet: the server sends a prepared transaction
    /// again only to a stream that starts before this position, so nothing after it is confirmed.
    public var preparedLSN: LSN?
    /// Members that other parts of the source own (the snapshot's ledger, incremental snapshots), as finished JSON by
    /// name. Kept as they are.
    public var extensions: [String: String] = [:]

    public init() {}

    /// Where streaming starts, and what the server may forget: everything before is in the log for good.
    public var confirmableLSN: LSN { min(processedLSN ?? .invalid, preparedLSN ?? LSN(rawValue: .max)) }

    /// How much of a transaction is in the log already.
    public struct OpenTransaction: Sendable, Equatable {
        /// Where its commit record starts: what its Begin message carries.
        public var commitLSN: LSN
        /// The last message of it that is done: where its WAL record starts, and how many messages of that same
        /// position are done (rows of a COPY share one).
        public var lastLSN: LSN
        public var countAtLastLSN: UInt32
        /// The counts that transaction metadata needs; nil when it is off.
        public var metadata: TransactionState?

        public init(commitLSN: LSN, lastLSN: LSN, countAtLastLSN: UInt32, metadata: TransactionState? = nil) {
            self.commitLSN = commitLSN
            self.lastLSN = lastLSN
            self.countAtLastLSN = countAtLastLSN
            self.metadata = metadata
        }
    }
}
