import ChangeModel
import DebeziumFormat

/// A table as one run of a snapshot reads it.
struct SnapshotTable {
    var schema: TableSchema
    var handle: TableHandle
    /// Rows have been emitted, in this run or before.
    var isStarted: Bool
    /// The first of all tables of the snapshot.
    var isFirst: Bool
    /// Without blocks to count by, an interrupted read begins again.
    var isResumable: Bool
    /// Rows read of it, in this run or before.
    var rowCount: UInt64
}
