import ArgumentParser
import Foundation
import KafkaClient
import Logging
import PostgresCapture

/// Which cluster a command talks to, and as whom.
struct ClusterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Brokers to begin with. Default: 'bootstrap.servers' of the file, or localhost:9092.",
            valueName: "host:port,…"))
    var bootstrapServer: String?

    @Option(
        help: ArgumentHelp(
            "Properties of a Java client, as Kafka's own tools take them: security.protocol, sasl.jaas.config, PEM stores.",
            valueName: "file"))
    var commandConfig: String?

    @Option(
        name: .customShort("X"),
        help: ArgumentHelp("A property by librdkafka's name; may be repeated.", valueName: "name=value"))
    var properties: [String] = []

    @Option(name: .customLong("timeout"), help: "Seconds that a request to the cluster may take.")
    var timeoutSeconds = 30

    /// Whether a cluster was named, for commands that also read a data directory.
    var isGiven: Bool { bootstrapServer != nil || commandConfig != nil || !properties.isEmpty }

    var deadline: Duration { .seconds(timeoutSeconds) }

    func validate() throws {
        for property in properties where (property.firstIndex(of: "=") ?? property.startIndex) == property.startIndex {
            throw ValidationError("'-X \(property.prefix { $0 != "=" })' must be written name=value.")
        }
        if timeoutSeconds < 1 { throw ValidationError("--timeout must be at least 1.") }
    }

    /// The file's properties, then `-X`, then `--bootstrap-server`; later ones win.
    /// - Throws: an exit code when the file or a property is wrong; the reasons are printed.
    func clientProperties() throws -> ClientProperties {
        var result = ClientProperties()
        if let commandConfig {
            guard let bytes = FileManager.default.contents(atPath: commandConfig) else {
                StandardError.error("cannot read the file that --command-config names: '\(commandConfig)'")
                throw ExitStatus.usage.code
            }
            do {
                result = try JavaClientProperties.translate(
                    JavaProperties.parse(String(decoding: bytes, as: UTF8.self)))
            } catch { throw Self.exit(error, .usage) }
        }
        for property in properties {
            guard let equals = property.firstIndex(of: "=") else { continue }
            result[String(property[..<equals])] = String(property[property.index(after: equals)...])
        }
        if let bootstrapServer { result["bootstrap.servers"] = bootstrapServer }
        if result["metadata.broker.list"] == nil { result.setDefault("bootstrap.servers", "localhost:9092") }
        result.setDefault("client.id", "tailrace")
        // What went wrong is told once, with the command's error.
        result.setDefault("log_level", "4")
        return result
    }

    func admin() throws -> KafkaAdmin {
        let properties = try clientProperties()
        do { return try KafkaAdmin(properties, deadline: deadline, logger: Self.logger) } catch {
            throw Self.exit(error, .usage)
        }
    }

    func consumer(_ extra: ClientProperties) throws -> KafkaConsumer {
        let properties = try clientProperties().merging(extra)
        do { return try KafkaConsumer(properties, logger: Self.logger) } catch { throw Self.exit(error, .usage) }
    }

    func producer(_ extra: ClientProperties) throws -> KafkaProducer {
        let properties = try clientProperties().merging(extra)
        do { return try KafkaProducer(properties, logger: Self.logger) } catch { throw Self.exit(error, .usage) }
    }

    /// Runs `body` with a client for administration; what the cluster refuses is printed.
    func withAdmin(_ body: (KafkaAdmin) async throws -> Void) async throws {
        let admin = try admin()
        do { try await body(admin) } catch let error as KafkaError { throw Self.exit(error, .failure) }
    }

    /// Prints the error; returns the code to end with.
    static func exit(_ error: KafkaError, _ status: ExitStatus) -> ExitCode {
        StandardError.error(error.description)
        return status.code
    }

    /// Only what an operator must know; the reason of a failure comes with the command's error.
    static var logger: Logger {
        Logger(label: "tailrace.kafka") { label in
            ConsoleLogHandler(
                logLevel: .error, metadata: [:], label: label, format: .text, style: .forOutput(2),
                write: { StandardError.write($0) })
        }
    }
}
