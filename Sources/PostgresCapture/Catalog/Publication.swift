/// One row of `pg_publication` with its tables.
public struct Publication: Sendable, Equatable {
    public var name: String
    public var isForAllTables: Bool
    public var publishesInsert: Bool
    public var publishesUpdate: Bool
    public var publishesDelete: Bool
    public var publishesTruncate: Bool
    /// Changes of partitions appear as the root's.
    public var isViaPartitionRoot: Bool
    /// `pg_class.oid` of every table whose changes it publishes, as `pg_publication_tables` expands it.
    public var tableOIDs: [UInt32]
}
