import ChangeModel
import Foundation
import Logging
import PostgresCapture
import RecordTransport
import TailraceTesting

/// A server, a database, a log, and connectors between them.
struct CaptureFixture: Sendable {
    let server: PostgresServer
    let database: String
    let directory: TemporaryDirectory

    init(server: PostgresServer, database: String, setup: String) async throws {
        self.server = server
        self.database = database
        directory = try TemporaryDirectory()
        try await server.createDatabase(database)
        try await server.query(setup, database: database)
    }

    func configuration(_ more: [String: String] = [:]) throws -> CaptureConfiguration {
        var properties = server.properties(database: database)
        properties["connector.class"] = "io.debezium.connector.postgresql.PostgresConnector"
        properties["topic.prefix"] = "t"
        properties["slot.name"] = "slot_\(database)"
        properties["publication.name"] = "pub_\(database)"
        properties["snapshot.mode"] = "no_data"
        properties["key.converter.schemas.enable"] = "false"
        properties["value.converter.schemas.enable"] = "false"
        properties["retriable.restart.connector.wait.ms"] = "500"
        properties["slot.retry.delay.ms"] = "200"
        properties.merge(more) { $1 }
        properties["name"] = properties["name"] ?? database
        return try CaptureConfiguration.parse(
            properties: properties, version: "test", runID: "00000000-0000-0000-0000-000000000000"
        ).configuration
    }

    func transport() throws -> EmbeddedTransport { try EmbeddedTransport(directory: "\(directory.path)/log") }

    /// Runs a connector while `body` runs, and stops it then. A connector that fails ends `body`.
    func capturing<Value: Sendable>(
        _ transport: EmbeddedTransport, _ more: [String: String] = [:],
        _ body: @escaping @Sendable (PostgresConnector<EmbeddedTransport>) async throws -> Value
    ) async throws -> Value {
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let connector = PostgresConnector(configuration: try configuration(more), transport: transport, logger: logger)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await connector.run()
                return nil
            }
            group.addTask { try await body(connector) }
            while let value = try await group.next() {
                guard let value else { continue }
                group.cancelAll()
                try await group.waitForAll()
                return value
            }
            throw FixtureError("the connector ended by itself")
        }
    }

    /// Runs `body` once the connector streams.
    func streaming<Value: Sendable>(
        _ transport: EmbeddedTransport, _ more: [String: String] = [:],
        _ body: @escaping @Sendable (PostgresConnector<EmbeddedTransport>) async throws -> Value
    ) async throws -> Value {
        try await capturing(transport, more) { connector in
            try await eventually("the connector streams") { connector.monitor.current.phase == .streaming }
            return try await body(connector)
        }
    }

    /// Every value of a topic, in order, as text; tombstones as "null".
    func values(_ transport: EmbeddedTransport, _ topic: String) async throws -> [String] {
        let partition = TopicPartition(topic: topic, partition: 0)
        guard try await transport.reader.topics().contains(where: { $0.name == topic }) else { return [] }
        let end = try await transport.reader.offsets(of: partition).upperBound
        var next = Offset.zero
        var values: [String] = []
        while next < end {
            let fetched = try await transport.reader.read(
                from: next, in: partition, byteCountMax: 1 << 20, maxWait: .zero)
            for record in try fetched.records() {
                values.append(record.value.map { String(decoding: $0, as: UTF8.self) } ?? "null")
            }
            next = fetched.nextOffset
        }
        return values
    }

    /// The member `after` of every change event of a topic that has one, as sorted JSON text.
    func rows(_ transport: EmbeddedTransport, _ topic: String) async throws -> [String] {
        try await values(transport, topic).compactMap { value in
            let object = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
            guard let after = (object as? [String: Any])?["after"] as? [String: Any] else { return nil }
            return String(
                decoding: try JSONSerialization.data(withJSONObject: after, options: .sortedKeys), as: UTF8.self)
        }
    }
}
