import Broker
import CommitLog
import Foundation
import Glibc
import Logging
import PostgresCapture
import RecordTransport
import SchemaRegistry
import Synchronization
import Telemetry
import UnixSignals

/// The life of `tailrace serve`: connectors, telemetry and signals, until a stop is asked for or nothing is left to do.
struct ServeRun: Sendable {
    let settings: ProcessConfiguration
    let connectors: [(configuration: CaptureConfiguration, monitor: CaptureMonitor)]
    let transport: EmbeddedTransport
    let logger: Logger

    init(settings: ProcessConfiguration, plan: ConnectorPlan, transport: EmbeddedTransport, logger: Logger) {
        self.settings = settings
        self.transport = transport
        self.logger = logger
        connectors = plan.connectors.map { ($0.configuration, CaptureMonitor()) }
    }

    enum Event: Sendable {
        case connectorEnded(failed: Bool)
        case stopAsked
        case serverFailed(String)
        case other
    }

    /// Returns when everything that was read is durable.
    func run() async -> ExitStatus {
        logger.notice(
            "tailrace has started",
            metadata: [
                "version": "\(Version.current)", "data.directory": "\(settings.dataDirectory)",
                "connectors": "\(connectors.count)",
            ])
        let recovery = transport.log.recovery
        if !recovery.wasClean {
            logger.notice(
                "the log was recovered after an unclean stop",
                metadata: [
                    "truncated.bytes": "\(recovery.truncatedByteCount)",
                    "discarded.commits": "\(recovery.discardedCommitCount)",
                ])
        }
        let broker = settings.broker.isEnabled ? makeBroker() : nil
        guard await start(broker) else { return .failure }
        let registry: RegistryService?
        do throws(RegistryJournalError) {
            registry = settings.isRegistryEnabled ? try makeRegistry() : nil
        } catch {
            StandardError.error("the schema registry cannot start: \(error)")
            await broker?.stop()
            return .failure
        }
        let (stops, askToStop) = AsyncStream<Void>.makeStream()
        let status = await withTaskGroup(of: ExitStatus?.self) { group in
            group.addTask {
                await watchSignals(askToStop)
                return nil
            }
            group.addTask { await work(until: stops, broker: broker, registry: registry) }
            defer { group.cancelAll() }
            for await status in group { if let status { return status } }
            return ExitStatus.success
        }
        await broker?.stop()
        return status
    }

    private func makeBroker() -> BrokerServer {
        BrokerServer(
            configuration: settings.broker, log: transport.log, topicDefaults: settings.log.topicDefaults,
            logger: Logger(label: "tailrace.broker"))
    }

    /// Starts the broker, where there is one, and says where it listens.
    private func start(_ broker: BrokerServer?) async -> Bool {
        guard let broker else { return true }
        do throws(BrokerError) {
            for bound in try await broker.start() {
                // As with telemetry: with port 0 this is how the port becomes known.
                FileHandle.standardOutput.write(Data("kafka listening on \(bound.name)://\(bound.endpoint)\n".utf8))
            }
            return true
        } catch {
            StandardError.error(error.description)
            return false
        }
    }

    /// The first signal asks for a stop; a second one, or the time, forces it.
    private func watchSignals(_ askToStop: AsyncStream<Void>.Continuation) async {
        let (deadlines, startDeadline) = AsyncStream<Void>.makeStream()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                var isStopping = false
                for await signal in await UnixSignalsSequence(trapping: .sigterm, .sigint) {
                    if isStopping { force("a second signal (\(signal))") }
                    isStopping = true
                    logger.notice("stopping: what was read becomes durable first", metadata: ["signal": "\(signal)"])
                    askToStop.yield()
                    startDeadline.yield()
                }
            }
            group.addTask {
                for await _ in deadlines {
                    do { try await Task.sleep(for: settings.shutdownTimeout) } catch { return }
                    force("shutdown.timeout.ms has passed")
                }
            }
        }
    }

    private func force(_ reason: String) -> Never {
        StandardError.error("the stop was forced: \(reason); the log is consistent")
        Glibc._exit(ExitStatus.forced.rawValue)
    }

    private func work(
        until stops: AsyncStream<Void>, broker: BrokerServer?, registry: RegistryService?
    ) async -> ExitStatus {
        var registries = ConnectorRegistries(embedded: registry)
        let captures: [CaptureConfiguration]
        do throws(RegistryClientError) {
            captures = try connectors.map { (connector) throws(RegistryClientError) in
                try registries.connect(connector.configuration)
            }
        } catch {
            StandardError.error(error.description)
            return .failure
        }
        let status = await withTaskGroup(of: Event.self) { group in
            for (connector, capture) in zip(connectors, captures) {
                group.addTask {
                    let runner = PostgresConnector(
                        configuration: capture, transport: transport, monitor: connector.monitor,
                        logger: Logger(label: "tailrace.capture"))
                    do {
                        try await runner.run()
                        return .connectorEnded(failed: false)
                    } catch {
                        // The connector has logged the reason; /readyz and the metrics keep telling it.
                        return .connectorEnded(failed: true)
                    }
                }
            }
            group.addTask {
                for await _ in stops { return .stopAsked }
                return .other
            }
            group.addTask {
                await reportSnapshots()
                return .other
            }
            if let address = settings.telemetryAddress {
                group.addTask { await serveTelemetry(address, broker, registry?.monitor) }
            }
            if let registry { group.addTask { await serve(registry) } }
            if connectors.isEmpty {
                logger.warning("no connectors are configured: there is nothing to capture")
            }
            return await decide(&group)
        }
        await registries.close()
        return status
    }

    private func decide(_ group: inout TaskGroup<Event>) async -> ExitStatus {
        var (runningCount, failedCount) = (connectors.count, 0)
        var status = ExitStatus.success
        var isStopping = false
        while let event = await group.next() {
            switch event {
            case .stopAsked:
                isStopping = true
                group.cancelAll()
            case .serverFailed(let reason):
                if isStopping { continue }
                StandardError.error(reason)
                status = .failure
                isStopping = true
                group.cancelAll()
            case .connectorEnded(let failed):
                runningCount -= 1
                if failed { failedCount += 1 }
                if runningCount == 0, failedCount == connectors.count, !isStopping {
                    logger.error("every connector has failed")
                    status = .failure
                    isStopping = true
                    group.cancelAll()
                } else if runningCount == 0, failedCount == 0, !isStopping {
                    logger.notice("every connector has finished; the log stays open until a stop is asked for")
                }
            case .other: break
            }
        }
        if isStopping, status == .success { logger.notice("tailrace has stopped") }
        return status
    }

    /// Says every ten seconds how far the snapshots under way are, until it is cancelled.
    private func reportSnapshots() async {
        while true {
            do { try await Task.sleep(for: .seconds(10)) } catch { return }
            for connector in connectors {
                let status = connector.monitor.current
                guard status.phase == .snapshot, let progress = status.snapshot else { continue }
                logger.notice(
                    "the snapshot goes on",
                    metadata: SnapshotLine.metadata(progress, connector: connector.configuration.name))
            }
        }
    }

    private func serveTelemetry(
        _ address: ListenAddress, _ broker: BrokerServer?, _ registry: RegistryMonitor?
    ) async -> Event {
        let report = ServeReport(
            connectors: connectors.map { ($0.configuration.name, $0.monitor) }, dataDirectory: settings.dataDirectory,
            broker: broker?.metrics, registry: registry)
        let server = TelemetryServer(
            address: address, metrics: { report.metrics() }, liveness: { HealthReport(checks: []) },
            readiness: { report.readiness() },
            onListening: { port in
                // Alone on a line, whatever the log level: with port 0 this is how the port becomes known.
                let listening = ListenAddress(host: address.host, port: port)
                FileHandle.standardOutput.write(Data("telemetry listening on http://\(listening)\n".utf8))
            })
        do {
            try await server.run()
            return .other
        } catch is CancellationError {
            return .other
        } catch { return .serverFailed("\(error)") }
    }
}
