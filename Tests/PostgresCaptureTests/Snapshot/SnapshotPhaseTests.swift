import Foundation
import PostgresCapture
import TailraceTesting
import Testing

@Suite("A snapshot, then the stream")
struct SnapshotPhaseTests {
    private static let setup = """
        CREATE TABLE items (id int PRIMARY KEY, v text);
        INSERT INTO items SELECT g, 'old' FROM generate_series(1, 2000) g;
        """

    /// `op` and `id` of every event of a topic.
    private func events(_ fixture: CaptureFixture, _ values: [String]) throws -> [String] {
        try values.filter { $0 != "null" }.map { text in
            let json = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
            let row = json["after"] as? [String: Any] ?? json["before"] as? [String: Any] ?? [:]
            return "\(json["op"] ?? "")\(row["id"] ?? "")"
        }
    }

    @Test("writes around the snapshot come once: as a row of it or as a change")
    func seamless() async throws {
        let server = try await PostgresServer.start()
        let fixture = try await CaptureFixture(server: server, database: "seamless", setup: Self.setup)
        let transport = try fixture.transport()
        let writer = Task {
            for number in 0..<300 {
                try await server.query("INSERT INTO items VALUES (\(10_000 + number), 'new')", database: "seamless")
                try Task.checkCancellation()
            }
        }
        let properties = ["snapshot.mode": "initial", "snapshot.max.threads": "2"]
        let values = try await fixture.streaming(transport, properties) { _ in
            try await writer.value
            try await server.query("INSERT INTO items VALUES (99999, 'end')", database: "seamless")
            try await eventually("the last row came") {
                try await fixture.values(transport, "t.public.items").last?.contains("99999") == true
            }
            return try await fixture.values(transport, "t.public.items")
        }
        let ids = try events(fixture, values).map { String($0.dropFirst()) }
        #expect(ids.count == 2301)
        #expect(Set(ids).count == 2301)
    }

    @Test("initial_only ends with its snapshot and makes no slot")
    func initialOnly() async throws {
        let server = try await PostgresServer.start()
        let fixture = try await CaptureFixture(server: server, database: "only", setup: Self.setup)
        let transport = try fixture.transport()
        for _ in 0..<2 {
            let connector = PostgresConnector(
                configuration: try fixture.configuration(["snapshot.mode": "initial_only"]), transport: transport)
            try await connector.run()
            #expect(try await fixture.values(transport, "t.public.items").count == 2000)
        }
        let slots = try await server.query("SELECT count(*) FROM pg_replication_slots", database: "only")
        #expect(slots == "0")
    }

    @Test("a slot that is gone: when_needed takes a new snapshot, initial says what to do")
    func lostSlot() async throws {
        let server = try await PostgresServer.start()
        let fixture = try await CaptureFixture(server: server, database: "lost", setup: Self.setup)
        let transport = try fixture.transport()
        try await fixture.streaming(transport, ["snapshot.mode": "initial"]) { _ in }
        try await server.query("SELECT pg_drop_replication_slot('slot_lost')", database: "lost")
        let connector = PostgresConnector(
            configuration: try fixture.configuration(["snapshot.mode": "initial"]), transport: transport)
        await #expect(throws: CaptureError.self) { try await connector.run() }
        let count = try await fixture.streaming(transport, ["snapshot.mode": "when_needed"]) { _ in
            try await fixture.values(transport, "t.public.items").count
        }
        #expect(count == 4000)
    }

    @Test("always: every start takes a snapshot, and the stream goes on after it")
    func always() async throws {
        let server = try await PostgresServer.start()
        let fixture = try await CaptureFixture(
            server: server, database: "always",
            setup: "CREATE TABLE items (id int PRIMARY KEY, v text); INSERT INTO items VALUES (1, 'a');")
        let transport = try fixture.transport()
        let properties = ["snapshot.mode": "always"]
        for number in 2...4 {
            try await fixture.streaming(transport, properties) { _ in
                try await server.query("INSERT INTO items VALUES (\(number), 'b')", database: "always")
                try await eventually("the insert came") {
                    try await fixture.values(transport, "t.public.items").last?.contains("\"op\":\"c\"") == true
                }
            }
            try await server.query("UPDATE items SET v = 'while stopped' WHERE id = 1", database: "always")
        }
        let events = try events(fixture, try await fixture.values(transport, "t.public.items"))
        #expect(events == ["r1", "c2", "r2", "r1", "c3", "r2", "r3", "r1", "c4"])
    }
}
