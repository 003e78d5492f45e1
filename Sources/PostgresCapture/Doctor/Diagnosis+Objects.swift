import ChangeModel

/// Tables, publication and slot.
extension Diagnosis {
    func tables() -> [Finding] {
        guard !facts.tables.isEmpty else {
            return [
                Finding(
                    check: "tables", severity: .warning,
                    seen: "no table is captured: none exists or the lists match none",
                    remedy: configuration == nil ? nil : "Check schema.include.list and table.include.list")
            ]
        }
        var list: [Finding] = []
        let readsRows = configuration?.snapshot.readsRows ?? true
        for table in facts.tables {
            let name = Self.quoted(table.id)
            if !table.canSelect, readsRows, configuration?.filters.isTableInSnapshot(table.id) ?? true {
                let grant =
                    "GRANT USAGE ON SCHEMA \(PostgresConnection.quote(identifier: table.id.schema)) TO \(role); "
                    + "GRANT SELECT ON \(name) TO \(role);"
                list.append(
                    Finding(
                        check: "table-privileges", severity: .failure,
                        seen: "role '\(facts.user)' may not read \(table.id)", remedy: grant))
            }
            if table.isUnlogged {
                list.append(
                    Finding(
                        check: "unlogged-table", severity: .warning,
                        seen: "\(table.id) is unlogged: its changes are not in the WAL",
                        remedy: "ALTER TABLE \(name) SET LOGGED;"))
            }
            if let finding = identity(table, name) { list.append(finding) }
        }
        if list.isEmpty {
            return [
                Finding(
                    check: "tables", severity: .good,
                    seen: "\(facts.tables.count) tables, all readable and with an identity")
            ]
        }
        return list
    }

    private var role: String { PostgresConnection.quote(identifier: facts.user) }

    private func identity(_ table: ServerFacts.Table, _ name: String) -> Finding? {
        if configuration?.publication.replicaIdentity(table.id) != nil { return nil }
        let isBare = table.identity == .nothing || (table.identity == .default && !table.hasPrimaryKey)
        guard isBare else { return nil }
        let reason = table.identity == .nothing ? "has REPLICA IDENTITY NOTHING" : "has no primary key"
        return Finding(
            check: "replica-identity", severity: .warning,
            seen: "\(table.id) \(reason): once it is published, the server refuses updates and deletes on it",
            remedy: "ALTER TABLE \(name) REPLICA IDENTITY FULL; or add a primary key")
    }

    func publication(_ configuration: CaptureConfiguration) -> Finding {
        let settings = configuration.publication
        let name = PostgresConnection.quote(identifier: settings.name)
        let check = "publication"
        guard let found = facts.publication else { return missingPublication(settings, name) }
        if found.isForAllTables, settings.autocreate == .filtered {
            return Finding(
                check: check, severity: .failure,
                seen:
                    "publication '\(settings.name)' is for all tables, which publication.autocreate.mode=filtered is not",
                remedy: "DROP PUBLICATION \(name); or set publication.autocreate.mode=all_tables")
        }
        if found.isForAllTables {
            return Finding(check: check, severity: .good, seen: "publication '\(settings.name)' is for all tables")
        }
        let members = Set(found.tableOIDs)
        let absent = facts.tables.filter { !members.contains($0.oid) && !$0.isUnlogged && !$0.isPartitioned }
        if absent.isEmpty || found.isViaPartitionRoot {
            return Finding(
                check: check, severity: .good, seen: "publication '\(settings.name)' has the captured tables")
        }
        let canAlter = facts.isPublicationOwner || facts.isSuperuser
        let list = absent.map { Self.quoted($0.id) }.joined(separator: ", ")
        let names = absent.prefix(5).map(\.id.description).joined(separator: ", ") + (absent.count > 5 ? ", …" : "")
        let remedy = "ALTER PUBLICATION \(name) ADD TABLE \(list);"
        if settings.autocreate == .filtered, canAlter {
            return Finding(
                check: check, severity: .good,
                seen: "publication '\(settings.name)' lacks \(absent.count) captured tables; the connector adds them")
        }
        if settings.autocreate == .filtered {
            return Finding(
                check: check, severity: .failure,
                seen: "publication '\(settings.name)' belongs to '\(facts.publicationOwner ?? "?")' and lacks \(names)",
                remedy: remedy)
        }
        return Finding(
            check: check, severity: .warning,
            seen: "publication '\(settings.name)' lacks captured tables, whose changes will not come: \(names)",
            remedy: remedy)
    }

    private func missingPublication(_ settings: PublicationSettings, _ name: String) -> Finding {
        let check = "publication"
        let list = facts.tables.map { Self.quoted($0.id) }.joined(separator: ", ")
        let statement: String
        let isAllowed: Bool
        switch settings.autocreate {
        case .disabled:
            let remedy = "CREATE PUBLICATION \(name) FOR TABLE \(list);"
            return Finding(
                check: check, severity: .failure,
                seen: "publication '\(settings.name)' does not exist, and publication.autocreate.mode is disabled",
                remedy: remedy)
        case .allTables:
            statement = "CREATE PUBLICATION \(name) FOR ALL TABLES;"
            isAllowed = facts.isSuperuser
        case .noTables:
            statement = "CREATE PUBLICATION \(name);"
            isAllowed = facts.isSuperuser || facts.canCreateInDatabase
        case .filtered:
            statement = "CREATE PUBLICATION \(name) FOR TABLE \(list);"
            isAllowed =
                facts.isSuperuser
                || (facts.canCreateInDatabase && facts.tables.allSatisfy { $0.isOwner || $0.isUnlogged })
        }
        if isAllowed {
            return Finding(
                check: check, severity: .good,
                seen: "publication '\(settings.name)' does not exist; the connector creates it")
        }
        return Finding(
            check: check, severity: .failure,
            seen: "publication '\(settings.name)' does not exist, and role '\(facts.user)' may not create it"
                + (settings.autocreate == .allTables ? " for all tables" : ""),
            remedy: "As a superuser: " + statement)
    }

    func slot(_ configuration: CaptureConfiguration) -> [Finding] {
        let name = configuration.slot.name
        guard let slot = facts.slot else {
            return [
                Finding(check: "slot", severity: .good, seen: "slot '\(name)' does not exist; the connector creates it")
            ]
        }
        let drop = "SELECT pg_drop_replication_slot(\(PostgresConnection.quote(literal: name)));"
        if slot.plugin != "pgoutput" {
            return [
                Finding(
                    check: "slot", severity: .failure,
                    seen: "slot '\(name)' uses the plug-in '\(slot.plugin ?? "none")'",
                    remedy: "Choose another slot.name, or: " + drop)
            ]
        }
        if slot.database != facts.database {
            return [
                Finding(
                    check: "slot", severity: .failure,
                    seen: "slot '\(name)' belongs to database '\(slot.database ?? "")'",
                    remedy: "Choose another slot.name: slots' names are unique on a server")
            ]
        }
        if slot.isInvalidated {
            return [
                Finding(
                    check: "slot", severity: .failure,
                    seen:
                        "slot '\(name)' is invalidated (\(slot.invalidationReason ?? "WAL was removed")): changes are lost",
                    remedy: drop + " then start with snapshot.mode=when_needed or initial")
            ]
        }
        if slot.isActive {
            return [
                Finding(
                    check: "slot", severity: .failure,
                    seen:
                        "slot '\(name)' is in use by process \(slot.activePID ?? 0), \(slot.activeClient ?? "client unknown")",
                    remedy: "Stop that client, or: SELECT pg_terminate_backend(\(slot.activePID ?? 0));")
            ]
        }
        let lag = slot.lagByteCount.map { ", \($0) bytes behind" } ?? ""
        return [Finding(check: "slot", severity: .good, seen: "slot '\(name)' exists and is free\(lag)")]
    }

    static func quoted(_ table: TableID) -> String {
        PostgresConnection.quote(identifier: table.schema) + "." + PostgresConnection.quote(identifier: table.table)
    }
}
