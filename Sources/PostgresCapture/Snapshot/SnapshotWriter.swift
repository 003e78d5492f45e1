import ByteCoding
import ChangeModel
import DebeziumFormat

/// Turns blocks of rows into events, marks the first and last of them, and keeps the ledger.
///
/// The last row that is known is held back until the next one, or the end, shows which marker it needs; what was
/// complete with it waits with it, so that the ledger never counts a row that is not among the events.
struct SnapshotWriter {
    let runner: SnapshotRunner
    var tables: [SnapshotTable]
    let jobs: [SnapshotJob]
    var ledger: SnapshotLedger
    var progress: SnapshotProgress
    let pipe: SnapshotPipe

    /// The names of all captured tables, for notifications.
    var capturedNames: [String]
    private let began = ContinuousClock.now
    private var position: SourcePosition
    private var held: Held?
    /// Jobs that are complete once the held row is out.
    private var ended: [Int] = []

    private struct Held {
        var block: RowBlock
        var table: Int
        var isFirstOfTable: Bool
    }

    init(
        runner: SnapshotRunner, tables: [SnapshotTable], jobs: [SnapshotJob], ledger: SnapshotLedger,
        progress: SnapshotProgress, pipe: SnapshotPipe
    ) {
        self.runner = runner
        self.tables = tables
        self.jobs = jobs
        self.ledger = ledger
        self.progress = progress
        self.pipe = pipe
        capturedNames = tables.map(\.schema.id.description)
        position = SourcePosition(
            timestampMicros: ledger.timestampMicros, snapshot: .middle, transactionID: ledger.transactionID,
            lsn: LSN(rawValue: ledger.lsn), sequenceLSN: LSN(rawValue: ledger.lsn),
            lastCommitLSN: ledger.lastCommitLSN.map { LSN(rawValue: $0) })
    }

    /// Writes all jobs; at the end some events are appended and not yet handed over.
    mutating func run<Output: SnapshotOutput & ~Copyable>(
        _ encoder: inout ChangeEncoder, _ output: inout Output
    ) async throws(CaptureError) {
        for index in jobs.indices { try await write(job: index, &encoder, &output) }
        try finish(&encoder, &output)
    }

    private mutating func write<Output: SnapshotOutput & ~Copyable>(
        job index: Int, _ encoder: inout ChangeEncoder, _ output: inout Output
    ) async throws(CaptureError) {
        try begin(index, &encoder, &output)
        var isJobStart = true
        while let block = try pipe.next(of: index) {
            try release(before: index, &encoder, &output)
            // Before a job's first rows everything in the group belongs to jobs that are complete.
            if isJobStart, output.pendingByteCount >= runner.groupByteCount { try await output.handOver(ledger) }
            isJobStart = false
            try write(block, jobs[index].table, &encoder, &output)
            if !tables[jobs[index].table].isResumable, output.pendingByteCount >= runner.unchunkedGroupByteCount {
                try await output.handOver(ledger)
            }
        }
        end(index)
        if jobs[index].endsTable { try notifyEnd(index, &encoder, &output) }
    }

    private mutating func begin<Output: SnapshotOutput & ~Copyable>(
        _ index: Int, _ encoder: inout ChangeEncoder, _ output: inout Output
    ) throws(CaptureError) {
        encoder.processingTimeNanos = WallClock.nanoseconds
        progress.table = tables[jobs[index].table].schema.id
        if index == 0 || jobs[index - 1].endsTable { try notifyBegin(index, &encoder, &output) }
    }

    /// Writes the row held back, now that a row of `job` follows it.
    private mutating func release<Output: SnapshotOutput & ~Copyable>(
        before job: Int, _ encoder: inout ChangeEncoder, _ output: inout Output
    ) throws(CaptureError) {
        if runner.interrupt.isFired {
            throw CaptureError(code: .cancelled, detail: "the snapshot was cancelled")
        }
        encoder.processingTimeNanos = WallClock.nanoseconds
        try release(&encoder, &output, isLast: false, before: jobs[job].table)
    }

    private mutating func finish<Output: SnapshotOutput & ~Copyable>(
        _ encoder: inout ChangeEncoder, _ output: inout Output
    ) throws(CaptureError) {
        try release(&encoder, &output, isLast: true, before: nil)
        progress.table = nil
        progress.completedTableCount = progress.tableCount
        progress.elapsed = .now - began
        runner.report(progress)
    }

    private mutating func end(_ index: Int) {
        if held == nil { complete(index) } else { ended.append(index) }
    }

    private mutating func complete(_ index: Int) {
        let job = jobs[index]
        let table = tables[job.table].schema.oid
        if let storage = job.storage {
            let before = ledger.tables.first?.storages.first?.nextBlock ?? 0
            ledger.complete(storage: storage, below: job.endBlock, of: table)
            if job.endBlock > before { progress.completedBlockCount += UInt64(job.endBlock - before) }
        }
        if ledger.tables.first?.oid == table { ledger.tables[0].rowCount = tables[job.table].rowCount }
        if job.endsTable {
            ledger.complete(table: table)
            progress.completedTableCount += 1
        }
    }

    private mutating func write<Output: SnapshotOutput & ~Copyable>(
        _ block: RowBlock, _ table: Int, _ encoder: inout ChangeEncoder, _ output: inout Output
    ) throws(CaptureError) {
        let isFirst = !tables[table].isStarted
        if isFirst {
            tables[table].isStarted = true
            if ledger.tables.first?.oid == tables[table].schema.oid { ledger.tables[0].isStarted = true }
        }
        let count = block.rowCount
        if count > 1 {
            if isFirst {
                position.snapshot = tables[table].isFirst ? .first : .firstInDataCollection
                try encode(block, 0..<1, table, &encoder, &output)
            }
            position.snapshot = .middle
            try encode(block, (isFirst ? 1 : 0)..<(count - 1), table, &encoder, &output)
        }
        tables[table].rowCount += UInt64(count)
        held = Held(block: block, table: table, isFirstOfTable: isFirst && count == 1)
        ledger.rowCount += UInt64(count)
        progress.rowCount = ledger.rowCount
        progress.byteCount += UInt64(block.bytes.count)
        progress.elapsed = .now - began
        runner.report(progress)
    }

    /// Writes the row held back.
    private mutating func release<Output: SnapshotOutput & ~Copyable>(
        _ encoder: inout ChangeEncoder, _ output: inout Output, isLast: Bool, before next: Int?
    ) throws(CaptureError) {
        if let held {
            let isLastOfTable = next != held.table
            position.snapshot =
                isLast
                ? .last
                : held.isFirstOfTable && tables[held.table].isFirst
                    ? .first
                    : isLastOfTable ? .lastInDataCollection : held.isFirstOfTable ? .firstInDataCollection : .middle
            try encode(held.block, (held.block.rowCount - 1)..<held.block.rowCount, held.table, &encoder, &output)
            pipe.recycle(held.block)
        }
        held = nil
        for index in ended { complete(index) }
        ended.removeAll()
    }

    // MARK: - Notifications

    private func notifyBegin<Output: SnapshotOutput & ~Copyable>(
        _ job: Int, _ encoder: inout ChangeEncoder, _ output: inout Output
    ) throws(CaptureError) {
        let names = tables.map(\.schema.id.description)
        let ordered = JavaHashMapOrder.indices(of: names).map { names[$0] }
        try runner.notify(
            "IN_PROGRESS",
            [
                ("current_collection_in_progress", "\(tables[jobs[job].table].schema.id)"),
                ("data_collections", ordered.joined(separator: ",")),
            ], &encoder, &output)
    }

    private func notifyEnd<Output: SnapshotOutput & ~Copyable>(
        _ job: Int, _ encoder: inout ChangeEncoder, _ output: inout Output
    ) throws(CaptureError) {
        let table = tables[jobs[job].table]
        try runner.notify(
            "TABLE_SCAN_COMPLETED",
            [
                ("scanned_collection", "\(table.schema.id)"),
                ("data_collections", capturedNames.joined(separator: ",")),
                ("total_rows_scanned", String(table.rowCount)), ("status", "SUCCEEDED"),
            ], &encoder, &output)
    }

    private func encode<Output: SnapshotOutput & ~Copyable>(
        _ block: RowBlock, _ rows: Range<Int>, _ table: Int, _ encoder: inout ChangeEncoder, _ output: inout Output
    ) throws(CaptureError) {
        let handle = tables[table].handle
        let width = block.columnCount
        let none: [Cell] = []
        do throws(EncodeError) {
            try block.withRows { (bytes, cells) throws(EncodeError) in
                for row in rows {
                    let change = RowChange(
                        operation: .read, oldTuple: .none, bytes: bytes, old: none.span,
                        new: cells.extracting(row * width..<(row + 1) * width))
                    _ = try encoder.encode(change, of: handle, at: position, into: &output)
                }
            }
        } catch {
            throw CaptureError(encoding: error)
        }
    }
}
