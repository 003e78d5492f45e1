import ChangeModel

/// What the doctor reads from a server, before it judges.
struct ServerFacts: Equatable {
    var versionNumber = 0
    var version = ""
    var database = ""
    var user = ""
    var isStandby = false
    /// `pg_settings` by name, as `current_setting` prints them.
    var settings: [String: String] = [:]
    var usedSenderCount = 0
    var slotCount = 0
    var isSuperuser = false
    var canReplicate = false
    /// nil where the server has no such role: not RDS.
    var isInRDSReplication: Bool?
    var isRDS = false
    var isAurora = false
    var canCreateInDatabase = false
    var isEncrypted = false
    var isLocalSocket = false
    var tables: [Table] = []
    var publication: Publication?
    var publicationOwner: String?
    var isPublicationOwner = false
    var slot: SlotStatus?
    /// Other slots that nobody reads from, with the WAL they hold back.
    var idleSlots: [IdleSlot] = []
    /// Age of the oldest open transaction, in seconds: creating a slot waits for it.
    var oldestTransactionSeconds = 0
    var preparedTransactionCount = 0
    /// The table that signals come through; nil where none is configured or it does not exist.
    var signalTable: SignalTable?
    /// Why a replication connection could not be had; nil when it could.
    var replicationError: CaptureError?

    struct Table: Equatable {
        var id: TableID
        var oid: UInt32
        var canSelect: Bool
        var isOwner: Bool
        var hasPrimaryKey: Bool
        var identity: TableSchema.ReplicaIdentity
        var isUnlogged: Bool
        /// Has no rows of its own: its partitions are published.
        var isPartitioned = false
    }

    struct SignalTable: Equatable {
        var oid: UInt32
        var columnCount: Int
        var canInsert: Bool
        var canDelete: Bool
    }

    struct IdleSlot: Equatable {
        var name: String
        var retainedByteCount: Int64
    }
}

extension ServerFacts {
    /// Reads everything over one connection, and tries a replication connection.
    static func read(
        _ settings: ConnectionSettings, configuration: CaptureConfiguration?
    ) throws(CaptureError) -> ServerFacts {
        let connection = try PostgresConnection(settings, for: .catalog)
        var facts = try read(from: connection, configuration: configuration)
        do throws(CaptureError) {
            let replication = try PostgresConnection(settings, for: .replication)
            try replication.execute("IDENTIFY_SYSTEM", action: "identifying the system")
        } catch { facts.replicationError = error }
        return facts
    }

    /// Reads everything over `connection`, which gets a limit of 30 seconds per statement.
    static func read(
        from connection: PostgresConnection, configuration: CaptureConfiguration?
    ) throws(CaptureError) -> ServerFacts {
        connection.statementTimeout = .seconds(30)
        var facts = ServerFacts()
        facts.versionNumber = connection.serverVersion
        facts.isEncrypted = connection.isEncrypted
        try facts.readServer(connection)
        try facts.readRole(connection)
        try facts.readTables(connection, configuration)
        try facts.readActivity(connection, slotName: configuration?.slot.name)
        if let configuration {
            facts.slot = try SlotManager(configuration.slot).status(on: connection)
            facts.publication = try Catalog(connection).publication(named: configuration.publication.name)
            let owner = try connection.query(
                """
                SELECT r.rolname, pg_catalog.pg_has_role(p.pubowner, 'USAGE')
                  FROM pg_catalog.pg_publication p JOIN pg_catalog.pg_roles r ON r.oid = p.pubowner WHERE p.pubname = $1
                """, [configuration.publication.name], action: "reading the publication's owner")
            facts.publicationOwner = owner.text(0, 0)
            facts.isPublicationOwner = owner.bool(0, 1)
            if let table = configuration.signals.table { try facts.readSignalTable(table, connection) }
        }
        return facts
    }

    private static let settingNames = [
        "server_version", "wal_level", "max_wal_senders", "max_replication_slots", "max_slot_wal_keep_size",
        "wal_sender_timeout", "ssl", "rds.logical_replication",
    ]

    private mutating func readServer(_ connection: PostgresConnection) throws(CaptureError) {
        let list = Self.settingNames.map { "pg_catalog.current_setting('\($0)', true)" }.joined(separator: ", ")
        let result = try connection.query(
            """
            SELECT pg_catalog.current_database(), current_user, pg_catalog.pg_is_in_recovery(),
                   EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'rdsadmin'),
                   EXISTS (SELECT FROM pg_catalog.pg_proc WHERE proname = 'aurora_version'),
                   pg_catalog.inet_server_addr() IS NULL, \(list)
            """, action: "reading the server's settings")
        database = result.text(0, 0) ?? ""
        user = result.text(0, 1) ?? ""
        isStandby = result.bool(0, 2)
        isRDS = result.bool(0, 3)
        isAurora = result.bool(0, 4)
        isLocalSocket = result.bool(0, 5)
        for (index, name) in Self.settingNames.enumerated() { settings[name] = result.text(0, 6 + index) }
        version = settings["server_version"] ?? ""
    }

    private mutating func readRole(_ connection: PostgresConnection) throws(CaptureError) {
        let result = try connection.query(
            """
            SELECT r.rolsuper, r.rolreplication,
                   pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),
                   (SELECT pg_catalog.pg_has_role(g.oid, 'MEMBER') FROM pg_catalog.pg_roles g
                     WHERE g.rolname = 'rds_replication')
              FROM pg_catalog.pg_roles r WHERE r.rolname = current_user
            """, action: "reading the role's attributes")
        isSuperuser = result.bool(0, 0)
        canReplicate = result.bool(0, 1)
        canCreateInDatabase = result.bool(0, 2)
        isInRDSReplication = result.isNull(0, 3) ? nil : result.bool(0, 3)
    }

    private mutating func readTables(
        _ connection: PostgresConnection, _ configuration: CaptureConfiguration?
    ) throws(CaptureError) {
        let result = try connection.query(
            """
            SELECT c.oid, n.nspname, c.relname, c.relreplident, c.relpersistence,
                   pg_catalog.has_any_column_privilege(c.oid, 'SELECT')
                     AND pg_catalog.has_schema_privilege(n.oid, 'USAGE'),
                   pg_catalog.pg_has_role(c.relowner, 'USAGE'),
                   EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisprimary),
                   c.relkind = 'p'
              FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
               AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'
             ORDER BY 2, 3
            """, action: "listing the tables")
        for row in 0..<result.rowCount {
            let id = TableID(schema: result.text(row, 1) ?? "", table: result.text(row, 2) ?? "")
            guard configuration?.filters.isTableIncluded(id) ?? true else { continue }
            tables.append(
                Table(
                    id: id, oid: result.integer(row, 0, as: UInt32.self) ?? 0, canSelect: result.bool(row, 5),
                    isOwner: result.bool(row, 6), hasPrimaryKey: result.bool(row, 7),
                    identity: Catalog.replicaIdentity(result.text(row, 3)), isUnlogged: result.text(row, 4) == "u",
                    isPartitioned: result.bool(row, 8)))
        }
    }

    private mutating func readSignalTable(
        _ table: TableID, _ connection: PostgresConnection
    ) throws(CaptureError) {
        let result = try connection.query(
            """
            SELECT c.oid, pg_catalog.has_table_privilege(c.oid, 'INSERT'),
                   pg_catalog.has_table_privilege(c.oid, 'DELETE'),
                   (SELECT count(*) FROM pg_catalog.pg_attribute a
                     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)
              FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p')
            """, [table.schema, table.table], action: "looking at the signal table")
        guard result.rowCount == 1 else { return }
        signalTable = SignalTable(
            oid: result.integer(0, 0, as: UInt32.self) ?? 0, columnCount: result.integer(0, 3) ?? 0,
            canInsert: result.bool(0, 1), canDelete: result.bool(0, 2))
    }

    private mutating func readActivity(
        _ connection: PostgresConnection, slotName: String?
    ) throws(CaptureError) {
        let position = isStandby ? "pg_catalog.pg_last_wal_replay_lsn()" : "pg_catalog.pg_current_wal_lsn()"
        let slots = try connection.query(
            """
            SELECT slot_name, active, coalesce(pg_catalog.pg_wal_lsn_diff(\(position), restart_lsn), 0)::int8
              FROM pg_catalog.pg_replication_slots WHERE NOT temporary
            """, action: "listing the slots")
        slotCount = slots.rowCount
        for row in 0..<slots.rowCount where !slots.bool(row, 1) {
            guard let name = slots.text(row, 0), name != slotName else { continue }
            idleSlots.append(IdleSlot(name: name, retainedByteCount: slots.integer(row, 2, as: Int64.self) ?? 0))
        }
        let activity = try connection.query(
            """
            SELECT (SELECT count(*) FROM pg_catalog.pg_stat_replication),
                   (SELECT coalesce(max(extract(epoch FROM now() - xact_start)), 0)::int8
                      FROM pg_catalog.pg_stat_activity
                     WHERE backend_xid IS NOT NULL AND pid <> pg_catalog.pg_backend_pid()),
                   (SELECT count(*) FROM pg_catalog.pg_prepared_xacts)
            """, action: "reading the server's activity")
        usedSenderCount = activity.integer(0, 0) ?? 0
        oldestTransactionSeconds = activity.integer(0, 1) ?? 0
        preparedTransactionCount = activity.integer(0, 2) ?? 0
    }
}
