import ChangeModel
import DebeziumFormat
import Logging
import RecordTransport

/// One life of a connector: attempts, one after the other, until it is stopped or someone has to act.
struct ConnectorRun<Transport: RecordTransport> {
    let configuration: CaptureConfiguration
    let transport: Transport
    let monitor: CaptureMonitor
    let logger: Logger
    let interrupt: Interrupt

    private var session: Transport.Session?
    /// The server was examined: once, at the start, however many attempts that takes.
    private var isChecked = false

    init(
        configuration: CaptureConfiguration, transport: Transport, monitor: CaptureMonitor, logger: Logger,
        interrupt: Interrupt
    ) {
        self.configuration = configuration
        self.transport = transport
        self.monitor = monitor
        self.logger = logger
        self.interrupt = interrupt
    }

    mutating func run() async throws(CaptureError) {
        try checkRegistries()
        var backoff = RetryBackoff(configuration.retries)
        while true {
            let rowCount = monitor.current.streamedRowCount
            guard let failure = await attempt() else { break }
            if failure.code == .cancelled { break }
            if monitor.current.streamedRowCount > rowCount { backoff.reset() }
            guard failure.isRetryable, let delay = backoff.next() else {
                await closeSession()
                monitor.update {
                    $0.phase = .failed
                    $0.lastError = failure
                }
                logger.error("the connector has stopped", metadata: ["error": "\(failure)"])
                throw failure
            }
            logger.warning(
                "the connector will try again", metadata: ["error": "\(failure)", "attempt": "\(backoff.count)"])
            monitor.update {
                $0.phase = .retrying
                $0.lastError = failure
                $0.reconnectCount += 1
            }
            // A new session says what is durable: the one place to resume from.
            await closeSession()
            if !interrupt.sleep(for: delay) { break }
        }
        await dropSlotIfAsked()
        await closeSession()
        monitor.update { $0.phase = .stopped }
    }

    /// Converters that need a registry must have been given one before anything is read.
    private func checkRegistries() throws(CaptureError) {
        let events = configuration.events
        for (side, isMissing) in [
            ("key", configuration.keyRegistry != nil && events.keySchemas == nil),
            ("value", configuration.valueRegistry != nil && events.valueSchemas == nil),
        ] where isMissing {
            throw CaptureError(
                code: .invalidConfiguration, detail: "\(side).converter needs a schema registry and none is reachable",
                remedy: "Set \(side).converter.schema.registry.url")
        }
    }

    /// One attempt, from connecting to the failure that ended it.
    /// - Returns: nil when there is nothing left to do.
    private mutating func attempt() async -> CaptureError? {
        do throws(CaptureError) {
            while true {
                let session = try await openSession()
                if !isChecked {
                    monitor.update { $0.phase = .starting }
                    let check = StartCheck(
                        configuration: configuration, hasPosition: session.restoredState != nil, logger: logger)
                    try check.run(interrupt)
                    isChecked = true
                }
                let attempt = CaptureAttempt(
                    configuration: configuration, transport: transport, session: session, monitor: monitor,
                    logger: logger, interrupt: interrupt)
                guard try await attempt.run() else { return nil }
                await closeSession()
            }
        } catch {
            return error
        }
    }

    // MARK: - The log's session

    private mutating func openSession() async throws(CaptureError) -> Transport.Session {
        if let session { return session }
        do throws(TransportError) {
            let key = JSONObject.quoted(configuration.name)
            let server = JSONObject.quoted(configuration.events.topicPrefix)
            let opened = try await transport.openSession(source: "[\(key),{\"server\":\(server)}]")
            session = opened
            return opened
        } catch {
            throw CaptureError(log: error)
        }
    }

    private mutating func closeSession() async {
        guard let session else { return }
        self.session = nil
        do throws(TransportError) {
            try await session.close()
        } catch {
            logger.warning("closing the log's session failed", metadata: ["error": "\(error)"])
        }
    }

    /// `slot.drop.on.stop`
    private func dropSlotIfAsked() async {
        guard configuration.slot.dropsOnStop else { return }
        do throws(CaptureError) {
            let connection = try PostgresConnection(configuration.connection, for: .catalog)
            try SlotManager(configuration.slot).drop(on: connection)
            logger.notice("the slot was dropped", metadata: ["slot.name": "\(configuration.slot.name)"])
        } catch {
            logger.warning("dropping the slot failed", metadata: ["error": "\(error)"])
        }
    }
}
