/// Where a change stands in the source: what Debezium's `source` block tells of it beyond the table.
public struct SourcePosition: Sendable, Equatable {
    /// Microseconds since 1970: the commit's time, or the snapshot's.
    public var timestampMicros: Int64
    public var snapshot: SnapshotMarker
    /// nil in incremental snapshots.
    public var transactionID: UInt32?
    /// Where the change's WAL record starts; nil in incremental snapshots.
    public var lsn: LSN?
    /// The last LSN the stream has seen, for the second element of `sequence`.
    public var sequenceLSN: LSN?
    /// The end of the last commit that the stream has passed; nil before the first.
    public var lastCommitLSN: LSN?
    public var xmin: UInt64?
    public var originName: String?
    public var originLSN: LSN?

    public init(
        timestampMicros: Int64, snapshot: SnapshotMarker = .streaming, transactionID: UInt32? = nil, lsn: LSN? = nil,
        sequenceLSN: LSN? = nil, lastCommitLSN: LSN? = nil, xmin: UInt64? = nil, originName: String? = nil,
        originLSN: LSN? = nil
    ) {
        self.timestampMicros = timestampMicros
        self.snapshot = snapshot
        self.transactionID = transactionID
        self.lsn = lsn
        self.sequenceLSN = sequenceLSN
        self.lastCommitLSN = lastCommitLSN
        self.xmin = xmin
        self.originName = originName
        self.originLSN = originLSN
    }
}

/// Debezium's `source.snapshot`.
public enum SnapshotMarker: UInt8, Sendable {
    case streaming, first, firstInDataCollection, middle, lastInDataCollection, last, incremental

    /// The text in the event.
    public var text: StaticString {
        switch self {
        case .streaming: "false"
        case .first: "first"
        case .firstInDataCollection: "first_in_data_collection"
        case .middle: "true"
        case .lastInDataCollection: "last_in_data_collection"
        case .last: "last"
        case .incremental: "incremental"
        }
    }
}
