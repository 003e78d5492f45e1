import Broker
import CommitLog
import PostgresCapture
import Telemetry

/// The process's settings by name: the single source for reading them, for suggestions and for the reference.
enum ProcessSettings {
    struct Definition: Sendable {
        let name: String
        let defaultValue: String
        let summary: String
    }

    static let all: [Definition] = [
        .init(
            name: "data.directory", defaultValue: "./tailrace-data",
            summary: "Where everything durable lives; relative to the working directory."),
        .init(
            name: "log.flush", defaultValue: "commit",
            summary: "When a commit counts: commit (after fsync), interval, never. A crash of the process alone loses "
                + "nothing under any of them."),
        .init(
            name: "log.flush.clients", defaultValue: "as log.flush",
            summary:
                "The same for what Kafka clients write, and for their offsets and transactions. Kafka's own brokers "
                + "do as never does, and leave power cuts to replicas."),
        .init(
            name: "log.flush.interval.ms", defaultValue: "100",
            summary: "With interval, the most a power cut may take."),
        .init(
            name: "log.compression.type", defaultValue: "lz4",
            summary: "How connectors compress what they write: none, gzip, snappy, lz4 or zstd."),
        .init(name: "log.num.partitions", defaultValue: "1", summary: "Partitions of topics that do not say."),
        .init(
            name: "telemetry.listen", defaultValue: "127.0.0.1:8080",
            summary: "Where /metrics, /healthz and /readyz are served: host:port, port 0 for a free one, or off."),
        .init(
            name: "broker", defaultValue: "on",
            summary: "off for no Kafka broker; otherwise a map of the broker's settings, see below."),
        .init(
            name: "schema.registry.listen", defaultValue: "127.0.0.1:8081",
            summary: "Where the schema registry is served: host:port, port 0 for a free one, or off."),
        .init(
            name: "schema.registry.compatibility.level", defaultValue: "backward",
            summary: "The level of subjects that have none of their own until one is set through the API."),
        .init(
            name: "schema.registry.auth.users", defaultValue: "none",
            summary: "user:password with commas between, for HTTP Basic authentication; empty lets everybody in."),
        .init(
            name: "schema.registry.ssl.certificate", defaultValue: "none",
            summary: "A PEM file with the registry's certificate chain: HTTPS instead of HTTP."),
        .init(
            name: "schema.registry.ssl.key", defaultValue: "none",
            summary: "A PEM file with the certificate's private key."),
        .init(
            name: "schema.registry.ssl.client.ca", defaultValue: "none",
            summary: "A PEM file of authorities; clients must then show a certificate that one of them signed."),
        .init(name: "logging.level", defaultValue: "notice", summary: "trace, debug, info, notice, warning or error."),
        .init(
            name: "log.<topic configuration>", defaultValue: "Kafka's",
            summary: "What topics get where their own settings are silent, by Kafka's names: retention.ms, "
                + "retention.bytes, segment.bytes, max.message.bytes, cleanup.policy."),
        .init(name: "logging.format", defaultValue: "text", summary: "text or json: how log lines are written."),
        .init(
            name: "shutdown.timeout.ms", defaultValue: "30000",
            summary: "How long a stop may take before it is forced."),
    ]

    /// Sets one setting, or returns what is wrong with it.
    static func set(_ name: String, to value: String, in configuration: inout ProcessConfiguration) -> String? {
        func wrong(_ accepted: String) -> String { "setting '\(name)' is '\(value)'; accepted is \(accepted)" }
        switch name {
        case "data.directory":
            if value.isEmpty { return wrong("a path") }
            configuration.dataDirectory = value
        case "log.flush":
            guard let flush = ProcessConfiguration.LogSettings.Flush(rawValue: value.lowercased()) else {
                return wrong("commit, interval or never")
            }
            configuration.log.flush = flush
        case "log.flush.clients":
            guard let flush = ProcessConfiguration.LogSettings.Flush(rawValue: value.lowercased()) else {
                return wrong("commit, interval or never")
            }
            configuration.log.clientFlush = flush
        case "log.flush.interval.ms":
            guard let milliseconds = Int(value), (1...60_000).contains(milliseconds) else {
                return wrong("a whole number from 1 to 60000")
            }
            configuration.log.flushInterval = .milliseconds(milliseconds)
        case "log.compression.type":
            guard ["none", "gzip", "snappy", "lz4", "zstd"].contains(value.lowercased()) else {
                return wrong("none, gzip, snappy, lz4 or zstd")
            }
            configuration.log.compression = value.lowercased()
        case "log.num.partitions":
            guard let count = Int32(value), (1...10_000).contains(count) else {
                return wrong("a whole number from 1 to 10000")
            }
            configuration.log.partitionCount = count
        case "telemetry.listen":
            if ["off", "false", "none"].contains(value.lowercased()) {
                configuration.telemetryAddress = nil
            } else if let address = ListenAddress(value) {
                configuration.telemetryAddress = address
            } else {
                return wrong("host:port with a numeric address, a port alone, or off")
            }
        case "broker":
            switch value.lowercased() {
            case "off", "false", "none": configuration.broker.isEnabled = false
            case "on", "true": configuration.broker.isEnabled = true
            default: return wrong("on, off, or a map of the broker's settings")
            }
        case "logging.level":
            guard let level = ProcessConfiguration.LoggingSettings.Level(rawValue: value.lowercased()) else {
                return wrong("trace, debug, info, notice, warning or error")
            }
            configuration.logging.level = level
        case "logging.format":
            guard let format = ProcessConfiguration.LoggingSettings.Format(rawValue: value.lowercased()) else {
                return wrong("text or json")
            }
            configuration.logging.format = format
        case "shutdown.timeout.ms":
            guard let milliseconds = Int(value), (0...3_600_000).contains(milliseconds) else {
                return wrong("a whole number from 0 to 3600000")
            }
            configuration.shutdownTimeout = .milliseconds(milliseconds)
        default:
            if name.hasPrefix("schema.registry.") { return setRegistry(name, to: value, in: &configuration) }
            if name.hasPrefix("broker.") { return setBroker(String(name.dropFirst(7)), to: value, in: &configuration) }
            if name.hasPrefix("log.") {
                let setting = String(name.dropFirst(4))
                do { _ = try TopicConfiguration([setting: value]) } catch {
                    return "setting '\(name)': \(error.detail)"
                }
                configuration.log.topicDefaults[setting] = value
                return nil
            }
            let suggestion = ClosestName.to(name, among: all.map(\.name) + ["connectors"])
            return "setting '\(name)' is not known" + (suggestion.map { "; did you mean '\($0)'?" } ?? "")
        }
        return nil
    }

    private static func setBroker(
        _ name: String, to value: String, in configuration: inout ProcessConfiguration
    ) -> String? {
        guard BrokerConfiguration.isKnown(name) else {
            let suggestion = ClosestName.to(name, among: BrokerSetting.all.map(\.name))
            return "setting 'broker.\(name)' is not known" + (suggestion.map { "; did you mean 'broker.\($0)'?" } ?? "")
        }
        do throws(BrokerConfiguration.Problem) {
            try configuration.broker.set(name, to: value)
            return nil
        } catch {
            return error.description
        }
    }
}
