import Avro
import CommitLog
import Compression
import Logging
import SchemaRegistry
import SchemaStore
import Synchronization
import TailraceTesting

/// A registry on a simulated disk.
struct RegistryUnderTest {
    let disk: SimulatedFileSystem
    let log: CommitLog<SimulatedFileSystem>
    let service: RegistryService

    init(disk: SimulatedFileSystem = SimulatedFileSystem(seed: 1)) throws {
        self.disk = disk
        log = try CommitLog(
            directory: "/data", files: disk,
            options: LogOptions(now: { 1_700_000_000_000 }, makeCodec: { StandardCodec() }))
        service = try RegistryService(
            journal: EmbeddedJournal(log: log, now: { 1_700_000_000_000 }),
            identity: .init(clusterID: "c", version: "v"))
    }

    /// Status and body of a request, the body as text.
    func ask(
        _ method: RegistryRequest.Method, _ target: String, _ body: String? = nil, isNewClient: Bool = false
    ) async throws -> (status: Int, body: String) {
        let json = try body.map { try JSONValue(parsing: $0) }
        guard
            let request = RegistryRequest(
                method: method, target: target, body: json, acceptsUnknownMembers: isNewClient)
        else { return (400, "") }
        let answer = await service.answer(request)
        switch answer.body {
        case .json(let value): return (answer.status, value.description)
        case .text(let text): return (answer.status, text)
        }
    }

    /// The body of a registration.
    static func body(_ schema: String, _ more: String = "") -> String {
        #"{"schema":\#(JSONValue.string(schema).description)\#(more)}"#
    }

    /// Runs an HTTP server for the service while `body` runs, and hands it the port.
    func serving(
        _ settings: RegistryServerSettings = RegistryServerSettings(port: 0), _ body: (Int) async throws -> Void
    ) async throws {
        let (ports, found) = AsyncStream<Int>.makeStream()
        var settings = settings
        settings.port = 0
        let server = RegistryServer(
            service: service, settings: settings, logger: Logger(label: "test"),
            onListening: { found.yield($0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await server.run() } catch is CancellationError {}
                found.finish()
            }
            for await port in ports {
                try await body(port)
                break
            }
            group.cancelAll()
        }
    }
}
