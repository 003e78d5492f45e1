/// One COPY of a snapshot: a chunk of one heap, or all of what has no blocks to count by.
struct SnapshotJob: Sendable {
    /// Index into the run's tables.
    var table: Int
    /// What is complete when this job is; nil for what has no blocks.
    var storage: UInt32?
    var endBlock: UInt32
    /// The file the heap must have for its blocks to mean what the ledger says.
    var fileNode: UInt32
    /// The SELECT whose rows are copied.
    var select: String
    /// For each column of the table its place in the SELECT's list, or -1.
    var columns: [Int]
    /// How many columns the SELECT has.
    var readCount: Int
    /// For messages: the table's name.
    var name: String
    /// True when nothing of the table is left after this job.
    var endsTable: Bool

    var isIdentity: Bool { readCount == columns.count && readCount > 0 && columns.elementsEqual(0..<readCount) }
}
