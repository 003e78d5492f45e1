import Foundation
import PostgresCapture
import TailraceTesting
import Testing

@Suite("Incremental snapshots of a real table")
struct IncrementalSnapshotTests {
    private static let setup = """
        CREATE TABLE debezium_signal (id varchar(64) PRIMARY KEY, type varchar(32) NOT NULL, data varchar(2048));
        CREATE TABLE items (id int PRIMARY KEY, v text);
        INSERT INTO items SELECT g, 'old' FROM generate_series(1, 1000) g;
        """
    private static let request = #"{"type": "incremental", "data-collections": ["public.items"]}"#

    /// The ids of the `read` events of the topic.
    private func readIDs(_ fixture: CaptureFixture, _ values: [String]) throws -> [Int] {
        try values.compactMap { text in
            let json =
                try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed) as? [String: Any]
            guard json?["op"] as? String == "r" else { return nil }
            return (json?["after"] as? [String: Any])?["id"] as? Int
        }
    }

    @Test("stops and starts in the middle: every row comes once")
    func restarts() async throws {
        let server = try await PostgresServer.start()
        let fixture = try await CaptureFixture(server: server, database: "restarts", setup: Self.setup)
        let transport = try fixture.transport()
        let properties = [
            "signal.data.collection": "public.debezium_signal", "incremental.snapshot.chunk.size": "20",
        ]
        let request = Self.request
        try await fixture.streaming(transport, properties) { _ in
            try await server.query(
                "INSERT INTO debezium_signal VALUES ('one', 'execute-snapshot', '\(request)')", database: "restarts")
            try await eventually("rows come") { try await fixture.values(transport, "t.public.items").count >= 40 }
        }
        for goal in [200, 400] {
            try await fixture.streaming(transport, properties) { _ in
                try await eventually("more rows come") {
                    try await fixture.values(transport, "t.public.items").count >= goal
                }
            }
        }
        try await fixture.streaming(transport, properties) { _ in
            try await eventually("all rows came") {
                try await fixture.values(transport, "t.public.items").count >= 1000
            }
        }
        let isWhole = try readIDs(fixture, try await fixture.values(transport, "t.public.items")) == Array(1...1000)
        #expect(isWhole)
    }

    @Test("a read-only source is read between positions of the WAL, by a signal from a file")
    func readOnly() async throws {
        let server = try await PostgresServer.start()
        let fixture = try await CaptureFixture(server: server, database: "readonly", setup: Self.setup)
        let transport = try fixture.transport()
        let path = "\(fixture.directory.path)/signals.txt"
        try Data().write(to: URL(fileURLWithPath: path))
        let properties = [
            "read.only": "true", "signal.enabled.channels": "file", "signal.file": path,
            "signal.poll.interval.ms": "100", "incremental.snapshot.chunk.size": "250",
        ]
        let line = #"{"id": "one", "type": "execute-snapshot", "data": \#(Self.request)}"# + "\n"
        let values = try await fixture.streaming(transport, properties) { _ in
            try Data(line.utf8).write(to: URL(fileURLWithPath: path))
            try await eventually("all rows came") {
                try await fixture.values(transport, "t.public.items").count >= 1000
            }
            return try await fixture.values(transport, "t.public.items")
        }
        let isWhole = try readIDs(fixture, values) == Array(1...1000)
        #expect(isWhole)
        let signals = try await server.query("SELECT count(*) FROM debezium_signal", database: "readonly")
        #expect(signals == "0")
    }

    @Test("a blocking snapshot reads its tables while the stream stands still, and the stream goes on")
    func blocking() async throws {
        let server = try await PostgresServer.start()
        let fixture = try await CaptureFixture(server: server, database: "blocking", setup: Self.setup)
        let transport = try fixture.transport()
        let properties = ["signal.data.collection": "public.debezium_signal"]
        let values = try await fixture.streaming(transport, properties) { _ in
            try await server.query(
                """
                INSERT INTO debezium_signal VALUES
                  ('one', 'execute-snapshot', '{"type": "blocking", "data-collections": ["public.items"]}')
                """, database: "blocking")
            try await eventually("all rows came") {
                try await fixture.values(transport, "t.public.items").count >= 1000
            }
            try await server.query("INSERT INTO items VALUES (5000, 'new')", database: "blocking")
            try await eventually("the stream goes on") {
                try await fixture.values(transport, "t.public.items").last?.contains("5000") == true
            }
            return try await fixture.values(transport, "t.public.items")
        }
        let isWhole = try readIDs(fixture, values) == Array(1...1000)
        #expect(isWhole)
        #expect(values.count == 1001)
    }
}
