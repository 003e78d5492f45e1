import ArgumentParser
import CommitLog
import Foundation
import Logging
import PostgresCapture
import RecordTransport

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the connectors of a configuration.",
        discussion: """
            Everything is checked before anything is touched; all errors come at once and end with exit code 2.

            SIGTERM and SIGINT stop gracefully: what was read becomes durable and is confirmed to the server, then the
            process exits 0. A second signal, or shutdown.timeout.ms, forces the stop (exit 130); nothing is lost or
            doubled by that. When every connector has failed for good, the process exits 1.
            """)

    @Option(name: [.customShort("c"), .long], help: "The configuration file.")
    var config = "tailrace.yaml"

    @Flag(help: "Check the configuration and exit.")
    var check = false

    func run() async throws {
        let settings: ProcessConfiguration
        let plan: ConnectorPlan
        do throws(ConfigurationFile.Errors) {
            (settings, plan) = try ConfigurationFile.loadPlan(config, secrets: .process)
        } catch {
            throw StandardError.exit(error)
        }
        if check {
            for connector in plan.connectors {
                for note in connector.notes { StandardError.warning("\(connector.label): \(note)") }
            }
            print(
                "\(config): \(plan.connectors.count) \(plan.connectors.count == 1 ? "connector" : "connectors"), no errors"
            )
            return
        }
        ConsoleLogHandler.bootstrap(settings.logging)
        let logger = Logger(label: "tailrace")
        for connector in plan.connectors {
            for note in connector.notes {
                logger.warning("\(note)", metadata: ["connector": "\(connector.configuration.name)"])
            }
        }
        let transport = try await Self.open(settings, logger: logger)
        let status = await ServeRun(settings: settings, plan: plan, transport: transport, logger: logger).run()
        do throws(TransportError) { try transport.close() } catch {
            logger.error("the log was not closed cleanly", metadata: ["error": "\(error)"])
            throw ExitStatus.failure.code
        }
        if status != .success { throw status.code }
    }

    /// Opens the log. Where the disk is full, waits for room as a running log does: recovery writes a little, and a
    /// start that fails would only be tried again by whoever supervises the process.
    private static func open(
        _ settings: ProcessConfiguration, logger: Logger
    ) async throws -> EmbeddedTransport {
        while true {
            do throws(TransportError) {
                return try EmbeddedTransport(directory: settings.dataDirectory, options: options(settings.log))
            } catch {
                guard error.code == .diskFull else {
                    StandardError.error(error.description)
                    throw ExitStatus.failure.code
                }
                logger.error("the log cannot be opened until there is room", metadata: ["error": "\(error)"])
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    static func options(_ settings: ProcessConfiguration.LogSettings) -> EmbeddedTransport.Options {
        var options = EmbeddedTransport.Options()
        func policy(_ flush: ProcessConfiguration.LogSettings.Flush) -> LogOptions.Flush {
            switch flush {
            case .commit: .commit
            case .interval: .interval(settings.flushInterval)
            case .never: .never
            }
        }
        options.flush = policy(settings.flush)
        options.clientFlush = settings.clientFlush.map(policy)
        options.compression = settings.compression
        options.defaultPartitionCount = settings.partitionCount
        options.topicDefaults.merge(settings.topicDefaults) { _, new in new }
        return options
    }
}
