import Broker
import SchemaRegistry
import Telemetry

/// What `tailrace.yaml` says: the process's own settings and the connectors' property maps.
///
/// Nested maps and dotted names mean the same: `data: {directory: x}` is `data.directory: x`.
struct ProcessConfiguration: Equatable, Sendable {
    /// `data.directory`, relative to the working directory.
    var dataDirectory = "./tailrace-data"
    var log = LogSettings()
    /// `telemetry.listen`: where metrics and health are served; nil (`off`) serves nothing.
    var telemetryAddress: ListenAddress? = ListenAddress(host: "127.0.0.1", port: 8080)
    /// `broker.*`: the Kafka broker; `broker: off` for none.
    var broker = BrokerConfiguration()
    /// `schema.registry.*`
    var registry = RegistryServerSettings()
    /// Whether the schema registry is served.
    var isRegistryEnabled = true
    var logging = LoggingSettings()
    /// `shutdown.timeout.ms`: how long a stop may take before it is forced.
    var shutdownTimeout = Duration.seconds(30)
    var connectors: [ConnectorEntry] = []

    /// `log.*`
    struct LogSettings: Equatable, Sendable {
        enum Flush: String, CaseIterable { case commit, interval, never }
        /// `log.flush`
        var flush = Flush.commit
        /// `log.flush.clients`; nil for the same as `flush`.
        var clientFlush: Flush?
        /// `log.flush.interval.ms`
        var flushInterval = Duration.milliseconds(100)
        /// `log.compression.type`: of what connectors write
        var compression = "lz4"
        /// `log.num.partitions`: of topics that do not say.
        var partitionCount: Int32 = 1
        /// `log.<topic configuration>`: what topics get where their own settings are silent.
        var topicDefaults: [String: String] = [:]
    }

    /// `logging.*`
    struct LoggingSettings: Equatable, Sendable {
        enum Format: String, CaseIterable { case text, json }
        enum Level: String, CaseIterable { case trace, debug, info, notice, warning, error }
        /// `logging.format`
        var format = Format.text
        /// `logging.level`
        var level = Level.notice
    }
}

/// One element of `connectors:`, with the lines its properties stand on.
struct ConnectorEntry: Equatable, Sendable {
    let index: Int
    let line: Int
    /// As written: references to secrets are not resolved here.
    var properties: [String: Property]

    struct Property: Equatable, Sendable {
        let value: String
        /// Counted from 1.
        let line: Int
    }

    /// `connectors[0] 'shop'`
    var label: String { "connectors[\(index)]" + (properties["name"].map { " '\($0.value)'" } ?? "") }
}
