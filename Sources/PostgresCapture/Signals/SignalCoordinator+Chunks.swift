import ByteCoding
import ChangeModel
import DebeziumFormat
import Foundation
import Logging
import RecordTransport

extension SignalCoordinator {
    /// Reads the next chunk between its watermarks, going on to the next tables where one has no more rows.
    func readChunk(encoder: inout ChangeEncoder, sink: inout RecordGroupWriter) throws(CaptureError) {
        try processStopRequests(&encoder, &sink)
        guard context.isRunning, !context.isPaused else { return }
        let opened = try openWindow()
        while context.isRunning {
            guard try prepareTable(&encoder, &sink), let table else { continue }
            if context.maximumKey == nil {
                guard let maximum = try maximumKey(of: table, &encoder, &sink) else { continue }
                context.maximumKey = maximum
            }
            do throws(CaptureError) {
                try readRows(of: table, &encoder)
            } catch {
                guard error.code == .queryFailed || error.code == .tableMissing else { throw error }
                logger.error(
                    "reading a chunk failed", metadata: ["table": "\(table.schema.id)", "error": "\(error)"])
                try completeTable("SQL_EXCEPTION", &encoder, &sink)
                continue
            }
            if window.readCount == 0 {
                try completeTable("SUCCEEDED", &encoder, &sink)
                continue
            }
            try notify(
                "IN_PROGRESS",
                [
                    ("data_collections", context.names), ("current_collection_in_progress", "\(table.schema.id)"),
                    ("maximum_key", Self.text(context.maximumKey)), ("last_processed_key", Self.text(readKey)),
                ], &encoder, &sink)
            break
        }
        try closeWindow(opened: opened)
    }

    private static func text(_ key: [String?]?) -> String {
        (key ?? []).map { $0 ?? "<null>" }.joined(separator: ",")
    }

    // MARK: - Watermarks

    /// Writes the first watermark of a new chunk.
    /// - Returns: its time in text form.
    private func openWindow() throws(CaptureError) -> String {
        let id = UUID().uuidString.lowercased()
        chunkID = id
        window.removeAll()
        let now = Self.timestamp()
        guard !configuration.incremental.isReadOnly else {
            // Whatever the stream brings from here on may be newer than what is read now.
            isWindowOpen = true
            return now
        }
        try insert(id: "\(id)-open", type: SignalAction.openWindowType, data: "{\"openWindowTimestamp\": \"\(now)\"}")
        return now
    }

    private func closeWindow(opened: String) throws(CaptureError) {
        guard let id = chunkID else { return }
        if configuration.incremental.isReadOnly {
            closingLSN = try endOfWAL()
            return
        }
        switch configuration.incremental.watermarking {
        case .insertInsert:
            let data = "{\"openWindowTimestamp\": \"\(opened)\", \"closeWindowTimestamp\": \"\(Self.timestamp())\"}"
            try insert(id: "\(id)-close", type: SignalAction.closeWindowType, data: data)
        case .insertDelete:
            guard let table = configuration.signals.table else { return }
            try connection.use { connection throws(CaptureError) in
                let result = try connection.query("SELECT * FROM \(SnapshotPlanner.quoted(table)) LIMIT 0")
                let column = PostgresConnection.quote(identifier: result.columnNames.first ?? "id")
                try connection.query(
                    "DELETE FROM \(SnapshotPlanner.quoted(table)) WHERE \(column) = $1", ["\(id)-open"],
                    action: "closing a window in the signal table")
            }
        }
    }

    private func insert(id: String, type: String, data: String) throws(CaptureError) {
        guard let table = configuration.signals.table else { return }
        try connection.use { connection throws(CaptureError) in
            do throws(CaptureError) {
                try connection.query(
                    "INSERT INTO \(SnapshotPlanner.quoted(table)) VALUES ($1, $2, $3)", [id, type, data],
                    action: "writing a watermark to the signal table")
            } catch {
                // The connection broke after the row was in: the row is ours all the same.
                guard error.sqlState == "23505" else { throw error }
            }
        }
    }

    /// A position in the WAL behind everything that the chunk can have seen.
    private func endOfWAL() throws(CaptureError) -> LSN {
        let text = try connection.use { connection throws(CaptureError) in
            try connection.query(
                """
                SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
                            ELSE pg_catalog.pg_current_wal_insert_lsn() END
                """, action: "reading the end of WAL"
            ).text(0, 0)
        }
        guard let lsn = LSN(text ?? "") else { throw CaptureError(code: .protocolViolation, detail: "no end of WAL") }
        // Right behind a page's header nothing has been written yet: the walsender says the page's beginning.
        let page = lsn.rawValue & ~8191
        return lsn.rawValue - page <= 40 ? LSN(rawValue: page) : lsn
    }

    private static func timestamp() -> String {
        let nanoseconds = WallClock.nanoseconds
        var seconds = time_t(nanoseconds / 1_000_000_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return String(
            format: "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday,
            parts.tm_hour, parts.tm_min, parts.tm_sec, Int(nanoseconds % 1_000_000_000 / 1000))
    }

    // MARK: - Tables

    /// Opens the present table as it is now.
    /// - Returns: false when it cannot be read by a key; the context has then gone on to the next one.
    private func prepareTable(
        _ encoder: inout ChangeEncoder, _ sink: inout RecordGroupWriter
    ) throws(CaptureError) -> Bool {
        guard let collection = context.current else { return false }
        let comments = configuration.events.includeSchemaComments
        let found = try connection.use { connection throws(CaptureError) in
            let catalog = Catalog(connection, includesComments: comments)
            guard let oid = try catalog.oid(of: collection.id), let schema = try catalog.schema(of: oid) else {
                return nil as (TableSchema, TypeCatalog)?
            }
            return (schema, try catalog.types())
        }
        guard let (schema, types) = found else {
            logger.warning(
                "the table of an incremental snapshot does not exist", metadata: ["table": "\(collection.id)"])
            try completeTable("UNKNOWN_SCHEMA", &encoder, &sink)
            return false
        }
        guard let query = ChunkQuery(schema, collection: collection) else {
            logger.warning("a table without a key has no incremental snapshot", metadata: ["table": "\(collection.id)"])
            try completeTable("NO_PRIMARY_KEY", &encoder, &sink)
            return false
        }
        do throws(EncodeError) {
            let handle = try encoder.define(schema, types: types, into: &sink)
            table = OpenTable(schema: schema, handle: handle, query: query)
        } catch {
            throw CaptureError(encoding: error)
        }
        return true
    }

    private func maximumKey(
        of table: OpenTable, _ encoder: inout ChangeEncoder, _ sink: inout RecordGroupWriter
    ) throws(CaptureError) -> [String?]? {
        do throws(CaptureError) {
            let rows = try connection.use { connection throws(CaptureError) in
                try connection.query(table.query.maximum, action: "reading the largest key of '\(table.schema.id)'")
                    .rows()
            }
            if let key = rows.first { return key }
            try completeTable("EMPTY", &encoder, &sink)
        } catch {
            guard error.code == .queryFailed || error.code == .tableMissing else { throw error }
            logger.error(
                "reading the largest key failed", metadata: ["table": "\(table.schema.id)", "error": "\(error)"])
            try completeTable("SQL_EXCEPTION", &encoder, &sink)
        }
        return nil
    }

    /// Goes on to the next table.
    func completeTable(
        _ status: String, _ encoder: inout ChangeEncoder, _ sink: inout RecordGroupWriter
    ) throws(CaptureError) {
        guard let current = context.current else { return }
        try notify(
            "TABLE_SCAN_COMPLETED",
            [
                ("data_collections", context.names), ("scanned_collection", "\(current.id)"),
                ("total_rows_scanned", String(context.sentRowCount + readRowCount)), ("status", status),
            ], &encoder, &sink)
        try nextTable(&encoder, &sink)
    }

    private func nextTable(_ encoder: inout ChangeEncoder, _ sink: inout RecordGroupWriter) throws(CaptureError) {
        context.advance()
        readKey = nil
        readRowCount = 0
        guard !context.isRunning else { return }
        logger.notice("the incremental snapshot is complete")
        try notify("COMPLETED", [], &encoder, &sink)
        context.correlationID = nil
    }

    private func processStopRequests(
        _ encoder: inout ChangeEncoder, _ sink: inout RecordGroupWriter
    ) throws(CaptureError) {
        guard !stopRequests.isEmpty else { return }
        let requests = stopRequests
        stopRequests.removeAll()
        guard context.isRunning else {
            context.correlationID = nil
            return
        }
        var stopped: [String] = []
        var stopsCurrent = false
        for id in TablePattern.expand(requests, among: try knownTables()) {
            if id == table?.schema.id {
                stopsCurrent = true
            } else if context.remove(id) {
                stopped.append(id.description)
            }
        }
        if stopsCurrent, let table {
            stopped.append(table.schema.id.description)
            readRowCount = 0
            if context.isRunning { try nextTable(&encoder, &sink) }
        }
        logger.notice("incremental snapshots were stopped", metadata: ["tables": "\(stopped)"])
        try notify("ABORTED", [("data_collections", stopped.joined(separator: ","))], &encoder, &sink)
        if !context.isRunning { context.correlationID = nil }
    }

    // MARK: - Rows

    private func readRows(of table: OpenTable, _ encoder: inout ChangeEncoder) throws(CaptureError) {
        window.removeAll()
        readRowCount = 0
        let id = table.schema.id
        let isIncluded = configuration.events.isColumnIncluded
        let select = table.query.chunk(
            after: context.lastSentKey, upTo: context.maximumKey ?? [],
            rowCount: configuration.incremental.chunkRowCount, isIncluded: { isIncluded(id, $0) })
        let width = table.schema.columns.count
        let columns = Array(0..<width)
        // On a broken connection the whole chunk is read again.
        try connection.use { connection throws(CaptureError) in
            window.removeAll()
            try connection.copyOut("COPY (\(select)) TO STDOUT", action: "reading a chunk of table '\(id)'") {
                (row) throws(CaptureError) in
                try window.append(row, columns: columns)
            }
        }
        try window.indexRows(by: table.handle, &encoder)
        readRowCount = window.readCount
        if window.readCount > 0 { readKey = window.key(ofRow: window.readCount - 1, columns: table.query.key) }
    }

    /// Forgets what was read and not sent.
    func abandonChunk() {
        window.removeAll()
        isWindowOpen = false
        readKey = nil
        readRowCount = 0
    }

    /// Sends what is left of the chunk; from here on it counts as done.
    func sendWindow(encoder: inout ChangeEncoder, sink: inout RecordGroupWriter) throws(CaptureError) {
        guard let table, window.readCount > 0 else { return }
        do throws(EncodeError) {
            try window.encode(of: table.handle, at: eventPosition, &encoder, &sink)
        } catch {
            throw CaptureError(encoding: error)
        }
        window.removeAll()
        if let readKey { context.lastSentKey = readKey }
        context.sentRowCount += readRowCount
        readRowCount = 0
    }

    /// Takes the row that a change is about out of the window.
    func deduplicate(
        _ change: RowChange, _ handle: TableHandle, _ encoder: inout ChangeEncoder
    ) throws(CaptureError) {
        do throws(EncodeError) {
            var key = ByteBuffer(capacity: 256)
            if try encoder.appendKey(of: change, in: handle, to: &key) { window.remove(key: key.array()) }
            guard change.operation == .update, change.oldTuple != .none else { return }
            key.removeAll()
            let none: [Cell] = []
            let old = RowChange(
                operation: .delete, oldTuple: change.oldTuple, bytes: change.bytes, old: change.old, new: none.span)
            if try encoder.appendKey(of: old, in: handle, to: &key) { window.remove(key: key.array()) }
        } catch {
            throw CaptureError(encoding: error)
        }
    }
}
