import ChangeModel
import CommitLog
import Compression
import Foundation
import Logging
import TailraceTesting

@testable import Broker

/// A broker on a free port with a log of its own.
final class RunningBroker: Sendable {
    let log: CommitLog<PosixFileSystem>
    let server: BrokerServer
    let endpoint: Endpoint
    private let directory: TemporaryDirectory

    private init(
        log: CommitLog<PosixFileSystem>, server: BrokerServer, endpoint: Endpoint, directory: TemporaryDirectory
    ) {
        self.log = log
        self.server = server
        self.endpoint = endpoint
        self.directory = directory
    }

    /// Runs `body` with a broker that has these settings, and stops it afterwards.
    static func with<Result>(
        _ settings: [String: String] = [:], _ body: (RunningBroker) async throws -> Result
    ) async throws -> Result {
        let directory = try TemporaryDirectory(prefix: "tailrace-broker")
        var options = LogOptions(
            now: { Int64(Date().timeIntervalSince1970 * 1000) }, makeCodec: { StandardCodec() })
        options.flush = .never
        let log = try CommitLog(directory: directory.file("data"), files: PosixFileSystem(), options: options)
        var configuration = BrokerConfiguration()
        try configuration.set("listeners", to: "PLAINTEXT://127.0.0.1:0")
        for (name, value) in settings { try configuration.set(name, to: value) }
        let server = BrokerServer(
            configuration: configuration, log: log, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let bound = try await server.start()
        let broker = RunningBroker(log: log, server: server, endpoint: bound[0].endpoint, directory: directory)
        do {
            let result = try await body(broker)
            await server.stop()
            try log.close()
            return result
        } catch {
            await server.stop()
            throw error
        }
    }

    func connect() async throws -> TestConnection { try await TestConnection.connect(to: endpoint) }
}
