import Foundation
import Glibc
import TailraceTesting

/// `tailrace serve` with nothing but a broker, on a port that it keeps over restarts.
final class BrokerProcess: Sendable {
    let program: TailraceProgram
    let process: ChildProcess
    let port: Int

    var bootstrapServers: String { "127.0.0.1:\(port)" }

    /// Starts a broker and waits until it listens.
    /// - Parameter port: 0 takes a free one.
    static func start(
        _ program: TailraceProgram? = nil, port: Int = 0, settings: [String: String] = [:]
    ) async throws -> BrokerProcess {
        let program = try program ?? TailraceProgram()
        var text = "data.directory: '\(program.dataDirectory)'\ntelemetry.listen: '127.0.0.1:0'\n"
        text += "schema.registry.listen: '127.0.0.1:0'\nbroker:\n"
        let all = ["listeners": "PLAINTEXT://127.0.0.1:\(port)"].merging(settings) { $1 }
        for (name, value) in all.sorted(by: { $0.key < $1.key }) { text += "  \(name): '\(value)'\n" }
        try program.write(configuration: text)
        let process = try program.serve()
        let marker = "kafka listening on PLAINTEXT://127.0.0.1:"
        try await process.waitForOutput(marker)
        guard let place = process.output.range(of: marker),
            let bound = Int(process.output[place.upperBound...].prefix { $0.isNumber })
        else { throw FixtureError("the broker did not say its port: \(process.output)") }
        return BrokerProcess(program: program, process: process, port: bound)
    }

    private init(program: TailraceProgram, process: ChildProcess, port: Int) {
        self.program = program
        self.process = process
        self.port = port
    }

    /// Starts again what was killed, on the same data and port.
    func restarted(settings: [String: String] = [:]) async throws -> BrokerProcess {
        try await Self.start(program, port: port, settings: settings)
    }

    /// Asks for a stop.
    func stop() async throws -> ChildProcess.Exit {
        process.signal(SIGTERM)
        return try await process.waitForExit()
    }
}
