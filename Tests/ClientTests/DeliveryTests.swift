import Foundation
import Glibc
import TailraceTesting
import Testing

/// An idempotent producer's records under faults: each acknowledged one is there, none twice, all in order.
@Suite("Delivery under faults", .serialized)
struct DeliveryTests {
    private static let cutCount = 40_000
    private static let killCount = 20_000

    private func startProducer(
        _ servers: String, _ path: String, recordCount: Int, batchCount: Int
    ) throws -> ChildProcess {
        try ChildProcess(
            try ClientInstallation.python(),
            [ClientInstallation.script("acknowledged.py"), servers, "numbers", "\(recordCount)", "\(batchCount)", path])
    }

    private func acknowledged(_ path: String) -> Int {
        ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n").count
    }

    /// What the topic holds, read by kcat.
    private func expectAll(_ broker: BrokerProcess, recordCount: Int) async throws {
        let result = try await ChildProcess.run(
            "kcat", ["-b", broker.bootstrapServers, "-C", "-t", "numbers", "-e", "-q"])
        let values = result.output.split(separator: "\n").compactMap { Int($0) }
        #expect(values.count == recordCount)
        #expect(values == Array(0..<recordCount), "lost, doubled or out of order")
    }

    @Test("connections cut at random bytes lose, double and reorder nothing")
    func cuts() async throws {
        // Small batches make many answers: the proxy counts their bytes until it cuts.
        // The proxy must be what the broker tells clients to connect to.
        let port = try PostgresServer.freePort()
        let proxy = try CuttingProxy(target: port, seed: 11)
        let broker = try await BrokerProcess.start(
            port: port, settings: ["advertised.listeners": "PLAINTEXT://127.0.0.1:\(proxy.port)"])
        let directory = try TemporaryDirectory()
        let producer = try startProducer(
            "127.0.0.1:\(proxy.port)", directory.file("acknowledged"), recordCount: Self.cutCount, batchCount: 4)
        try await eventually("most was sent; \(producer.output)", within: .seconds(120)) {
            acknowledged(directory.file("acknowledged")) > Self.cutCount * 3 / 4 || producer.poll() != nil
        }
        #expect(proxy.cutCount > 0)
        proxy.stopCutting()
        #expect(try await producer.waitForExit(within: .seconds(150)) == .code(0), "\(producer.output)")
        #expect(acknowledged(directory.file("acknowledged")) == Self.cutCount)
        try await expectAll(broker, recordCount: Self.cutCount)
        #expect(try await broker.stop() == .code(0))
    }

    @Test("a broker that is killed and started again has all that it acknowledged, once")
    func kills() async throws {
        var broker = try await BrokerProcess.start()
        let directory = try TemporaryDirectory()
        let producer = try startProducer(
            broker.bootstrapServers, directory.file("acknowledged"), recordCount: Self.killCount, batchCount: 100)
        for part in 1...3 {
            try await eventually("part \(part) was sent", within: .seconds(60)) {
                acknowledged(directory.file("acknowledged")) > Self.killCount * part / 5 || producer.poll() != nil
            }
            try await broker.process.killAndWait()
            broker = try await broker.restarted()
        }
        #expect(try await producer.waitForExit(within: .seconds(150)) == .code(0), "\(producer.output)")
        #expect(acknowledged(directory.file("acknowledged")) == Self.killCount)
        try await expectAll(broker, recordCount: Self.killCount)
        #expect(try await broker.stop() == .code(0))
    }
}
