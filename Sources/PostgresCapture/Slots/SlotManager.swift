public import ChangeModel

/// Creates, looks at and drops one replication slot, over connections that the caller opens.
public struct SlotManager {
    public let settings: SlotSettings

    public init(_ settings: SlotSettings) { self.settings = settings }

    /// What the server says of the slot, or nil when it does not exist.
    /// - Parameter connection: any connection but a replication connection.
    public func status(on connection: PostgresConnection) throws(CaptureError) -> SlotStatus? {
        let features = ServerFeatures(version: connection.serverVersion)
        let wal = features.hasSlotWALStatus ? "s.wal_status, s.safe_wal_size" : "NULL, NULL"
        let reason =
            features.hasFailoverSlots
            ? "s.invalidation_reason"
            : features.hasSlotConflict ? "CASE WHEN s.conflicting THEN 'conflict' END" : "NULL"
        let result = try connection.query(
            """
            SELECT s.slot_name, s.plugin, s.database, s.active, s.active_pid, a.client_addr, a.application_name,
                   s.catalog_xmin, s.restart_lsn, s.confirmed_flush_lsn, \(wal), \(reason),
                   pg_catalog.pg_wal_lsn_diff(w.lsn, s.restart_lsn)::pg_catalog.int8,
                   pg_catalog.pg_wal_lsn_diff(w.lsn, s.confirmed_flush_lsn)::pg_catalog.int8
              FROM pg_catalog.pg_replication_slots s
              LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = s.active_pid,
                   (SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                                ELSE pg_catalog.pg_current_wal_lsn() END AS lsn) w
             WHERE s.slot_name = $1
            """, [settings.name], action: "looking at slot '\(settings.name)'")
        guard result.rowCount == 1 else { return nil }
        let application = result.text(0, 6) ?? ""
        let address = result.text(0, 5) ?? "a local socket"
        return SlotStatus(
            name: result.text(0, 0) ?? "", plugin: result.text(0, 1), database: result.text(0, 2),
            isActive: result.bool(0, 3), activePID: result.integer(0, 4, as: Int32.self),
            activeClient: result.isNull(0, 4) ? nil : application.isEmpty ? address : "\(address) (\(application))",
            catalogXmin: result.integer(0, 7, as: UInt64.self), restartLSN: result.text(0, 8).flatMap { LSN($0) },
            confirmedFlushLSN: result.text(0, 9).flatMap { LSN($0) },
            walStatus: result.text(0, 10).flatMap { SlotStatus.WALStatus(rawValue: $0) },
            safeWALByteCount: result.integer(0, 11, as: Int64.self), invalidationReason: result.text(0, 12),
            retainedByteCount: result.integer(0, 13, as: Int64.self),
            lagByteCount: result.integer(0, 14, as: Int64.self))
    }

    /// Refuses a slot that cannot serve this connector.
    /// - Throws: `slotMismatch`, `slotInvalidated`.
    public func check(_ status: SlotStatus, database: String) throws(CaptureError) {
        if status.plugin != "pgoutput" || status.database != database {
            let kind = status.plugin.map { "of plugin '\($0)' in database '\(status.database ?? "")'" } ?? "physical"
            throw CaptureError(
                code: .slotMismatch,
                detail: "slot '\(status.name)' is \(kind), not of plugin 'pgoutput' in database '\(database)'",
                remedy: "Choose another slot.name, or drop it: SELECT pg_drop_replication_slot('\(status.name)')")
        }
        if status.isInvalidated { throw Self.invalidated(status) }
    }

    /// What to say of a slot that the server gave up.
    static func invalidated(_ status: SlotStatus) -> CaptureError {
        let reason = status.invalidationReason ?? "its WAL was removed"
        return CaptureError(
            code: .slotInvalidated, detail: "slot '\(status.name)' can no longer be read: \(reason)",
            remedy: """
                Drop the slot, take a new snapshot (snapshot.mode=when_needed does both), and raise \
                max_slot_wal_keep_size
                """)
    }

    /// A slot just made: where its changes begin, and the snapshot that shows the database at that very moment.
    public struct CreatedSlot: Sendable, Equatable {
        /// Changes of transactions that commit at or after this position come through the slot.
        public var consistentPoint: LSN
        /// For `SET TRANSACTION SNAPSHOT`; valid until the replication connection runs another command or closes.
        public var snapshotName: String?
    }

    /// Creates the slot.
    /// - Parameters:
    ///   - connection: a replication connection. While `exportsSnapshot`, it must stay open and unused as long as
    ///     the snapshot is needed.
    public func create(on connection: PostgresConnection, exportsSnapshot: Bool) throws(CaptureError) -> CreatedSlot {
        let features = ServerFeatures(version: connection.serverVersion)
        let name = PostgresConnection.quote(identifier: settings.name)
        let twoPhase = settings.usesTwoPhase && features.hasTwoPhase
        var sql = "CREATE_REPLICATION_SLOT \(name) LOGICAL pgoutput"
        if features.hasTwoPhase {
            var options = ["SNAPSHOT '\(exportsSnapshot ? "export" : "nothing")'"]
            if twoPhase { options.append("TWO_PHASE true") }
            if settings.failover, features.hasFailoverSlots { options.append("FAILOVER true") }
            sql += " (\(options.joined(separator: ", ")))"
        } else {
            sql += exportsSnapshot ? " EXPORT_SNAPSHOT" : " NOEXPORT_SNAPSHOT"
        }
        let result = try connection.query(sql, action: "creating slot '\(settings.name)'")
        guard let point = result.text(0, 1).flatMap({ LSN($0) }) else {
            throw CaptureError(code: .protocolViolation, detail: "the server created a slot without naming its start")
        }
        return CreatedSlot(consistentPoint: point, snapshotName: result.text(0, 2))
    }

    /// Creates a slot that lives as long as its connection, for the snapshot that it exports.
    public func createTemporary(on connection: PostgresConnection) throws(CaptureError) -> CreatedSlot {
        // A name's 63 bytes are shared with the process id, which makes it unique.
        let suffix = "_snapshot_\(connection.backendPID)"
        let name = String(settings.name.prefix(63 - suffix.utf8.count)) + suffix
        let result = try connection.query(
            """
            CREATE_REPLICATION_SLOT \(PostgresConnection.quote(identifier: name)) TEMPORARY LOGICAL pgoutput \
            EXPORT_SNAPSHOT
            """, action: "creating the temporary slot '\(name)' for a snapshot")
        guard let point = result.text(0, 1).flatMap({ LSN($0) }) else {
            throw CaptureError(code: .protocolViolation, detail: "the server created a slot without naming its start")
        }
        return CreatedSlot(consistentPoint: point, snapshotName: result.text(0, 2))
    }

    /// Drops the slot; one that does not exist is fine.
    /// - Parameter connection: any connection but a replication connection.
    public func drop(on connection: PostgresConnection) throws(CaptureError) {
        try connection.query(
            """
            SELECT pg_catalog.pg_drop_replication_slot(s.slot_name) FROM pg_catalog.pg_replication_slots s
             WHERE s.slot_name = $1
            """, [settings.name], action: "dropping slot '\(settings.name)'")
    }

    /// Waits until nobody else reads from the slot.
    ///
    /// After a broken connection the server may not know yet that our former walsender has nobody to talk to; it finds
    /// out within `wal_sender_timeout`.
    /// - Parameter report: told who holds the slot, once per attempt.
    /// - Throws: `slotInUse` after `slot.max.retries` attempts.
    public func waitUntilFree(
        on connection: PostgresConnection, report: (String) -> Void
    ) throws(CaptureError) {
        var attempt = 0
        while let status = try status(on: connection), status.isActive {
            let holder = "process \(status.activePID ?? 0) for \(status.activeClient ?? "an unknown client")"
            attempt += 1
            guard attempt <= settings.retryCountMax else {
                throw CaptureError(
                    code: .slotInUse, detail: "slot '\(settings.name)' is in use by \(holder)",
                    remedy: """
                        Stop that client, or give this connector its own slot.name; a dead one is dropped by the \
                        server after wal_sender_timeout, at once by SELECT pg_terminate_backend(\(status.activePID ?? 0))
                        """)
            }
            report("slot '\(settings.name)' is in use by \(holder)")
            guard connection.interrupt.sleep(for: settings.retryDelay) else {
                throw CaptureError(code: .cancelled, detail: "waiting for slot '\(settings.name)' was cancelled")
            }
        }
    }
}

extension SlotSettings {
    /// `two_phase` among the slot's parameters.
    var usesTwoPhase: Bool { isOn("two_phase") }

    /// The lowest version of pgoutput's protocol that knows the slot's parameters.
    var protocolVersion: Int {
        if streamParameters.contains(where: { $0.name == "streaming" && $0.value.lowercased() == "parallel" }) {
            return 4
        }
        return usesTwoPhase ? 3 : isOn("streaming") ? 2 : 1
    }

    func isOn(_ parameter: String) -> Bool {
        guard let value = streamParameters.last(where: { $0.name == parameter })?.value.lowercased() else {
            return false
        }
        return ["true", "on", "1", "yes", "t", "y"].contains(value)
    }
}
