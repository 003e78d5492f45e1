import Foundation
import TailraceTesting
import Testing

/// Real clients against a real broker, one after the other: each of them is a load of its own.
@Suite("Real clients", .serialized)
struct RealClientTests {
    /// Runs a script's cases against a new broker and expects each of them to be good.
    private func check(
        _ cases: [String], _ command: (BrokerProcess) throws -> (program: String, arguments: [String])
    ) async throws {
        let broker = try await BrokerProcess.start()
        let (program, arguments) = try command(broker)
        let (results, errors) = try await CaseResult.run(
            program, arguments + [broker.bootstrapServers] + cases,
            environment: ["BROKER_PID": "\(broker.process.processID)"])
        #expect(results.map(\.case) == cases, "the script wrote: \(errors)")
        for result in results { #expect(result.ok, "\(result.case): \(result.detail)") }
        #expect(broker.process.poll() == nil, "the broker ended: \(broker.process.errorOutput.suffix(2000))")
        #expect(try await broker.stop() == .code(0))
    }

    private func python(_ script: String, _ cases: [String]) async throws {
        try await check(cases) { _ in (try ClientInstallation.python(), [ClientInstallation.script(script)]) }
    }

    @Test("librdkafka 2.16 through confluent-kafka: records, offsets, topics, configurations, errors")
    func confluent() async throws {
        try await python(
            "confluent_client.py",
            [
                "codecs", "shapes", "large-messages", "acks", "auto-creation", "watermarks-and-times", "out-of-range",
                "delete-records", "compaction-keys", "admin-topics", "admin-configs", "cluster",
            ])
    }

    @Test("librdkafka 2.16: groups in each protocol, static members, offsets")
    func confluentGroups() async throws {
        try await python(
            "confluent_groups.py",
            [
                "commit-and-resume", "admin-groups", "rebalance-eager", "rebalance-cooperative",
                "rebalance-consumer-protocol", "static-members",
            ])
    }

    @Test("librdkafka 2.16: idempotence and transactions")
    func confluentTransactions() async throws {
        try await python(
            "confluent_transactions.py", ["ordering", "transactions", "transaction-fencing", "exactly-once-loop"])
    }

    @Test("kafka-python 3")
    func kafkaPython() async throws {
        try await python(
            "kafka_python_client.py",
            [
                "shapes-and-ordering", "gzip", "too-large", "seek-by-time", "administration", "transactions",
            ])
    }

    @Test("aiokafka 0.14, which speaks the oldest versions")
    func aiokafka() async throws {
        try await python(
            "aiokafka_client.py",
            [
                "produce-and-consume", "codecs", "group-resume", "rebalance", "transactions", "exactly-once-loop",
            ])
    }

    @Test("kcat on Debian's librdkafka 2.0.2")
    func kcat() async throws {
        try await python(
            "kcat_client.py",
            [
                "metadata", "codecs", "keys-headers-nulls", "offsets-and-times", "group", "idempotence", "transaction",
            ])
    }

    @Test("garbage, half requests and many connections harm nobody")
    func connections() async throws {
        try await python(
            "raw_client.py",
            [
                "unknown-version-of-api-versions", "garbage", "half-requests", "pipelined", "many-connections",
                "half-request-memory",
            ])
    }

    @Test("Kafka's Java clients 4.3: records, groups, transactions, administration")
    func java() async throws {
        try await check([
            "codecs", "shapes", "administration", "group-eager", "group-cooperative", "group-consumer-protocol",
            "group-administration", "transactions",
        ]) { _ in
            ("java", ["-cp", "\(try ClientInstallation.jars())/*", ClientInstallation.script("ClientSuite.java")])
        }
    }
}
