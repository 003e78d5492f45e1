import ByteCoding
import ChangeModel
import DebeziumFormat
import Foundation
import Logging
import RecordTransport

/// Acts on signals and runs incremental snapshots beside the stream.
///
/// A chunk of a table is read between two watermarks, rows that we write to the signal table (or, read-only, positions
/// in the WAL). Both come back through the stream: between them, a row that changes leaves the chunk; at the second one
/// the rest is sent as `read` events. Debezium's algorithm (after Netflix's DBLog), its order of events and its context.
///
/// Lives on the capture thread.
final class SignalCoordinator: StreamObserver {
    let configuration: CaptureConfiguration
    let connection: LazyConnection
    let logger: Logger
    let files: FileSignals?

    var context: IncrementalContext
    /// Snapshots on demand that wait for the stream to pause.
    var blocking: [SnapshotRequest]

    /// The chunk that is being read; its watermarks begin with it.
    var chunkID: String?
    var isWindowOpen = false
    var window = SnapshotWindow()
    /// The key of the last row read; it becomes the context's when the window's rows are sent.
    var readKey: [String?]?
    var readRowCount = 0
    /// Where the stream has to be for a read-only window to close.
    var closingLSN: LSN?
    var table: OpenTable?
    var stopRequests: [String] = []
    /// A snapshot that was under way when the connector started waits for its next chunk.
    var needsChunk: Bool
    private(set) var observationChanged = false
    private var lastPosition: SourcePosition

    /// The table that chunks are read from.
    struct OpenTable {
        var schema: TableSchema
        var handle: TableHandle
        var query: ChunkQuery
    }

    init(
        configuration: CaptureConfiguration, state: CaptureState, connection: LazyConnection, logger: Logger
    ) throws(CaptureError) {
        self.configuration = configuration
        self.connection = connection
        self.logger = logger
        files = configuration.signals.channels.contains(.file) ? FileSignals(configuration.signals) : nil
        context = try IncrementalContext(storedIn: state)
        blocking = try BlockingRequests.stored(in: state)
        needsChunk = context.isRunning
        lastPosition = SourcePosition(
            timestampMicros: state.timestampMicros ?? 0, lsn: state.lsn, sequenceLSN: state.lsn,
            lastCommitLSN: state.commitLSN)
    }

    // MARK: - The stream's observer

    func observes(_ table: TableID) -> Bool {
        observationChanged = false
        return table == configuration.signals.table || table == context.current?.id
    }

    var endsStream: Bool { !blocking.isEmpty }

    var idleInterval: Duration? {
        if needsChunk { return .milliseconds(1) }
        if closingLSN != nil { return .milliseconds(20) }
        return files == nil ? nil : configuration.signals.pollInterval
    }

    func rowArrives(
        _ change: RowChange, of schema: TableSchema, handle: TableHandle, at position: borrowing SourcePosition,
        encoder: inout ChangeEncoder, sink: inout RecordGroupWriter, state: inout CaptureState
    ) throws(CaptureError) {
        lastPosition = copy position
        if schema.id == configuration.signals.table, let signal = signal(in: change, schema) {
            try act(on: signal, encoder: &encoder, sink: &sink)
            store(in: &state)
        }
        if isWindowOpen, !window.isEmpty, schema.id == context.current?.id {
            try deduplicate(change, handle, &encoder)
        }
    }

    func betweenTransactions(
        encoder: inout ChangeEncoder, sink: inout RecordGroupWriter, state: inout CaptureState
    ) throws(CaptureError) {
        if let lsn = state.lsn { lastPosition.lsn = lsn }
        lastPosition.lastCommitLSN = state.commitLSN
        if needsChunk {
            needsChunk = false
            try readChunk(encoder: &encoder, sink: &sink)
            store(in: &state)
        }
        if let closing = closingLSN, let passed = state.processedLSN, passed >= closing {
            closingLSN = nil
            isWindowOpen = false
            try sendWindow(encoder: &encoder, sink: &sink)
            try readChunk(encoder: &encoder, sink: &sink)
            store(in: &state)
        }
        guard let files else { return }
        for signal in files.poll(logger) {
            try act(on: signal, encoder: &encoder, sink: &sink)
            store(in: &state)
        }
    }

    /// Puts what a restart needs into the state that goes with the events of this moment.
    private func store(in state: inout CaptureState) {
        state.extensions[IncrementalContext.extensionName] = context.json()
        state.extensions[BlockingRequests.extensionName] = BlockingRequests.json(blocking)
        observationChanged = true
    }

    /// The position of incremental events: none of their own.
    var eventPosition: SourcePosition {
        SourcePosition(
            timestampMicros: WallClock.nanoseconds / 1000, snapshot: .incremental,
            sequenceLSN: lastPosition.sequenceLSN ?? lastPosition.lsn, lastCommitLSN: lastPosition.lastCommitLSN)
    }

    // MARK: - Signals

    /// The signal that a row of the signal table is; nil for what is none.
    private func signal(in change: RowChange, _ schema: TableSchema) -> Signal? {
        guard configuration.signals.channels.contains(.source) else { return nil }
        let isDelete = change.operation == .delete && configuration.incremental.watermarking == .insertDelete
        guard change.operation == .create || isDelete else { return nil }
        guard schema.columns.count == 3 else {
            logger.warning(
                "the signal table has not three columns", metadata: ["columns": "\(schema.columns.count)"])
            return nil
        }
        let cells = isDelete ? change.old : change.new
        guard cells.count == 3 else { return nil }
        func text(_ index: Int) -> String {
            let cell = cells[index]
            guard cell.kind == .text else { return "" }
            return cell.bytes(in: change.bytes).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        }
        if isDelete { return Signal(id: text(0), type: SignalAction.closeWindowType, data: "") }
        return Signal(id: text(0), type: text(1), data: text(2))
    }

    private func act(
        on signal: Signal, encoder: inout ChangeEncoder, sink: inout RecordGroupWriter
    ) throws(CaptureError) {
        switch SignalAction(signal) {
        case .openWindow: if isOurs(signal.id) { isWindowOpen = true }
        case .closeWindow:
            guard isOurs(signal.id) else { return }
            isWindowOpen = false
            try sendWindow(encoder: &encoder, sink: &sink)
            try readChunk(encoder: &encoder, sink: &sink)
        case .execute(let request): try execute(request, id: signal.id, encoder: &encoder, sink: &sink)
        case .stop(let tables): if context.isRunning { stopRequests += tables.isEmpty ? [".*"] : tables }
        case .pause:
            guard context.isRunning, !context.isPaused else { return }
            context.isPaused = true
            logger.notice("the incremental snapshot pauses", metadata: ["signal": "\(signal.id)"])
            try notify("PAUSED", [("data_collections", context.names)], &encoder, &sink)
        case .resume:
            guard context.isRunning, context.isPaused else { return }
            context.isPaused = false
            logger.notice("the incremental snapshot goes on", metadata: ["signal": "\(signal.id)"])
            try notify("RESUMED", [("data_collections", context.names)], &encoder, &sink)
            abandonChunk()
            try readChunk(encoder: &encoder, sink: &sink)
        case .log(let message):
            let offset = "lsn \(lastPosition.lsn ?? .invalid)"
            logger.notice("\(message.replacingOccurrences(of: "{}", with: offset))")
        case .ignored(let reason):
            logger.warning(
                "a signal is passed over", metadata: ["signal": "\(signal.id)", "reason": "\(reason)"])
        }
    }

    private func isOurs(_ id: String) -> Bool { chunkID.map { id.hasPrefix($0) } ?? false }

    private func execute(
        _ request: SnapshotRequest, id: String, encoder: inout ChangeEncoder, sink: inout RecordGroupWriter
    ) throws(CaptureError) {
        if request.kind == .blocking {
            blocking.append(request)
            return
        }
        guard configuration.signals.table != nil || configuration.incremental.isReadOnly else {
            logger.warning("an incremental snapshot needs signal.data.collection, or read.only=true")
            return
        }
        let begins = !context.isRunning
        for table in TablePattern.expand(request.tables, among: try knownTables()) {
            context.collections.append(
                IncrementalContext.Collection(
                    schema: table.schema, table: table.table, condition: request.condition(for: table),
                    surrogateKey: request.surrogateKey))
        }
        context.correlationID = id
        guard begins, context.isRunning else { return }
        logger.notice("an incremental snapshot begins", metadata: ["tables": "\(context.names)"])
        try notify("STARTED", [("data_collections", context.names)], &encoder, &sink)
        try readChunk(encoder: &encoder, sink: &sink)
    }

    /// The captured tables, in the order of their names.
    func knownTables() throws(CaptureError) -> [TableID] {
        let filters = configuration.filters
        return try connection.use { connection throws(CaptureError) in
            try Catalog(connection).tables().map(\.id).filter { filters.isTableIncluded($0) }
        }.sorted(by: SnapshotSelection.precedes)
    }

    // MARK: - Notifications

    func notify(
        _ type: String, _ data: [(String, String)], _ encoder: inout ChangeEncoder, _ sink: inout RecordGroupWriter
    ) throws(CaptureError) {
        try SnapshotNotification(
            .incremental, type, id: context.correlationID, connector: configuration.events.topicPrefix, data
        ).send(configuration.notifications, logger, &encoder, &sink)
    }
}
