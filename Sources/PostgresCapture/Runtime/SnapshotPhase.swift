import ChangeModel
import DebeziumFormat
import Logging
import RecordTransport

/// The part of an attempt that comes before streaming: decide by `snapshot.mode` and the state of things whether a
/// snapshot is due, have a slot that fits it, and read it.
struct SnapshotPhase<Transport: RecordTransport> {
    let configuration: CaptureConfiguration
    let transport: Transport
    let session: Transport.Session
    let monitor: CaptureMonitor
    let logger: Logger
    let interrupt: Interrupt
    /// The cluster that is connected, for the state.
    let identity: SourceIdentity

    private var slot: SlotManager { SlotManager(configuration.slot) }

    /// What streaming starts from.
    struct Outcome {
        var state: CaptureState
        /// False for modes that end with the snapshot.
        var streams: Bool
    }

    /// - Parameters:
    ///   - found: the slot as it is; nil when it does not exist.
    ///   - replication: a replication connection that nobody uses yet.
    func run(
        restored: CaptureState?, found: SlotStatus?, replication: PostgresConnection, catalog: LazyConnection
    ) async throws(CaptureError) -> Outcome {
        var outcome = try await begin(restored, found, replication, catalog)
        while outcome.streams, let request = try BlockingRequests.stored(in: outcome.state).first {
            outcome.state = try await read(request, outcome.state, catalog)
        }
        return outcome
    }

    private func begin(
        _ restored: CaptureState?, _ found: SlotStatus?, _ replication: PostgresConnection, _ catalog: LazyConnection
    ) async throws(CaptureError) -> Outcome {
        let ledger = try SnapshotLedger.stored(in: restored, .initial)
        let loss = loss(restored, found)
        let decision: SnapshotDecision
        do throws(CaptureError) {
            decision = try SnapshotDecision.decide(
                configuration.snapshot,
                SnapshotDecision.Situation(
                    hasOffset: restored?.processedLSN != nil, isSnapshotUnfinished: ledger != nil,
                    isPositionAvailable: loss == nil))
        } catch {
            throw loss ?? error
        }
        if let loss { logger.warning("the stored position cannot be used", metadata: ["reason": "\(loss)"]) }
        switch decision.snapshot {
        case .none:
            return Outcome(
                state: try await withoutSnapshot(restored, found, replication, catalog, streams: decision.streams),
                streams: decision.streams)
        case .resume:
            guard let ledger, let restored else { break }
            return Outcome(state: try await read(.resume(ledger), restored, catalog), streams: decision.streams)
        case .begin: break
        }
        if configuration.snapshot.delay > .zero {
            monitor.update { $0.note = "snapshot.delay.ms" }
            guard interrupt.sleep(for: configuration.snapshot.delay) else {
                throw CaptureError(code: .cancelled, detail: "the wait before the snapshot was cancelled")
            }
        }
        var state = CaptureState()
        state.extensions = restored?.extensions.filter { $0.key != SnapshotLedger.Kind.initial.extensionName } ?? [:]
        guard decision.streams else { return Outcome(state: try await read(.now, state, catalog), streams: false) }
        let (holder, created) = try exportSnapshot(found, replication, catalog)
        // Heartbeats begin with the snapshot: what their statement writes is streamed right after it.
        let data = LazyConnection(configuration.connection, for: .data, interrupt: interrupt)
        HeartbeatAction(configuration.heartbeat, logger: logger)?.run(on: data)
        data.close()
        defer { if holder !== replication { holder.close() } }
        guard let name = created.snapshotName else {
            throw CaptureError(code: .protocolViolation, detail: "the server created a slot without a snapshot")
        }
        state = try await read(.exported(name: name, lsn: created.consistentPoint), state, catalog)
        return Outcome(state: state, streams: true)
    }

    /// Why the changes that follow the stored position are not to be had; nil when they are.
    private func loss(_ state: CaptureState?, _ found: SlotStatus?) -> CaptureError? {
        guard let state, let processed = state.processedLSN, configuration.snapshot.mode != .initialOnly else {
            return nil
        }
        do throws(CaptureError) {
            try identity.check(state)
        } catch {
            return error
        }
        guard let found else {
            return CaptureError(
                code: .slotMissing, detail: "slot '\(configuration.slot.name)' does not exist any more",
                remedy: "Set snapshot.mode=when_needed to take a new snapshot with a new slot")
        }
        if found.isInvalidated { return SlotManager.invalidated(found) }
        guard let confirmed = found.confirmedFlushLSN, confirmed > processed else { return nil }
        switch configuration.slot.mismatch {
        case .trustSlot, .trustGreaterLSN:
            logger.warning(
                "the slot is ahead of the log: changes in between are skipped, as offset.mismatch.strategy says",
                metadata: ["slot.lsn": "\(confirmed)", "lsn": "\(processed)"])
            return nil
        case .noValidation, .trustOffset:
            return CaptureError(
                code: .slotAhead,
                detail: """
                    slot '\(found.name)' has confirmed \(confirmed), but the log holds changes only up to \(processed): \
                    someone else has read from it, or it was created anew
                    """,
                remedy: """
                    Take a new snapshot (snapshot.mode=when_needed), or accept the gap with \
                    offset.mismatch.strategy=trust_slot
                    """)
        }
    }

    /// A stored position goes on; else streaming begins where the slot does.
    private func withoutSnapshot(
        _ restored: CaptureState?, _ found: SlotStatus?, _ replication: PostgresConnection, _ catalog: LazyConnection,
        streams: Bool
    ) async throws(CaptureError) -> CaptureState {
        if let restored, restored.processedLSN != nil {
            // A blocking snapshot that waits speaks for itself.
            if try BlockingRequests.stored(in: restored).isEmpty { try await notify(["SKIPPED"], restored) }
            return restored
        }
        var fresh = restored ?? CaptureState()
        fresh.isSnapshotCompleted = true
        if streams {
            if let position = found?.confirmedFlushLSN {
                fresh.processedLSN = position
            } else {
                fresh.processedLSN = try create(slot, on: replication, exportsSnapshot: false).consistentPoint
            }
        }
        try await notify(["SKIPPED"], fresh)
        return fresh
    }

    /// Says that there is no snapshot, where anyone wants to know.
    private func notify(_ types: [String], _ state: CaptureState) async throws(CaptureError) {
        guard !configuration.notifications.channels.isEmpty else { return }
        var output = output(state, .initial)
        try append(types, to: &output)
        try await output.finish(state)
    }

    /// Apart from its asynchronous caller: the compiler does not end on this loop there.
    private func append(
        _ types: [String], to output: inout SnapshotSession<Transport.Session>
    ) throws(CaptureError) {
        var encoder = ChangeEncoder(configuration: configuration.events)
        encoder.processingTimeNanos = WallClock.nanoseconds
        for type in types {
            try SnapshotNotification(.initial, type, connector: configuration.events.topicPrefix)
                .send(configuration.notifications, logger, &encoder, &output)
        }
    }

    private func output(_ state: CaptureState, _ kind: SnapshotLedger.Kind) -> SnapshotSession<Transport.Session> {
        SnapshotSession(
            session: session,
            writer: RecordGroupWriter(
                group: session.makeGroup(), transport: transport, settings: configuration.topics.settings),
            state: state, kind: kind)
    }

    // MARK: - Slots

    /// A new slot's snapshot. Where the slot is there already, a temporary one gives a snapshot and the position it
    /// belongs to; the slot itself then streams from that position on.
    private func exportSnapshot(
        _ found: SlotStatus?, _ replication: PostgresConnection, _ catalog: LazyConnection
    ) throws(CaptureError) -> (holder: PostgresConnection, created: SlotManager.CreatedSlot) {
        if let found, found.isInvalidated {
            guard configuration.snapshot.mode == .whenNeeded else { throw SlotManager.invalidated(found) }
            logger.warning("the slot has lost WAL and is created anew", metadata: ["slot.name": "\(found.name)"])
            try catalog.use { connection throws(CaptureError) in try slot.drop(on: connection) }
        } else if found != nil {
            let holder = try PostgresConnection(configuration.connection, for: .replication, interrupt: interrupt)
            return (holder, try slot.createTemporary(on: holder))
        }
        return (replication, try create(slot, on: replication, exportsSnapshot: true))
    }

    private func create(
        _ slot: SlotManager, on replication: PostgresConnection, exportsSnapshot: Bool
    ) throws(CaptureError) -> SlotManager.CreatedSlot {
        let created = try slot.create(on: replication, exportsSnapshot: exportsSnapshot)
        logger.notice(
            "the slot was created",
            metadata: ["slot.name": "\(configuration.slot.name)", "lsn": "\(created.consistentPoint)"])
        return created
    }

    // MARK: - Reading

    /// The snapshot that streaming follows.
    private func read(
        _ start: SnapshotRunner.Start, _ base: CaptureState, _ catalog: LazyConnection
    ) async throws(CaptureError) -> CaptureState {
        var state = base
        state.systemIdentifier = identity.systemIdentifier
        state.timeline = identity.timeline
        return try await read(start, .initial, state, catalog) { Self.state(state, after: $0) }
    }

    /// A snapshot on demand: its tables as they are now, at the position where the stream stands.
    private func read(
        _ request: SnapshotRequest, _ base: CaptureState, _ catalog: LazyConnection
    ) async throws(CaptureError) -> CaptureState {
        var done = base
        done.snapshot = nil
        done.extensions[SnapshotLedger.Kind.blocking.extensionName] = nil
        done.extensions[BlockingRequests.extensionName] = BlockingRequests.json(
            Array(try BlockingRequests.stored(in: base).dropFirst()))
        let after = done
        if let ledger = try SnapshotLedger.stored(in: base, .blocking) {
            return try await read(.resume(ledger), .blocking, base, catalog) { _ in after }
        }
        let filters = configuration.filters
        let known = try catalog.use { connection throws(CaptureError) in
            try Catalog(connection).tables().map(\.id).filter { filters.isTableIncluded($0) }
        }.sorted(by: SnapshotSelection.precedes)
        let wanted = Set(TablePattern.expand(request.tables, among: known))
        let tables = known.filter { wanted.contains($0) && $0 != configuration.signals.table }
            .map { (id: $0, select: request.condition(for: $0)) }
        let position = SourcePosition(
            timestampMicros: 0, transactionID: base.transactionID, lsn: base.lsn ?? base.processedLSN,
            lastCommitLSN: base.commitLSN)
        return try await read(.onDemand(tables: tables, position: position), .blocking, base, catalog) { _ in after }
    }

    private func read(
        _ start: SnapshotRunner.Start, _ kind: SnapshotLedger.Kind, _ state: CaptureState, _ catalog: LazyConnection,
        then next: (SnapshotLedger) -> CaptureState
    ) async throws(CaptureError) -> CaptureState {
        monitor.update {
            $0.phase = .snapshot
            $0.note = nil
        }
        logger.notice("the snapshot begins")
        let (monitor, session) = (self.monitor, self.session)
        let countBefore = monitor.current.durableRecordCount &- session.durableRecordCount
        let runner = SnapshotRunner(configuration: configuration, interrupt: interrupt, logger: logger) { progress in
            monitor.update {
                $0.snapshot = progress
                $0.snapshotRowCount = progress.rowCount
                $0.durableRecordCount = countBefore &+ session.durableRecordCount
            }
        }
        let types = try catalog.use { connection throws(CaptureError) in try Catalog(connection).types() }
        var output = output(state, kind)
        var encoder = ChangeEncoder(configuration: configuration.events)
        let ledger = try await runner.run(start, encoder: &encoder, types: types, into: &output)
        let after = next(ledger)
        try await output.finish(after)
        logger.notice("the snapshot is complete", metadata: ["rows": "\(ledger.rowCount)"])
        monitor.update {
            $0.durableRecordCount = countBefore &+ session.durableRecordCount
            $0.snapshot = nil
            $0.snapshotRowCount = nil
        }
        return after
    }

    /// What streaming starts from after the snapshot.
    private static func state(_ base: CaptureState, after ledger: SnapshotLedger) -> CaptureState {
        var state = base
        state.extensions[SnapshotLedger.Kind.initial.extensionName] = nil
        state.snapshot = nil
        state.isSnapshotCompleted = true
        state.lsn = LSN(rawValue: ledger.lsn)
        state.processedLSN = LSN(rawValue: ledger.lsn)
        state.transactionID = ledger.transactionID
        state.timestampMicros = ledger.timestampMicros
        return state
    }
}
