import ChangeModel
import PostgresCapture
import RecordTransport
import TailraceTesting
import Testing

@Suite("Streaming", .serialized)
struct StreamingTests {
    @Test("every change of a database arrives in the log, in order, and the slot follows")
    func endToEnd() async throws {
        let server = try await PostgresServer.start()
        let fixture = try await CaptureFixture(
            server: server, database: "stream", setup: "CREATE TABLE t (id int PRIMARY KEY, v text)")
        let transport = try fixture.transport()
        try await fixture.streaming(transport) { _ in
            try await server.query(
                """
                INSERT INTO t VALUES (1, 'one'), (2, 'two');
                UPDATE t SET v = 'zwei' WHERE id = 2;
                DELETE FROM t WHERE id = 1;
                """, database: fixture.database)
            try await eventually("five records") { try await fixture.values(transport, "t.public.t").count == 5 }
            let end = try await server.query("SELECT pg_current_wal_lsn()", database: fixture.database)
            try await eventually("the slot is confirmed up to the end") {
                try await server.query(
                    "SELECT confirmed_flush_lsn >= '\(end)' FROM pg_replication_slots", database: fixture.database)
                    == "t"
            }
        }
        #expect(
            try await fixture.rows(transport, "t.public.t") == [
                #"{"id":1,"v":"one"}"#, #"{"id":2,"v":"two"}"#, #"{"id":2,"v":"zwei"}"#,
            ])
        try transport.close()
    }
}
