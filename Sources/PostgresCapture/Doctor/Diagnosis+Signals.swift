import ChangeModel

/// The table that signals come through. Capture works without it, so nothing here is a failure.
extension Diagnosis {
    func signalTable(_ configuration: CaptureConfiguration) -> [Finding] {
        guard let table = configuration.signals.table else { return [] }
        let name = Self.quoted(table)
        let role = PostgresConnection.quote(identifier: facts.user)
        func warning(_ seen: String, _ remedy: String) -> Finding {
            Finding(check: "signal-table", severity: .warning, seen: seen, remedy: remedy)
        }
        let layout = "(id varchar(64) PRIMARY KEY, type varchar(32) NOT NULL, data varchar(2048))"
        guard let found = facts.signalTable else {
            return [warning("the signal table \(table) does not exist", "CREATE TABLE \(name) \(layout);")]
        }
        var list: [Finding] = []
        if found.columnCount < 3 {
            list.append(
                warning(
                    "the signal table \(table) has \(found.columnCount) columns; id, type and data are its first three",
                    "DROP TABLE \(name); CREATE TABLE \(name) \(layout);"))
        }
        if let needed = missingPrivileges(found, configuration.incremental) {
            list.append(
                warning(
                    "role '\(facts.user)' may not write watermarks to the signal table \(table): "
                        + "incremental snapshots would stop the connector",
                    "GRANT \(needed) ON \(name) TO \(role); or set read.only=true"))
        }
        if let publication = facts.publication, !isPublished(found, publication, configuration) {
            list.append(
                warning(
                    "publication '\(publication.name)' lacks the signal table \(table): its signals do not come",
                    "ALTER PUBLICATION \(PostgresConnection.quote(identifier: publication.name)) ADD TABLE \(name);"))
        }
        guard list.isEmpty else { return list }
        return [Finding(check: "signal-table", severity: .good, seen: "the signal table \(table) can be used")]
    }

    /// Watermarks are inserted, and deleted again where the strategy says so; a read-only source gets none.
    private func missingPrivileges(
        _ table: ServerFacts.SignalTable, _ settings: IncrementalSnapshotSettings
    ) -> String? {
        guard !settings.isReadOnly else { return nil }
        if settings.watermarking == .insertDelete, !table.canDelete {
            return table.canInsert ? "DELETE" : "INSERT, DELETE"
        }
        return table.canInsert ? nil : "INSERT"
    }

    /// In the publication, or about to be put there by the connector.
    private func isPublished(
        _ table: ServerFacts.SignalTable, _ publication: Publication, _ configuration: CaptureConfiguration
    ) -> Bool {
        if publication.isForAllTables || publication.tableOIDs.contains(table.oid) { return true }
        return configuration.publication.autocreate == .filtered && (facts.isPublicationOwner || facts.isSuperuser)
    }
}
