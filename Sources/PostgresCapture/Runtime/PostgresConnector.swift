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
        let executor = CaptureExecutor(name: "capture")
        let interrupt = Interrupt()
        do {
            try await withTaskExecutorPreference(executor) {
                try await interrupt.whileNotCancelled {
                    var run = ConnectorRun(
                        configuration: configuration, transport: transport, monitor: monitor, logger: logger,
                        interrupt: interrupt)
                    try await run.run()
                }
            }
        } catch let error as CaptureError {
            throw error
        } catch {
            throw CaptureError(code: .queryFailed, detail: "\(error)")
        }
    }
}
