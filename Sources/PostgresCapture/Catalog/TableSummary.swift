public import ChangeModel

/// A table as `pg_class` lists it.
public struct TableSummary: Sendable, Equatable {
    public var oid: UInt32
    public var id: TableID
    /// `relkind` is `p`: partitioned, without rows of its own.
    public var isPartitioned: Bool
    /// `relispartition`.
    public var isPartition: Bool
    /// The topmost partitioned table, the table itself when it is no partition.
    public var rootOID: UInt32
    public var replicaIdentity: TableSchema.ReplicaIdentity
    /// `relpersistence` is `u`: unlogged, absent from the change stream.
    public var isUnlogged: Bool
    /// `reltuples`: an estimate; negative when never analyzed.
    public var estimatedRowCount: Double
    /// `relpages`: an estimate of the size in blocks.
    public var estimatedBlockCount: Int
}
