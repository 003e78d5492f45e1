import PostgresCapture
import RecordTransport
import TailraceTesting
import Testing

@Suite("A slot that is lost", .serialized)
struct LostSlotTests {
    private func failure(_ body: () async throws -> Void) async throws -> CaptureError? {
        do {
            try await body()
            return nil
        } catch let error as CaptureError {
            return error
        }
    }

    /// A connector with one row in its log, stopped.
    private func started(
        _ server: PostgresServer, _ database: String
    ) async throws -> (CaptureFixture, EmbeddedTransport) {
        let fixture = try await CaptureFixture(
            server: server, database: database, setup: "CREATE TABLE t (id int PRIMARY KEY)")
        let opened = try fixture.transport()
        try await fixture.streaming(opened) { _ in
            try await server.query("INSERT INTO t VALUES (1)", database: database)
            try await eventually("the row") { try await fixture.values(opened, "t.public.t").count == 1 }
        }
        return (fixture, opened)
    }

    /// `when_needed` reads everything again, and streams on.
    private func recovers(_ fixture: CaptureFixture, _ transport: EmbeddedTransport) async throws {
        let database = fixture.database
        let count = try await fixture.values(transport, "t.public.t").count
        try await fixture.streaming(transport, ["snapshot.mode": "when_needed"]) { _ in
            try await fixture.server.query("INSERT INTO t VALUES (100)", database: database)
            try await eventually("the snapshot and the change") {
                try await fixture.rows(transport, "t.public.t").last == #"{"id":100}"#
            }
        }
        let rows = try await fixture.rows(transport, "t.public.t").dropFirst(count)
        #expect(rows.sorted() == [#"{"id":100}"#, #"{"id":1}"#, #"{"id":2}"#])
    }

    @Test("one that was dropped stops the connector with its position kept; when_needed reads everything again")
    func dropped() async throws {
        let server = try await PostgresServer.start()
        let (fixture, transport) = try await started(server, "dropped")
        try await server.query("SELECT pg_drop_replication_slot('slot_dropped')")
        try await server.query("INSERT INTO t VALUES (2)", database: "dropped")
        let error = try await failure { try await fixture.streaming(transport) { _ in } }
        #expect(error?.code == .slotMissing)
        #expect(error?.remedy.contains("when_needed") == true)
        #expect(try await fixture.values(transport, "t.public.t").count == 1)
        try await recovers(fixture, transport)
        try transport.close()
    }

    @Test("one that is dropped while it is read stops the connector")
    func droppedUnderUs() async throws {
        let server = try await PostgresServer.start()
        let fixture = try await CaptureFixture(
            server: server, database: "under", setup: "CREATE TABLE t (id int PRIMARY KEY)")
        let transport = try fixture.transport()
        let error = try await failure {
            try await fixture.streaming(transport, ["retriable.restart.connector.wait.ms": "2000"]) { connector in
                try await server.query("INSERT INTO t VALUES (1)", database: "under")
                try await eventually("the row") { try await fixture.values(transport, "t.public.t").count == 1 }
                try await eventually("the slot is gone") {
                    try await server.run(
                        script: """
                            SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active;
                            SELECT pg_drop_replication_slot('slot_under');
                            """, database: "under")
                    return try await server.query("SELECT count(*) FROM pg_replication_slots") == "0"
                }
                try await eventually("the connector stops") { connector.monitor.current.phase == .failed }
            }
        }
        #expect(error?.code == .slotMissing)
        try transport.close()
    }

    @Test("one whose WAL was removed by max_slot_wal_keep_size stops the connector; when_needed reads everything again")
    func invalidated() async throws {
        let server = try await PostgresServer.start(
            .init(settings: ["max_slot_wal_keep_size": "1MB", "min_wal_size": "32MB", "max_wal_size": "32MB"]))
        let (fixture, transport) = try await started(server, "invalid")
        try await server.query("INSERT INTO t VALUES (2)", database: "invalid")
        try await eventually("the slot's WAL is gone") {
            try await server.query(
                "CREATE TABLE IF NOT EXISTS filler (v int); INSERT INTO filler VALUES (1); SELECT pg_switch_wal(); CHECKPOINT",
                database: "invalid")
            return try await server.query(
                "SELECT wal_status FROM pg_replication_slots WHERE slot_name = 'slot_invalid'") == "lost"
        }
        try await server.query("DROP TABLE filler", database: "invalid")
        let error = try await failure { try await fixture.streaming(transport) { _ in } }
        #expect(error?.code == .slotInvalidated)
        #expect(error?.remedy.contains("when_needed") == true)
        #expect(try await fixture.values(transport, "t.public.t").count == 1)
        try await recovers(fixture, transport)
        try transport.close()
    }
}
