import CommitLog
import Foundation
import Logging
import RecordTransport
import SchemaRegistry

extension ServeRun {
    /// The schema registry over the log's topic `_schemas`. Reads the topic.
    func makeRegistry() throws(RegistryJournalError) -> RegistryService {
        let journal = EmbeddedJournal(log: transport.log) { Int64(Date().timeIntervalSince1970 * 1000) }
        return try RegistryService(
            journal: journal,
            identity: RegistryAPI.Identity(clusterID: "tailrace", version: "8.0.0-tailrace-\(Version.current)"),
            defaultCompatibility: settings.registry.defaultCompatibility)
    }

    /// Serves the registry until the task is cancelled.
    func serve(_ registry: RegistryService) async -> Event {
        let scheme = settings.registry.tls == nil ? "http" : "https"
        let host = settings.registry.host.contains(":") ? "[\(settings.registry.host)]" : settings.registry.host
        let server = RegistryServer(
            service: registry, settings: settings.registry, logger: Logger(label: "tailrace.registry"),
            onListening: { port in
                // As with telemetry: with port 0 this is how the port becomes known.
                let line = "schema registry listening on \(scheme)://\(host):\(port)\n"
                FileHandle.standardOutput.write(Data(line.utf8))
            })
        do {
            try await server.run()
            return .other
        } catch is CancellationError {
            return .other
        } catch {
            return .serverFailed(
                "the schema registry cannot listen on \(host):\(settings.registry.port): \(error); "
                    + "set 'schema.registry.listen'")
        }
    }
}
