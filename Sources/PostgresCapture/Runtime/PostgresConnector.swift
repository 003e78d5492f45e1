public import Logging
public import RecordTransport

/// One PostgreSQL connector: captures a database into a log, from its first snapshot on, for as long as it runs.
public struct PostgresConnector<Transport: RecordTransport>: Sendable {
    public let configuration: CaptureConfiguration
    public let transport: Transport
    /// What the connector is doing; readable from any thread.
    public let monitor: CaptureMonitor
    private let logger: Logger

    public init(
        configuration: CaptureConfiguration, transport: Transport, monitor: CaptureMonitor = CaptureMonitor(),
        logger: Logger = Logger(label: "tailrace.capture")
    ) {
        self.configuration = configuration
        self.transport = transport
        self.monitor = monitor
        var logger = logger
        logger[metadataKey: "connector"] = "\(configuration.name)"
        self.logger = logger
    }

    /// Captures until the task is cancelled, which is a normal end: what was read is then in the log and confirmed.
    ///
    /// Failures of the server, the network and the log's disk are met by reconnecting, with growing pauses, for as long
    /// as `errors.max.retries` says; the position is exact across all of them.
    /// - Throws: ``CaptureError`` that needs someone to act; the position in the log is unchanged by it.
    public func run() async throws(CaptureError) {
        let interrupt = Interrupt()
        // What else runs ends with the capture itself, however that ends.
        let health = Interrupt(following: interrupt)
        let failure: CaptureError? = await withTaskGroup(of: Void.self) { group in
            let sampler = HealthSampler(
                configuration: configuration, monitor: monitor, logger: logger, interrupt: health)
            group.addTask(executorPreference: CaptureExecutor(name: "health")) { sampler.run() }
            defer { health.fire() }
            return await capture(interrupt)
        }
        if let failure { throw failure }
    }

    private func capture(_ interrupt: Interrupt) async -> CaptureError? {
        await withTaskExecutorPreference(CaptureExecutor(name: "capture")) {
            await withTaskCancellationHandler {
                var run = ConnectorRun(
                    configuration: configuration, transport: transport, monitor: monitor, logger: logger,
                    interrupt: interrupt)
                do throws(CaptureError) {
                    try await run.run()
                    return nil
                } catch {
                    return error
                }
            } onCancel: {
                interrupt.fire()
            }
        }
    }
}
