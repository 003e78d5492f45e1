extension Catalog {
    /// The publication of this name, or nil when there is none.
    public func publication(named name: String) throws(CaptureError) -> Publication? {
        let viaRoot = features.hasPartitionRootPublishing ? "p.pubviaroot" : "FALSE"
        let action = "reading publication '\(name)'"
        let result = try connection.query(
            """
            SELECT p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, \(viaRoot)
              FROM pg_catalog.pg_publication p WHERE p.pubname = $1
            """, [name], action: action)
        guard result.rowCount == 1 else { return nil }
        let tables = try connection.query(
            """
            SELECT c.oid FROM pg_catalog.pg_publication_tables t
              JOIN pg_catalog.pg_namespace n ON n.nspname = t.schemaname
              JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename
             WHERE t.pubname = $1
            """, [name], action: action)
        return Publication(
            name: name, isForAllTables: result.bool(0, 0), publishesInsert: result.bool(0, 1),
            publishesUpdate: result.bool(0, 2), publishesDelete: result.bool(0, 3),
            publishesTruncate: result.bool(0, 4), isViaPartitionRoot: result.bool(0, 5),
            tableOIDs: (0..<tables.rowCount).compactMap { tables.integer($0, 0, as: UInt32.self) })
    }
}
