import ChangeModel

/// Brings the publication and the tables' replica identities to what the configuration asks, as Debezium does at each
/// start.
public struct PublicationManager {
    public let settings: PublicationSettings
    public init(_ settings: PublicationSettings) { self.settings = settings }

    /// Creates or adapts the publication.
    /// - Parameters:
    ///   - connection: a catalog or data connection.
    ///   - captured: the tables that pass the filters, for `filtered`.
    /// - Throws: `publicationMissing` when it does not exist and may not be created; `invalidConfiguration`.
    public func prepare(
        on connection: PostgresConnection, captured: [TableSummary]
    ) throws(CaptureError) {
        let catalog = Catalog(connection)
        let name = PostgresConnection.quote(identifier: settings.name)
        let existing = try catalog.publication(named: settings.name)
        let action = "preparing publication '\(settings.name)'"
        guard let existing else {
            let root = settings.publishesViaPartitionRoot ? "publish_via_partition_root = true" : nil
            let options = Self.with([root, publishOption])
            switch settings.autocreate {
            case .disabled:
                throw CaptureError(
                    code: .publicationMissing,
                    detail: "publication '\(settings.name)' does not exist and publication.autocreate.mode is disabled",
                    remedy: "Create it: CREATE PUBLICATION \(name) FOR TABLE …")
            case .allTables:
                try connection.execute("CREATE PUBLICATION \(name) FOR ALL TABLES\(options)", action: action)
            case .noTables: try connection.execute("CREATE PUBLICATION \(name)\(options)", action: action)
            case .filtered:
                let tables = try list(captured)
                try connection.execute("CREATE PUBLICATION \(name) FOR TABLE \(tables)\(options)", action: action)
            }
            return
        }
        guard settings.autocreate == .filtered else { return }
        if existing.isForAllTables {
            throw CaptureError(
                code: .invalidConfiguration,
                detail: """
                    publication '\(settings.name)' is FOR ALL TABLES, and publication.autocreate.mode=filtered cannot \
                    make it smaller
                    """,
                remedy: "Drop it (DROP PUBLICATION \(name)), choose another publication.name, or use all_tables")
        }
        let published = try members(on: connection)
        guard Set(captured.map(\.oid)) != published else { return }
        try connection.execute("ALTER PUBLICATION \(name) SET TABLE \(try list(captured))", action: action)
        if let publishOption {
            try connection.execute("ALTER PUBLICATION \(name) SET (\(publishOption))", action: action)
        }
    }

    /// Sets `REPLICA IDENTITY` on the captured tables that `replica.identity.autoset.values` names.
    public func setReplicaIdentities(
        on connection: PostgresConnection, captured: [TableSummary]
    ) throws(CaptureError) {
        guard settings.setsReplicaIdentity else { return }
        for table in captured {
            guard let choice = settings.replicaIdentity(table.id) else { continue }
            let clause: String
            switch choice {
            case .default where table.replicaIdentity != .default: clause = "DEFAULT"
            case .full where table.replicaIdentity != .full: clause = "FULL"
            case .nothing where table.replicaIdentity != .nothing: clause = "NOTHING"
            case .index(let index): clause = "USING INDEX \(PostgresConnection.quote(identifier: index))"
            default: continue
            }
            try connection.execute(
                "ALTER TABLE \(Self.quoted(table.id)) REPLICA IDENTITY \(clause)",
                action: "setting the replica identity of table '\(table.id)'")
        }
    }

    /// The `publish` option without the operations to skip; nil where everything is published.
    private var publishOption: String? {
        guard !settings.skippedOperations.isEmpty else { return nil }
        let words: [(RowOperation, String)] = [
            (.create, "insert"), (.update, "update"), (.delete, "delete"), (.truncate, "truncate"),
        ]
        let published = words.filter { !settings.skippedOperations.contains($0.0) }.map(\.1)
        return "publish = '\(published.joined(separator: ","))'"
    }

    private static func with(_ options: [String?]) -> String {
        let options = options.compactMap { $0 }
        return options.isEmpty ? "" : " WITH (\(options.joined(separator: ", ")))"
    }

    /// The tables the publication lists itself, not expanded to partitions.
    private func members(on connection: PostgresConnection) throws(CaptureError) -> Set<UInt32> {
        let result = try connection.query(
            """
            SELECT r.prrelid FROM pg_catalog.pg_publication_rel r
              JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid WHERE p.pubname = $1
            """, [settings.name], action: "reading publication '\(settings.name)'")
        return Set((0..<result.rowCount).compactMap { result.integer($0, 0, as: UInt32.self) })
    }

    private func list(_ tables: [TableSummary]) throws(CaptureError) -> String {
        guard !tables.isEmpty else {
            throw CaptureError(
                code: .invalidConfiguration,
                detail: "no table passes the filters, so publication '\(settings.name)' would be empty",
                remedy: "Check schema.include.list, table.include.list and their exclude lists")
        }
        return tables.map { Self.quoted($0.id) }.joined(separator: ", ")
    }

    static func quoted(_ table: TableID) -> String {
        "\(PostgresConnection.quote(identifier: table.schema)).\(PostgresConnection.quote(identifier: table.table))"
    }
}
