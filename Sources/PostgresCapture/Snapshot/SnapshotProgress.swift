public import ChangeModel

/// How far a snapshot has come. Estimates come from the server's statistics.
public struct SnapshotProgress: Sendable, Equatable {
    /// The table being read; nil before the first and after the last.
    public var table: TableID?
    public var tableCount: Int
    public var completedTableCount: Int
    /// Rows emitted, those before a restart included.
    public var rowCount: UInt64
    /// Bytes of row text read since this start.
    public var byteCount: UInt64
    /// `reltuples` of all tables together, 0 when the server has no statistics.
    public var estimatedRowCount: Double
    /// Blocks of all heaps and how many of them are read: the better measure, known exactly.
    public var blockCount: UInt64
    public var completedBlockCount: UInt64
    public var elapsed: Duration

    public init(tableCount: Int, estimatedRowCount: Double = 0, blockCount: UInt64 = 0, rowCount: UInt64 = 0) {
        self.tableCount = tableCount
        self.estimatedRowCount = estimatedRowCount
        self.blockCount = blockCount
        self.rowCount = rowCount
        completedTableCount = 0
        byteCount = 0
        completedBlockCount = 0
        elapsed = .zero
    }

    /// Between 0 and 1.
    public var fraction: Double {
        if tableCount > 0, completedTableCount == tableCount { return 1 }
        guard blockCount > 0 else { return 0 }
        return min(1, Double(completedBlockCount) / Double(blockCount))
    }

    /// The time left at the pace so far; nil before there is one.
    public var remaining: Duration? {
        let done = fraction
        guard done > 0.001 else { return nil }
        return elapsed * ((1 - done) / done)
    }
}
