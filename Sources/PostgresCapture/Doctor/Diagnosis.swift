import ChangeModel

/// Judges what was read from a server. Pure: facts in, findings out.
struct Diagnosis {
    let facts: ServerFacts
    let configuration: CaptureConfiguration?

    func findings() -> [Finding] {
        var list = [
            Finding(
                check: "connection", severity: .good,
                seen: "connected to database '\(facts.database)' as '\(facts.user)'"), version(), walLevel(),
        ]
        list += [limits("max_wal_senders", used: facts.usedSenderCount, what: "WAL senders")]
        let ownSlotExists = facts.slot != nil
        list += [
            limits(
                "max_replication_slots", used: facts.slotCount - (ownSlotExists ? 1 : 0), what: "replication slots")
        ]
        list += [role()]
        if let error = facts.replicationError { list += [replication(error)] }
        list += [walKeepSize(), senderTimeout(), tls()]
        if facts.isRDS || facts.isAurora { list += rds() }
        list += tables()
        if let configuration { list += slot(configuration) + [publication(configuration)] + signalTable(configuration) }
        list += activity()
        return list
    }

    private func setting(_ name: String) -> String { facts.settings[name] ?? "" }

    private func good(_ check: String, _ seen: String) -> Finding { .init(check: check, severity: .good, seen: seen) }

    // MARK: Server

    private func version() -> Finding {
        let seen = "PostgreSQL \(facts.version)" + (facts.isStandby ? ", a standby" : "")
        if facts.versionNumber < ServerFeatures.minimumVersion {
            return .init(
                check: "version", severity: .failure, seen: seen, remedy: "Upgrade the server to PostgreSQL 12 or newer"
            )
        }
        if facts.isStandby, facts.versionNumber < 160_000 {
            return .init(
                check: "version", severity: .failure, seen: seen + ": standbys decode from PostgreSQL 16 on",
                remedy: "Connect to the primary")
        }
        return good("version", seen)
    }

    private func walLevel() -> Finding {
        let level = setting("wal_level")
        if level == "logical" { return good("wal-level", "wal_level = logical") }
        let remedy =
            facts.isRDS || facts.isAurora
            ? "Set rds.logical_replication = 1 in the instance's parameter group and reboot it"
            : "ALTER SYSTEM SET wal_level = logical; and restart the server"
        return .init(check: "wal-level", severity: .failure, seen: "wal_level = \(level)", remedy: remedy)
    }

    private func limits(_ name: String, used: Int, what: String) -> Finding {
        let check = name == "max_wal_senders" ? "wal-senders" : "replication-slots"
        let limit = Int(setting(name)) ?? 0
        let seen = "\(what): \(used) of \(limit) in use (\(name))"
        if used < limit { return good(check, seen) }
        return .init(
            check: check, severity: .failure, seen: seen,
            remedy: "ALTER SYSTEM SET \(name) = \(max(10, limit + 5)); and restart the server, or free one")
    }

    private func role() -> Finding {
        let name = PostgresConnection.quote(identifier: facts.user)
        if facts.isSuperuser || facts.canReplicate || facts.isInRDSReplication == true {
            return good(
                "role",
                "role '\(facts.user)' "
                    + (facts.isSuperuser
                        ? "is a superuser" : facts.canReplicate ? "has REPLICATION" : "is in rds_replication"))
        }
        let isManaged = facts.isInRDSReplication != nil
        return .init(
            check: "role", severity: .failure,
            seen: "role '\(facts.user)' may not replicate: it neither has REPLICATION nor is a superuser",
            remedy: isManaged ? "GRANT rds_replication TO \(name);" : "ALTER ROLE \(name) REPLICATION;")
    }

    private func replication(_ error: CaptureError) -> Finding {
        .init(
            check: "replication-connection", severity: .failure,
            seen: "a replication connection was refused: \(error.code.rawValue): \(error.detail)",
            remedy: error.remedy.isEmpty ? "Check pg_hba.conf for the database and the role" : error.remedy)
    }

    private func walKeepSize() -> Finding {
        let value = setting("max_slot_wal_keep_size")
        if value.isEmpty { return good("wal-keep-size", "this server has no max_slot_wal_keep_size") }
        if value == "-1" {
            return .init(
                check: "wal-keep-size", severity: .warning,
                seen: "max_slot_wal_keep_size = -1: a connector that is stopped for long can fill the server's disk",
                remedy: "ALTER SYSTEM SET max_slot_wal_keep_size = '50GB'; SELECT pg_reload_conf();")
        }
        return good("wal-keep-size", "max_slot_wal_keep_size = \(value)")
    }

    private func senderTimeout() -> Finding {
        let value = setting("wal_sender_timeout")
        let milliseconds = Self.milliseconds(value)
        let interval = configuration?.stream.statusInterval ?? .seconds(10)
        if let milliseconds, milliseconds > 0, interval >= .milliseconds(milliseconds) {
            return .init(
                check: "sender-timeout", severity: .failure,
                seen: "wal_sender_timeout = \(value) is not above status.update.interval.ms",
                remedy: "Lower status.update.interval.ms below \(milliseconds)")
        }
        return good("sender-timeout", "wal_sender_timeout = \(value)")
    }

    /// A time as PostgreSQL prints it: `1min`, `60s`, `500ms`, `0`.
    static func milliseconds(_ text: String) -> Int? {
        let units = [("ms", 1), ("min", 60_000), ("s", 1000), ("h", 3_600_000), ("d", 86_400_000)]
        for (unit, factor) in units where text.hasSuffix(unit) {
            return Int(text.dropLast(unit.count)).map { $0 * factor }
        }
        return Int(text)
    }

    private func tls() -> Finding {
        if facts.isEncrypted { return good("tls", "the connection is encrypted") }
        if facts.isLocalSocket { return good("tls", "a Unix socket: nothing to encrypt") }
        return .init(
            check: "tls", severity: .warning, seen: "the connection is not encrypted",
            remedy: setting("ssl") == "on"
                ? "Set database.sslmode to verify-full, with database.sslrootcert"
                : "ALTER SYSTEM SET ssl = on; with a certificate, then set database.sslmode")
    }

    private func rds() -> [Finding] {
        let name = facts.isAurora ? "Aurora" : "RDS"
        let value = setting("rds.logical_replication")
        if value == "on" || value == "1" { return [good("rds", "\(name): rds.logical_replication = \(value)")] }
        return [
            .init(
                check: "rds", severity: .failure, seen: "\(name): rds.logical_replication = \(value)",
                remedy: "Set rds.logical_replication = 1 in the parameter group and reboot the instance")
        ]
    }

    private func activity() -> [Finding] {
        var list: [Finding] = []
        for slot in facts.idleSlots where slot.retainedByteCount > 1 << 30 {
            list.append(
                .init(
                    check: "idle-slots", severity: .warning,
                    seen: "slot '\(slot.name)' is read by nobody and holds \(slot.retainedByteCount >> 20) MiB of WAL",
                    remedy:
                        "SELECT pg_drop_replication_slot(\(PostgresConnection.quote(literal: slot.name))); if it is not needed"
                ))
        }
        if facts.slot == nil, facts.oldestTransactionSeconds > 60 {
            list.append(
                .init(
                    check: "open-transactions", severity: .warning,
                    seen:
                        "a transaction has been open for \(facts.oldestTransactionSeconds) s: creating a slot waits for it",
                    remedy:
                        "SELECT pid, xact_start, state FROM pg_stat_activity WHERE backend_xid IS NOT NULL ORDER BY 2;")
            )
        }
        if facts.slot == nil, facts.preparedTransactionCount > 0 {
            list.append(
                .init(
                    check: "prepared-transactions", severity: .warning,
                    seen: "\(facts.preparedTransactionCount) prepared transactions: creating a slot waits for them",
                    remedy: "SELECT gid, prepared FROM pg_prepared_xacts; then COMMIT PREPARED or ROLLBACK PREPARED"))
        }
        return list
    }
}
