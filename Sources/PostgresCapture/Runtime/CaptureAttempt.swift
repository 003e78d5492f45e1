import ChangeModel
import DebeziumFormat
import Logging
import RecordTransport

/// One attempt of a connector: connect, check, prepare publication and slot, take the snapshot that is due, stream.
struct CaptureAttempt<Transport: RecordTransport> {
    let configuration: CaptureConfiguration
    let transport: Transport
    let session: Transport.Session
    let monitor: CaptureMonitor
    let logger: Logger
    let interrupt: Interrupt

    /// - Returns: true when another attempt is due at once, which finds its work in the state.
    func run() async throws(CaptureError) -> Bool {
        monitor.update {
            $0.phase = .starting
            $0.note = nil
        }
        let restored = try restoredState()
        let catalogConnection = LazyConnection(
            configuration.connection, for: .catalog, interrupt: interrupt,
            statementTimeout: configuration.queryTimeout)
        defer { catalogConnection.close() }
        try catalogConnection.use { connection throws(CaptureError) in try checkServer(connection) }

        let replication = try PostgresConnection(configuration.connection, for: .replication, interrupt: interrupt)
        defer { replication.close() }
        var identity = try SourceIdentity.identify(replication)
        if let timeline = restored?.timeline, timeline != identity.timeline { try identity.readHistory(replication) }
        if configuration.snapshot.streams {
            try catalogConnection.use { connection throws(CaptureError) in try prepareTables(Catalog(connection)) }
        }

        let slot = SlotManager(configuration.slot)
        let found = try catalogConnection.use { connection throws(CaptureError) in
            try findSlot(slot, on: connection)
        }
        let phase = SnapshotPhase(
            configuration: configuration, transport: transport, session: session, monitor: monitor, logger: logger,
            interrupt: interrupt, identity: identity)
        let outcome = try await phase.run(
            restored: restored, found: found, replication: replication, catalog: catalogConnection)
        guard outcome.streams else {
            logger.notice("nothing is left to do: snapshot.mode does not stream")
            return false
        }
        var state = outcome.state
        state.systemIdentifier = identity.systemIdentifier
        state.timeline = identity.timeline
        if configuration.snapshot.streamingDelay > .zero, !interrupt.sleep(for: configuration.snapshot.streamingDelay) {
            throw CaptureError(code: .cancelled, detail: "the wait before streaming was cancelled")
        }
        try await stream(from: state, on: replication, catalog: catalogConnection)
        return true
    }

    private func restoredState() throws(CaptureError) -> CaptureState? {
        guard let bytes = session.restoredState else { return nil }
        return try CaptureState(decoding: bytes)
    }

    // MARK: - Preparations

    private func checkServer(_ connection: PostgresConnection) throws(CaptureError) {
        guard connection.serverVersion >= ServerFeatures.minimumVersion else {
            throw CaptureError(
                code: .unsupportedServer,
                detail: "the server's version is \(connection.serverVersion / 10000); 12 is the oldest supported")
        }
        let level = try connection.query("SHOW wal_level", action: "reading wal_level").text(0, 0) ?? ""
        guard level == "logical" else {
            throw CaptureError(
                code: .walLevel, detail: "wal_level is '\(level)', not 'logical'",
                remedy: "Run ALTER SYSTEM SET wal_level = logical and restart the server")
        }
    }

    private func prepareTables(_ catalog: Catalog) throws(CaptureError) {
        var captured: [TableSummary] = []
        for table in try catalog.tables() where !table.isUnlogged && configuration.filters.isTableIncluded(table.id) {
            captured.append(table)
        }
        try checkCount(captured.count)
        let manager = PublicationManager(configuration.publication)
        try manager.prepare(on: catalog.connection, captured: captured)
        try manager.setReplicaIdentities(on: catalog.connection, captured: captured)
        logger.debug("captured tables", metadata: ["count": "\(captured.count)"])
    }

    /// `guardrail.collections.max`
    private func checkCount(_ count: Int) throws(CaptureError) {
        guard let limit = configuration.filters.tableCountMax, count > limit else { return }
        let detail = "\(count) tables are captured, more than guardrail.collections.max=\(limit)"
        guard configuration.filters.failsAboveTableCountMax else {
            logger.warning("\(detail)")
            return
        }
        throw CaptureError(
            code: .invalidConfiguration, detail: detail,
            remedy: "Narrow table.include.list, or raise guardrail.collections.max")
    }

    private func findSlot(
        _ slot: SlotManager, on connection: PostgresConnection
    ) throws(CaptureError) -> SlotStatus? {
        guard let status = try slot.status(on: connection) else { return nil }
        do throws(CaptureError) {
            try slot.check(status, database: connection.databaseName)
        } catch {
            // Whether a slot that is lost ends it all is decided together with the snapshot.
            guard error.code == .slotInvalidated else { throw error }
            return status
        }
        try slot.waitUntilFree(on: connection) { holder in
            monitor.update { $0.note = holder }
            logger.warning("waiting for the slot", metadata: ["holder": "\(holder)"])
        }
        return try slot.status(on: connection)
    }

    // MARK: - Streaming

    private func stream(
        from state: CaptureState, on replication: PostgresConnection, catalog: LazyConnection
    ) async throws(CaptureError) {
        let types = try catalog.use { connection throws(CaptureError) in try Catalog(connection).types() }
        let data = LazyConnection(
            configuration.connection, for: .data, interrupt: interrupt, statementTimeout: configuration.queryTimeout)
        defer { data.close() }
        let signals = LazyConnection(configuration.connection, for: .data, interrupt: interrupt)
        defer { signals.close() }
        var observer: SignalCoordinator?
        if configuration.watchesSignals {
            observer = try SignalCoordinator(
                configuration: configuration, state: state, connection: signals, logger: logger)
        }
        let settings = configuration.topics.settings
        let router = ChangeRouter(
            configuration: configuration, state: state,
            sink: RecordGroupWriter(group: session.makeGroup(), transport: transport, settings: settings),
            catalog: catalog, types: types, observer: observer)
        var buffer = ReceiveBuffer()
        let link = try ReplicationLink(
            replication, slot: configuration.slot.name, from: state.confirmableLSN,
            options: try streamOptions(version: replication.serverVersion), into: &buffer)
        monitor.update { $0.phase = .streaming }
        logger.notice(
            "streaming",
            metadata: ["slot.name": "\(configuration.slot.name)", "lsn": "\(state.confirmableLSN)"])
        var stream = ChangeStream(
            configuration: configuration, session: session, link: link, buffer: buffer, router: router, state: state,
            data: data, monitor: monitor, logger: logger, observer: observer)
        try await stream.run()
    }

    /// pgoutput's options: ours, then what `slot.stream.params` adds or replaces. The protocol version is the lowest
    /// that knows them all, unless it is given.
    private func streamOptions(version: Int) throws(CaptureError) -> [(name: String, value: String)] {
        let publication = PostgresConnection.quote(identifier: configuration.publication.name)
        var options: [(name: String, value: String)] = [
            ("proto_version", String(configuration.slot.protocolVersion)), ("publication_names", publication),
        ]
        if ServerFeatures(version: version).hasLogicalMessages { options.append(("messages", "true")) }
        if configuration.slot.isOn("binary") {
            throw CaptureError(
                code: .invalidConfiguration, detail: "slot.stream.params asks for binary values",
                remedy: "Remove binary: events are made from values in text form")
        }
        for parameter in configuration.slot.streamParameters {
            options.removeAll { $0.name == parameter.name }
            options.append(parameter)
        }
        return options
    }
}

extension SnapshotSettings {
    /// False for the modes that end with the snapshot and need neither publication nor slot.
    var streams: Bool {
        switch mode {
        case .initialOnly: false
        case .configurationBased: configurationBased.startStream
        default: true
        }
    }

    /// False for the modes that begin without the tables' rows.
    var readsRows: Bool {
        switch mode {
        case .noData: false
        case .configurationBased: configurationBased.snapshotData
        default: true
        }
    }
}
