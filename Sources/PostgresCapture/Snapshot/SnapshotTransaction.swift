import ChangeModel

/// A transaction that sees what a snapshot sees, kept open while others import its snapshot.
///
/// Not thread-safe; the transaction ends with the connection.
struct SnapshotTransaction {
    let connection: PostgresConnection
    /// The name other connections import.
    let name: String
    let transactions: TransactionSnapshot

    /// - Parameter exported: the name of a snapshot that another session holds; nil takes a new one.
    init(
        _ settings: ConnectionSettings, importing exported: String?, interrupt: Interrupt
    ) throws(CaptureError) {
        connection = try PostgresConnection(settings, for: .data, interrupt: interrupt)
        try Self.begin(connection, importing: exported)
        let result = try connection.query(
            "SELECT pg_catalog.pg_export_snapshot(), pg_catalog.txid_current_snapshot()",
            action: "exporting the snapshot")
        guard let name = result.text(0, 0), let transactions = TransactionSnapshot(result.text(0, 1) ?? "") else {
            throw CaptureError(code: .protocolViolation, detail: "the server exported no snapshot")
        }
        self.name = name
        self.transactions = transactions
    }

    static func begin(_ connection: PostgresConnection, importing name: String?) throws(CaptureError) {
        try connection.execute(
            "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", action: "beginning the snapshot")
        guard let name else { return }
        try connection.execute(
            "SET TRANSACTION SNAPSHOT \(PostgresConnection.quote(literal: name))", action: "importing the snapshot")
    }

    /// The id for `source.txId`; 0 on a standby, which assigns none.
    func transactionID() throws(CaptureError) -> UInt32 {
        let result = try connection.query(
            "SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN 0 ELSE pg_catalog.txid_current() END",
            action: "reading the transaction id")
        return UInt32(truncatingIfNeeded: result.integer(0, 0, as: UInt64.self) ?? 0)
    }

    /// The end of WAL: later than everything that the transaction sees.
    func currentLSN() throws(CaptureError) -> LSN {
        let result = try connection.query(
            """
            SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                        ELSE pg_catalog.pg_current_wal_insert_lsn() END
            """, action: "reading the end of WAL")
        return LSN(result.text(0, 0) ?? "") ?? .invalid
    }

    /// The server's clock, microseconds since 1970.
    func nowMicros() throws(CaptureError) -> Int64 {
        let result = try connection.query(
            "SELECT (extract(epoch FROM pg_catalog.clock_timestamp()) * 1000000)::pg_catalog.int8",
            action: "reading the server's clock")
        return result.integer(0, 0, as: Int64.self) ?? 0
    }

    /// `snapshot.locking.mode=shared`: keeps others from changing or rewriting the tables while they are read.
    func lock(_ tables: [TableID], timeout: Duration) throws(CaptureError) {
        let milliseconds = timeout.components.seconds * 1000 + timeout.components.attoseconds / 1_000_000_000_000_000
        try connection.execute("SET lock_timeout = \(milliseconds)", action: "setting the lock timeout")
        for table in tables {
            try connection.execute(
                "LOCK TABLE \(SnapshotPlanner.quoted(table)) IN ACCESS SHARE MODE", action: "locking table '\(table)'")
        }
    }
}
