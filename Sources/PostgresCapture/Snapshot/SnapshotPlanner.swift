import ChangeModel
import DebeziumFormat
import Foundation

/// Works out what a snapshot has to read: heaps, their blocks and the statements.
///
/// Uses its connection, whose transaction sees what the snapshot sees.
struct SnapshotPlanner {
    let connection: PostgresConnection
    let configuration: CaptureConfiguration
    /// About how much text one chunk gives; a chunk's events are gathered before they are handed over.
    var chunkByteCount = 1 << 20

    var catalog: Catalog {
        Catalog(connection, includesComments: configuration.events.includeSchemaComments)
    }

    // MARK: - Heaps

    /// The ledger's entry of a table, with the heaps it consists of.
    func ledgerTable(_ table: TableSummary, select: String?) throws(CaptureError) -> SnapshotLedger.Table {
        var entry = SnapshotLedger.Table(oid: table.oid, id: table.id, storages: [], select: select)
        if select == nil { entry.storages = try storages(of: table) ?? [] }
        return entry
    }

    /// The heaps of a table in the order in which `SELECT * FROM table` reads them; nil where one has no blocks.
    private func storages(of table: TableSummary) throws(CaptureError) -> [SnapshotLedger.Storage]? {
        let heirs = try connection.query(
            "SELECT 1 FROM pg_catalog.pg_inherits WHERE inhparent = $1::pg_catalog.oid LIMIT 1", [String(table.oid)],
            action: "looking for partitions of table '\(table.id)'")
        guard table.isPartitioned || heirs.rowCount > 0 else {
            return try heap(table.oid).map { [$0] }
        }
        var list: [SnapshotLedger.Storage] = []
        for name in try scanOrder(of: table.id) {
            guard let oid = try catalog.oid(of: name), let heap = try heap(oid) else { return nil }
            list.append(heap)
        }
        return list
    }

    /// One heap as it is now; nil for what is no heap (a foreign table) or does not exist.
    func heap(_ oid: UInt32) throws(CaptureError) -> SnapshotLedger.Storage? {
        let result = try connection.query(
            """
            SELECT c.relkind, pg_catalog.pg_relation_filenode(c.oid), pg_catalog.pg_relation_size(c.oid),
                   pg_catalog.pg_table_size(c.oid), pg_catalog.current_setting('block_size')
              FROM pg_catalog.pg_class c WHERE c.oid = $1::pg_catalog.oid
            """, [String(oid)], action: "measuring a table")
        guard result.text(0, 0) == "r", let node = result.integer(0, 1, as: UInt32.self),
            let size = result.integer(0, 2), let total = result.integer(0, 3), let block = result.integer(0, 4)
        else { return nil }
        return SnapshotLedger.Storage(
            oid: oid, fileNode: node, blockCount: UInt32(size / block),
            blocksPerChunk: Self.blocksPerChunk(
                heapByteCount: size, totalByteCount: total, blockByteCount: block, chunkByteCount: chunkByteCount))
    }

    /// How many blocks give about `chunkByteCount` bytes, counting what the rows keep in TOAST.
    static func blocksPerChunk(
        heapByteCount: Int, totalByteCount: Int, blockByteCount: Int, chunkByteCount: Int
    ) -> UInt32 {
        guard heapByteCount > 0 else { return 1 }
        // TOAST is compressed where the heap is not: count it twice.
        let toast = Double(max(0, totalByteCount - heapByteCount)) * 2
        let perBlock = Double(blockByteCount) * (1 + toast / Double(heapByteCount))
        return UInt32(min(65_536, max(1, Double(chunkByteCount) / perBlock)))
    }

    /// The heaps in the order of an Append node, which follows partition bounds.
    private func scanOrder(of table: TableID) throws(CaptureError) -> [TableID] {
        let name = Self.quoted(table)
        let result = try connection.query(
            "EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) SELECT 1 FROM \(name)",
            action: "planning the read of table '\(table)'")
        let text = (0..<result.rowCount).compactMap { result.text($0, 0) }.joined(separator: "\n")
        let plan = try? JSONSerialization.jsonObject(with: Data(text.utf8))
        var names: [TableID] = []
        func visit(_ node: Any) {
            if let list = node as? [Any] {
                for item in list { visit(item) }
            } else if let object = node as? [String: Any] {
                if let schema = object["Schema"] as? String, let table = object["Relation Name"] as? String {
                    names.append(TableID(schema: schema, table: table))
                }
                if let plan = object["Plan"] { visit(plan) }
                if let plans = object["Plans"] { visit(plans) }
            }
        }
        visit(plan ?? [])
        return names
    }

    // MARK: - Statements

    /// The jobs that are left of a table.
    /// - Parameters:
    ///   - earlier: keeps rows that this snapshot sees; nil when the connection's own snapshot is the one.
    func jobs(
        for entry: SnapshotLedger.Table, schema: TableSchema, index: Int, earlier: TransactionSnapshot?,
        now: TransactionSnapshot
    ) throws(CaptureError) -> [SnapshotJob] {
        if let select = entry.select {
            let statement = Self.trimmed(select)
            let names = try connection.columnNames(of: statement, action: "reading table '\(entry.id)'")
            let columns = schema.columns.map { names.firstIndex(of: $0.name) ?? -1 }
            return [job(entry, index, select: statement, columns: columns, readCount: names.count)]
        }
        let isIncluded = configuration.events.isColumnIncluded
        // Like Debezium, a table without an included column is read whole: its key has all its values then.
        let readsAll = !schema.columns.contains { isIncluded(entry.id, $0.name) }
        var columns: [Int] = []
        var names: [String] = []
        for column in schema.columns {
            let isRead = readsAll || isIncluded(entry.id, column.name)
            columns.append(isRead ? names.count : -1)
            if isRead { names.append(PostgresConnection.quote(identifier: column.name)) }
        }
        let list = names.joined(separator: ", ")
        guard !entry.storages.isEmpty else {
            let statement = "SELECT \(list) FROM \(Self.quoted(entry.id))"
            return [job(entry, index, select: statement, columns: columns, readCount: names.count)]
        }
        var jobs: [SnapshotJob] = []
        for storage in entry.storages {
            guard let name = try name(of: storage.oid) else { continue }
            let condition = storage.wasRewritten ? nil : earlier?.rowCondition(under: now)
            for blocks in storage.remainingChunks {
                let isWhole = blocks.lowerBound == 0 && blocks.upperBound == storage.blockCount
                let conditions = [isWhole ? nil : range(blocks), condition].compactMap { $0 }
                let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
                var job = job(
                    entry, index, select: "SELECT \(list) FROM ONLY \(Self.quoted(name))\(filter)", columns: columns,
                    readCount: names.count)
                job.storage = storage.oid
                job.endBlock = blocks.upperBound
                job.fileNode = storage.fileNode
                job.endsTable = false
                jobs.append(job)
            }
        }
        // A table whose last heap vanished, or was read to its end, still has to be marked complete.
        if jobs.isEmpty {
            jobs = [
                job(
                    entry, index, select: "SELECT \(list) FROM ONLY \(Self.quoted(entry.id)) WHERE FALSE",
                    columns: columns, readCount: names.count)
            ]
        }
        jobs[jobs.count - 1].endsTable = true
        return jobs
    }

    private func job(
        _ entry: SnapshotLedger.Table, _ index: Int, select: String, columns: [Int], readCount: Int
    ) -> SnapshotJob {
        SnapshotJob(
            table: index, storage: nil, endBlock: 0, fileNode: 0, select: select, columns: columns,
            readCount: readCount, name: entry.id.description, endsTable: true)
    }

    /// The condition for a range of blocks, cheap on every version.
    private func range(_ blocks: Range<UInt32>) -> String {
        if catalog.features.hasTIDRangeScan {
            return "ctid >= '(\(blocks.lowerBound),0)' AND ctid < '(\(blocks.upperBound),0)'"
        }
        // Before 14 a range of ctid scans the whole table; a list of every possible one is looked up directly.
        return """
            ctid = ANY (ARRAY(SELECT ('(' || b || ',' || o || ')')::pg_catalog.tid
              FROM pg_catalog.generate_series(\(blocks.lowerBound)::pg_catalog.int8, \(blocks.upperBound - 1)) b,
                   pg_catalog.generate_series(1, pg_catalog.current_setting('block_size')::pg_catalog.int4 / 28) o))
            """
    }

    private func name(of oid: UInt32) throws(CaptureError) -> TableID? {
        let result = try connection.query(
            """
            SELECT n.nspname, c.relname FROM pg_catalog.pg_class c
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = $1::pg_catalog.oid
            """, [String(oid)], action: "looking up a table")
        guard let schema = result.text(0, 0), let table = result.text(0, 1) else { return nil }
        return TableID(schema: schema, table: table)
    }

    static func quoted(_ table: TableID) -> String {
        PostgresConnection.quote(identifier: table.schema) + "." + PostgresConnection.quote(identifier: table.table)
    }

    /// A user's statement without the semicolons at its end.
    static func trimmed(_ statement: String) -> String {
        var text = statement[...]
        while let last = text.last, last.isWhitespace || last == ";" { text.removeLast() }
        return String(text)
    }
}
