public import ChangeModel
public import DebeziumFormat
public import Logging

/// Reads tables as they were at one moment and hands their rows on as `read` events.
///
/// Readers copy chunks of the tables on connections that share one exported snapshot; the caller's thread encodes them
/// in order and hands them over in groups that end where chunks end, each with the ledger of what is left. Run it on a
/// ``CaptureExecutor``: it blocks its thread.
public struct SnapshotRunner: Sendable {
    let configuration: CaptureConfiguration
    let interrupt: Interrupt
    let logger: Logger
    let report: @Sendable (SnapshotProgress) -> Void
    /// A group is handed over at the first end of a chunk where it holds this much.
    var groupByteCount = 2 << 20
    /// The same for what cannot be cut into chunks, where any row ends a group.
    var unchunkedGroupByteCount = 16 << 20
    var chunkByteCount = 1 << 20

    /// - Parameter report: told of progress after every block of rows, on the caller's thread.
    public init(
        configuration: CaptureConfiguration, interrupt: Interrupt, logger: Logger,
        report: @escaping @Sendable (SnapshotProgress) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.interrupt = interrupt
        self.logger = logger
        self.report = report
    }

    /// What a snapshot starts from.
    public enum Start: Sendable {
        /// A slot's exported snapshot: it shows exactly what committed before `lsn`, where streaming begins.
        case exported(name: String, lsn: LSN)
        /// The database as it is now, where no stream follows.
        case now
        /// What an interrupted snapshot has left.
        case resume(SnapshotLedger)
        /// Tables on demand, in the middle of a stream that stands at `position`; a table's select, where there is one,
        /// stands in for its own.
        case onDemand(tables: [(id: TableID, select: String?)], position: SourcePosition)

        var isResumption: Bool { if case .resume = self { true } else { false } }
        var isOnDemand: Bool { if case .onDemand = self { true } else { false } }
        var exportedName: String? { if case .exported(let name, _) = self { name } else { nil } }
    }

    /// Reads everything, and hands over all but the last group: the caller does this, together with whatever the
    /// state says of the time after the snapshot.
    /// - Returns: the ledger at the end: complete.
    public func run<Output: SnapshotOutput & ~Copyable>(
        _ start: Start, encoder: inout ChangeEncoder, types: TypeCatalog, into output: inout Output
    ) async throws(CaptureError) -> SnapshotLedger {
        // The readers' waits end with the snapshot, whatever ends it.
        let stop = Interrupt(following: interrupt)
        defer { stop.fire() }
        let transaction = try SnapshotTransaction(
            configuration.connection, importing: start.exportedName, interrupt: stop)
        var writer = try prepare(start, transaction, &encoder, types, &output)
        // From here on a crash finds the slot, what its snapshot saw, and all tables still to be read.
        try await output.handOver(writer.ledger)
        let readers = (0..<readerCount(writer.jobs.count)).map { _ in
            SnapshotReader(
                settings: configuration.connection, interrupt: stop, snapshotName: transaction.name,
                jobs: writer.jobs, pipe: writer.pipe)
        }
        let failure = await write(&writer, readers, stop, &encoder, &output)
        if let failure { throw failure }
        try notify("COMPLETED", [], &encoder, &output)
        return writer.ledger
    }

    /// Runs readers and writer until the writer is done or someone fails.
    private func write<Output: SnapshotOutput & ~Copyable>(
        _ writer: inout SnapshotWriter, _ readers: [SnapshotReader], _ stop: Interrupt,
        _ encoder: inout ChangeEncoder, _ output: inout Output
    ) async -> CaptureError? {
        await withTaskGroup(of: Void.self) { group in
            for (index, reader) in readers.enumerated() {
                let executor = CaptureExecutor(name: "snapshot-\(index)")
                group.addTask(executorPreference: executor) { reader.run() }
            }
            defer { writer.pipe.close() }
            do throws(CaptureError) {
                try await writer.run(&encoder, &output)
                return nil
            } catch {
                // Readers that wait for the server must not keep us.
                stop.fire()
                return error
            }
        }
    }

    /// Works out what is to be read, and compiles the tables.
    private func prepare<Output: SnapshotOutput & ~Copyable>(
        _ start: Start, _ transaction: SnapshotTransaction, _ encoder: inout ChangeEncoder, _ types: TypeCatalog,
        _ output: inout Output
    ) throws(CaptureError) -> SnapshotWriter {
        let planner = SnapshotPlanner(
            connection: transaction.connection, configuration: configuration, chunkByteCount: chunkByteCount)
        encoder.processingTimeNanos = WallClock.nanoseconds
        if !start.isResumption { try notify("STARTED", [], &encoder, &output) }
        var ledger: SnapshotLedger
        switch start {
        case .exported(_, let lsn): ledger = try begin(transaction, planner, at: lsn)
        case .now: ledger = try begin(transaction, planner, at: try transaction.currentLSN())
        case .resume(let stored): ledger = try resume(stored, planner)
        case .onDemand(let tables, let position): ledger = try begin(transaction, planner, tables, position)
        }
        let schemas = try planner.catalog.schemas(of: ledger.tables.map(\.oid))
        // A table that was dropped meanwhile has its end in the stream, if anywhere.
        ledger.tables.removeAll { schemas[$0.oid] == nil }
        var tables: [SnapshotTable] = []
        var jobs: [SnapshotJob] = []
        for (index, entry) in ledger.tables.enumerated() {
            guard let schema = schemas[entry.oid] else { continue }
            let handle = try encoding { () throws(EncodeError) in
                try encoder.define(schema, types: types, into: &output)
            }
            jobs += try planner.jobs(
                for: entry, schema: schema, index: tables.count,
                earlier: start.isResumption ? ledger.transactions : nil, now: transaction.transactions)
            tables.append(
                SnapshotTable(
                    schema: schema, handle: handle, isStarted: entry.isStarted,
                    isFirst: index == 0 && ledger.isAtFirstTable, isResumable: !entry.storages.isEmpty,
                    rowCount: entry.rowCount))
        }
        let pipe = SnapshotPipe(jobCount: jobs.count, aheadCountMax: readerCount(jobs.count))
        var writer = SnapshotWriter(
            runner: self, tables: tables, jobs: jobs, ledger: ledger,
            progress: try makeProgress(ledger, transaction), pipe: pipe)
        if !start.isOnDemand {
            let captured = SnapshotSelection.tables(among: try planner.catalog.tables(), configuration)
            writer.capturedNames = captured.map(\.id.description)
        }
        return writer
    }

    func notify<Output: SnapshotOutput & ~Copyable>(
        _ type: String, _ data: [(String, String)], _ encoder: inout ChangeEncoder, _ output: inout Output
    ) throws(CaptureError) {
        guard !configuration.notifications.channels.isEmpty else { return }
        try SnapshotNotification(.initial, type, connector: configuration.events.topicPrefix, data)
            .send(configuration.notifications, logger, &encoder, &output)
    }

    private func readerCount(_ jobCount: Int) -> Int {
        max(1, min(configuration.snapshot.threadCountMax, jobCount))
    }

    // MARK: - Ledgers

    private func begin(
        _ transaction: SnapshotTransaction, _ planner: SnapshotPlanner, at lsn: LSN
    ) throws(CaptureError) -> SnapshotLedger {
        let chosen = SnapshotSelection.tables(among: try planner.catalog.tables(), configuration)
        if configuration.snapshot.locking == .shared {
            try transaction.lock(chosen.map(\.id), timeout: configuration.snapshot.lockTimeout)
        }
        var tables: [SnapshotLedger.Table] = []
        for table in chosen where table.id != configuration.signals.table {
            let select = configuration.snapshot.selectOverrides[table.id]
            tables.append(try planner.ledgerTable(table, select: select))
        }
        return SnapshotLedger(
            lsn: lsn, transactions: transaction.transactions, transactionID: try transaction.transactionID(),
            timestampMicros: try transaction.nowMicros(), tables: tables)
    }

    private func begin(
        _ transaction: SnapshotTransaction, _ planner: SnapshotPlanner, _ wanted: [(id: TableID, select: String?)],
        _ position: SourcePosition
    ) throws(CaptureError) -> SnapshotLedger {
        let all = try planner.catalog.tables()
        var tables: [SnapshotLedger.Table] = []
        for (id, select) in wanted {
            guard let table = all.first(where: { $0.id == id }) else { continue }
            tables.append(
                try planner.ledgerTable(table, select: select ?? configuration.snapshot.selectOverrides[id]))
        }
        var ledger = SnapshotLedger(
            lsn: position.lsn ?? .invalid, transactions: transaction.transactions,
            transactionID: position.transactionID ?? 0, timestampMicros: try transaction.nowMicros(), tables: tables)
        ledger.lastCommitLSN = position.lastCommitLSN?.rawValue
        return ledger
    }

    /// Checks what an interrupted snapshot has left against the tables as they are now.
    private func resume(
        _ stored: SnapshotLedger, _ planner: SnapshotPlanner
    ) throws(CaptureError) -> SnapshotLedger {
        var ledger = stored
        logger.notice(
            "resuming the snapshot", metadata: ["tables": "\(stored.tables.count)", "rows": "\(stored.rowCount)"])
        for index in ledger.tables.indices {
            let table = ledger.tables[index]
            if table.storages.isEmpty, table.isStarted {
                logger.warning(
                    "table is read again from its beginning: it has no chunks to resume at",
                    metadata: ["table": "\(table.id)"])
            }
            for (place, storage) in table.storages.enumerated() {
                guard let now = try planner.heap(storage.oid), now.fileNode != storage.fileNode else { continue }
                logger.warning(
                    "table was rewritten since the snapshot began and is read again from its beginning",
                    metadata: ["table": "\(table.id)"])
                var fresh = now
                fresh.wasRewritten = true
                ledger.tables[index].storages[place] = fresh
            }
        }
        return ledger
    }

    private func makeProgress(
        _ ledger: SnapshotLedger, _ transaction: SnapshotTransaction
    ) throws(CaptureError) -> SnapshotProgress {
        var estimate = 0.0
        let oids = "{" + ledger.tables.map { String($0.oid) }.joined(separator: ",") + "}"
        let result = try transaction.connection.query(
            "SELECT sum(reltuples) FROM pg_catalog.pg_class WHERE oid = ANY ($1::pg_catalog.oid[]) AND reltuples > 0",
            [oids], action: "estimating the rows")
        estimate = result.text(0, 0).flatMap { Double($0) } ?? 0
        let blocks = ledger.tables.reduce(into: UInt64(0)) { sum, table in
            for storage in table.storages {
                sum += UInt64(storage.blockCount - min(storage.nextBlock, storage.blockCount))
            }
        }
        return SnapshotProgress(
            tableCount: ledger.tables.count, estimatedRowCount: estimate, blockCount: blocks,
            rowCount: ledger.rowCount)
    }

    func encoding<Value>(_ body: () throws(EncodeError) -> Value) throws(CaptureError) -> Value {
        do throws(EncodeError) {
            return try body()
        } catch {
            throw CaptureError(encoding: error)
        }
    }
}
