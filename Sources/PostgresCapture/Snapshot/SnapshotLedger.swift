public import ChangeModel

/// How far a snapshot has come, exact to the chunk: part of the state that every group of a snapshot carries.
///
/// Tables are listed in the order in which they are read and leave the list when they are complete; chunks of a table
/// are read in the order of its blocks. "The first table, from block N on, and all tables after it" therefore says all
/// that is left, however many connections read ahead.
public struct SnapshotLedger: Codable, Equatable, Sendable {
    /// Where streaming begins: the point in the WAL that ``transactions`` corresponds to.
    public var lsn: UInt64
    /// What the snapshot sees. After a restart its exported name is gone; rows that it does not see are left out, since
    /// the stream has them.
    public var transactions: TransactionSnapshot
    /// `source.txId` and `source.ts_us` of the snapshot's events.
    public var transactionID: UInt32
    public var timestampMicros: Int64
    /// The end of the last commit that the stream had passed, for an ad-hoc snapshot within a stream.
    public var lastCommitLSN: UInt64?
    /// True while the first of all tables is the first of ``tables``; for the `first` marker.
    public var isAtFirstTable: Bool
    /// What is left.
    public var tables: [Table]
    /// Rows emitted so far, for the progress report.
    public var rowCount: UInt64

    public struct Table: Codable, Equatable, Sendable {
        public var oid: UInt32
        public var schema: String
        public var name: String
        /// The storages that make up the table in reading order: itself, its partitions or heirs. Those that are read
        /// leave the list. Empty for what has no blocks to count by: a select override, a foreign partition.
        public var storages: [Storage]
        /// A SELECT in place of the table's own; nil for the usual one.
        public var select: String?
        /// Rows read of it so far.
        public var rowCount: UInt64 = 0
        /// Rows of this table have been emitted.
        public var isStarted: Bool

        public var id: TableID { TableID(schema: schema, table: name) }
        public init(oid: UInt32, id: TableID, storages: [Storage], select: String? = nil, isStarted: Bool = false) {
            self.oid = oid
            schema = id.schema
            name = id.table
            self.storages = storages
            self.select = select
            self.isStarted = isStarted
        }
    }

    /// One heap of a table.
    public struct Storage: Codable, Equatable, Sendable {
        public var oid: UInt32
        /// `pg_relation_filenode`: another one means that the table was rewritten and its blocks say nothing any more.
        public var fileNode: UInt32
        /// Blocks below this one are complete.
        public var nextBlock: UInt32
        /// How many blocks there were when the snapshot began; rows above are newer.
        public var blockCount: UInt32
        public var blocksPerChunk: UInt32
        /// The heap was rewritten after the snapshot began: its rows no longer tell when they were written, so all of
        /// them are read.
        public var wasRewritten = false

        public init(oid: UInt32, fileNode: UInt32, blockCount: UInt32, blocksPerChunk: UInt32, nextBlock: UInt32 = 0) {
            self.oid = oid
            self.fileNode = fileNode
            self.nextBlock = nextBlock
            self.blockCount = blockCount
            self.blocksPerChunk = max(1, blocksPerChunk)
        }

        /// The chunks that are left, in order. An empty heap has one, so that its locks and its existence are checked.
        public var remainingChunks: [Range<UInt32>] {
            guard blockCount > 0 else { return nextBlock == 0 ? [0..<0] : [] }
            return stride(from: nextBlock, to: blockCount, by: Int(blocksPerChunk)).map { start in
                let end = start.addingReportingOverflow(blocksPerChunk)
                return start..<min(blockCount, end.overflow ? .max : end.partialValue)
            }
        }
    }

    public init(
        lsn: LSN, transactions: TransactionSnapshot, transactionID: UInt32, timestampMicros: Int64, tables: [Table]
    ) {
        self.lsn = lsn.rawValue
        self.transactions = transactions
        self.transactionID = transactionID
        self.timestampMicros = timestampMicros
        isAtFirstTable = true
        self.tables = tables
        rowCount = 0
    }

    /// Nothing is left to read.
    public var isComplete: Bool { tables.isEmpty }

    /// Notes that the first table's first storage is complete below `block`.
    public mutating func complete(storage oid: UInt32, below block: UInt32, of table: UInt32) {
        guard let first = tables.first, first.oid == table, let storage = first.storages.first, storage.oid == oid
        else { return }
        tables[0].storages[0].nextBlock = block
        if block >= storage.blockCount { tables[0].storages.removeFirst() }
    }

    /// Notes that the table is complete.
    public mutating func complete(table oid: UInt32) {
        guard tables.first?.oid == oid else { return }
        tables.removeFirst()
        isAtFirstTable = false
    }
}
