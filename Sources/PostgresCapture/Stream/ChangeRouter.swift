import ByteCoding
import ChangeModel
import DebeziumFormat
import PGOutput
import RecordTransport

/// Turns the messages of a change stream into events in the open record group, and keeps the state that a restart
/// resumes from beside them.
///
/// One owner: the capture thread. A row allocates nothing here.
struct ChangeRouter: ~Copyable {
    private var encoder: ChangeEncoder
    private var sink: RecordGroupWriter
    /// What the log will hold once everything that was handed over is durable, but for ``CaptureState/open``.
    private(set) var state: CaptureState
    private var rows = RowDecoder()
    private var relations = RelationTable()
    private var schemas: SchemaResolver
    private let catalog: LazyConnection
    private let includesComments: Bool
    private let filters: CaptureFilters
    private let observer: (any StreamObserver)?
    private let reselector: RowReselector?

    private var position: SourcePosition
    private var progress = StreamProgress()

    /// Transactions whose end is not known yet.
    private var spill = SpilledTransactions()

    /// How many row changes have passed since the stream began.
    private(set) var rowCount: UInt64 = 0
    /// How many of them stand in groups that were taken.
    private var takenRowCount: UInt64 = 0
    /// How many transactions have ended since the stream began.
    private(set) var transactionCount: UInt64 = 0

    init(
        configuration: CaptureConfiguration, state: CaptureState, sink: consuming RecordGroupWriter,
        catalog: LazyConnection,
        types: TypeCatalog, observer: (any StreamObserver)?
    ) {
        encoder = ChangeEncoder(configuration: configuration.events)
        self.sink = sink
        self.state = state
        self.catalog = catalog
        includesComments = configuration.events.includeSchemaComments
        self.observer = observer
        schemas = SchemaResolver(types: types)
        filters = configuration.filters
        reselector = RowReselector(configuration, on: catalog)
        position = SourcePosition(timestampMicros: state.timestampMicros ?? 0, lastCommitLSN: state.commitLSN)
    }

    /// True outside of transactions: the best place to cut.
    var isBetweenTransactions: Bool { progress.transaction == nil }

    /// When the newest transaction was committed: microseconds since 1970.
    var commitMicros: Int64 { position.timestampMicros }

    /// The records gathered since the last hand-over.
    var pendingByteCount: Int { sink.byteCount }
    var pendingRecordCount: Int { sink.recordCount }

    /// The wall clock for the events' processing time, nanoseconds since 1970.
    mutating func setTime(_ nanoseconds: Int64) { encoder.processingTimeNanos = nanoseconds }
    mutating func setXmin(_ xmin: UInt64?) { position.xmin = xmin }

    // MARK: - Messages

    /// Handles one pgoutput message. A commit of what was spilled begins a replay: call ``replayNext()`` until it ends
    /// before the next message.
    /// - Parameter start: where its WAL record starts, as the walsender says.
    mutating func handle(_ message: Span<UInt8>, at start: LSN) throws(CaptureError) {
        isMidway = true
        if let spool = spill.open, !spill.isForNow(message) {
            try spool.append(message, at: start)
        } else {
            try dispatch(message, at: start, isStreamed: false)
        }
        isMidway = false
    }

    /// A message, or the observer's own work, failed in the middle: its events and the state do not belong together, and
    /// what was gathered must not be handed over.
    private(set) var isMidway = false

    private mutating func dispatch(_ message: Span<UInt8>, at start: LSN, isStreamed: Bool) throws(CaptureError) {
        if RowDecoder.isRow(message) {
            try handleRow(message, at: start, isStreamed: isStreamed)
        } else {
            try handleControl(message, at: start, isStreamed: isStreamed)
        }
    }

    // MARK: - Replay

    /// True while a transaction that was spilled is being read back.
    var isReplaying: Bool { spill.isReplaying }

    /// Handles one message of the transaction that is read back, or its end.
    mutating func replayNext() throws(CaptureError) {
        var replay = spill.takeReplay()
        if try replay.reader.advance() {
            if progress.transaction == nil { try begin(replay.begin, at: replay.reader.start) }
            try dispatch(replay.reader.bytes, at: replay.reader.start, isStreamed: replay.isStreamed)
            spill.giveBack(replay)
        } else {
            if progress.transaction == nil { try begin(replay.begin, at: replay.commitStart) }
            try commit(replay.commit, at: replay.commitStart)
        }
    }

    private mutating func handleRow(
        _ message: Span<UInt8>, at start: LSN, isStreamed: Bool
    ) throws(CaptureError) {
        let header: RowMessage
        do throws(DecodeError) {
            header = try rows.decode(message, isStreamed: isStreamed)
        } catch {
            throw Self.malformed(error, at: start)
        }
        rowCount &+= 1
        guard progress.passes(start) else { return }
        guard let route = relations.route(of: header.relationOID) else {
            throw CaptureError(
                code: .protocolViolation,
                detail: "a row at \(start) is of relation \(header.relationOID), which the server did not introduce")
        }
        guard let handle = route.handle else { return }
        position.lsn = start
        position.sequenceLSN = start
        if route.isObserved, let observer, let schema = relations.entry(of: route).schema {
            try Self.show(
                header, message, rows, of: schema, handle: handle, at: position, encoder: &encoder, sink: &sink,
                state: &state, to: observer)
            // A signal can turn attention to another table at once.
            if observer.observationChanged { refreshObservation() }
        }
        if let reselector, let schema = relations.entry(of: route).schema {
            try Self.encodeCompleted(
                header, message, rows, of: schema, handle: handle, by: reselector, at: position, encoder: &encoder,
                sink: &sink)
        } else {
            try Self.encode(header, message, rows, of: handle, at: position, encoder: &encoder, sink: &sink)
        }
        state.lsn = start
    }

    private mutating func handleControl(
        _ message: Span<UInt8>, at start: LSN, isStreamed: Bool
    ) throws(CaptureError) {
        let control: ControlMessage
        do throws(DecodeError) {
            control = try ControlMessage.decode(message, isStreamed: isStreamed)
        } catch {
            throw Self.malformed(error, at: start)
        }
        switch control {
        case .begin(let begin): try self.begin(begin, at: start)
        case .commit(let commit): try self.commit(commit, at: start)
        case .origin(let lsn, let name):
            position.originName = name
            position.originLSN = lsn
        case .relation(let relation, _): try define(relation)
        case .type: break
        case .truncate(let truncate): try self.truncate(truncate, at: start)
        case .logical(let logical): try self.logical(logical, in: message, at: start)
        default: try spill.handle(control, at: start)
        }
    }

    // MARK: - Transactions

    private mutating func begin(_ begin: ControlMessage.Begin, at start: LSN) throws(CaptureError) {
        position.timestampMicros = begin.timestampMicros
        position.transactionID = begin.transactionID
        position.originName = nil
        position.originLSN = nil
        switch progress.begin(begin, resuming: &state) {
        case .new: break
        case .resumed(let metadata):
            encoder.transaction = metadata
            return
        case .done: return
        }
        position.lsn = start
        position.sequenceLSN = start
        do throws(EncodeError) {
            _ = try encoder.beginTransaction(id: begin.transactionID, at: position, into: &sink)
        } catch {
            throw Self.failure(error, at: start)
        }
    }

    private mutating func commit(_ commit: ControlMessage.Commit, at start: LSN) throws(CaptureError) {
        guard let (begin, isDone) = progress.end() else {
            throw CaptureError(code: .protocolViolation, detail: "a commit at \(start) without its begin")
        }
        transactionCount &+= 1
        guard !isDone else { return }
        position.lsn = start
        position.sequenceLSN = start
        do throws(EncodeError) {
            _ = try encoder.endTransaction(at: position, into: &sink)
        } catch {
            throw Self.failure(error, at: start)
        }
        position.lastCommitLSN = start
        position.originName = nil
        position.originLSN = nil
        state.open = nil
        state.processedLSN = commit.endLSN
        state.preparedLSN = spill.oldestPrepareLSN
        state.commitLSN = start
        state.transactionID = begin.transactionID
        state.timestampMicros = begin.timestampMicros
        if let observer {
            try observer.betweenTransactions(encoder: &encoder, sink: &sink, state: &state)
            if observer.observationChanged { refreshObservation() }
        }
    }

    // MARK: - Other messages

    private mutating func define(_ relation: Relation) throws(CaptureError) {
        guard filters.isTableIncluded(relation.id) else {
            // Debezium goes on under the former name when a table is renamed to one that the filters leave out.
            if let entry = relations.entry(of: relation.oid), entry.handle != nil,
                entry.relation.columns == relation.columns
            {
                return
            }
            return relations.insert(RelationTable.Entry(relation: relation), isObserved: false)
        }
        let schema = try schemas.schema(
            of: relation, in: progress.transaction?.transactionID, from: catalog, includesComments: includesComments)
        let handle: TableHandle
        do throws(EncodeError) {
            handle = try encoder.define(schema, types: schemas.types, into: &sink)
        } catch {
            throw CaptureError(defining: error)
        }
        relations.insert(
            RelationTable.Entry(relation: relation, handle: handle, schema: schema),
            isObserved: observer?.observes(relation.id) ?? false)
    }

    private mutating func refreshObservation() {
        if let observer { relations.updateObserved(observer.observes) }
    }

    private mutating func truncate(_ truncate: ControlMessage.Truncate, at start: LSN) throws(CaptureError) {
        guard progress.passes(start) else { return }
        var handles: [TableHandle] = []
        for oid in truncate.relationOIDs {
            if let handle = relations.route(of: oid)?.handle { handles.append(handle) }
        }
        guard !handles.isEmpty else { return }
        position.lsn = start
        position.sequenceLSN = start
        do throws(EncodeError) {
            _ = try encoder.encodeTruncate(of: handles, at: position, into: &sink)
        } catch {
            throw Self.failure(error, at: start)
        }
        state.lsn = start
    }

    private mutating func logical(
        _ logical: ControlMessage.LogicalMessage, in message: Span<UInt8>, at start: LSN
    ) throws(CaptureError) {
        if logical.isTransactional {
            guard progress.passes(start) else { return }
        } else if let processed = state.processedLSN, start <= processed {
            return
        }
        let transactionID = position.transactionID
        if !logical.isTransactional {
            position.transactionID = nil
            position.lastCommitLSN = start
        }
        position.lsn = start
        position.sequenceLSN = start
        let prefix = message.extracting(logical.prefix)
        let name = prefix.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
        if filters.isMessagePrefixIncluded(name) {
            do throws(EncodeError) {
                _ = try encoder.encodeMessage(
                    prefix: prefix, content: message.extracting(logical.content),
                    isTransactional: logical.isTransactional, at: position, into: &sink)
            } catch {
                throw Self.failure(error, at: start)
            }
        }
        state.lsn = start
        if !logical.isTransactional {
            position.transactionID = transactionID
            if progress.transaction == nil {
                state.processedLSN = start
                state.preparedLSN = spill.oldestPrepareLSN
                state.commitLSN = start
            }
        }
    }

    /// Everything that the server has decoded before `lsn` has been sent.
    mutating func advance(to lsn: LSN) {
        guard progress.transaction == nil, !spill.isReplaying, lsn > state.processedLSN ?? .invalid else { return }
        state.processedLSN = lsn
        state.preparedLSN = spill.oldestPrepareLSN
    }

    // MARK: - Hand-over

    /// What a restart resumes from when it finds everything so far in the log.
    func currentState() -> CaptureState {
        var state = self.state
        if let open = progress.open(metadata: encoder.transaction) { state.open = open }
        return state
    }

    /// Gives the gathered records with their state, and goes on with an empty group.
    /// - Throws: `log` when a record is larger than its topic takes.
    mutating func takeGroup(replacingWith next: RecordGroup) throws(CaptureError) -> RecordGroup {
        let group: RecordGroup
        do throws(TransportError) {
            group = try sink.takeGroup(replacingWith: next)
        } catch {
            throw CaptureError(log: error)
        }
        group.changeCount = rowCount &- takenRowCount
        takenRowCount = rowCount
        group.state = currentState().encoded()
        group.position = state.confirmableLSN
        return group
    }

    /// Appends a heartbeat.
    mutating func appendHeartbeat() throws(CaptureError) {
        do throws(EncodeError) {
            _ = try encoder.encodeHeartbeat(into: &sink)
        } catch {
            throw CaptureError(encoding: error)
        }
    }

    /// Lets the observer do its own work while nothing comes.
    mutating func idle() throws(CaptureError) {
        guard progress.transaction == nil, let observer else { return }
        isMidway = true
        try observer.betweenTransactions(encoder: &encoder, sink: &sink, state: &state)
        isMidway = false
        if observer.observationChanged { refreshObservation() }
    }
}
