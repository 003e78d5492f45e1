import ChangeModel
import PostgresCapture
import RecordTransport
import TailraceTesting
import Testing

@Suite("Transactions in progress", .serialized)
struct SpillTests {
    @Test("a transaction streamed while it runs is emitted at its commit, without what was rolled back")
    func streaming() async throws {
        let server = try await PostgresServer.start(.init(settings: ["logical_decoding_work_mem": "64kB"]))
        let fixture = try await CaptureFixture(
            server: server, database: "inprogress", setup: "CREATE TABLE t (id int PRIMARY KEY, v text)")
        let transport = try fixture.transport()
        let more = ["slot.stream.params": "streaming=on"]
        try await fixture.streaming(transport, more) { _ in
            try await server.query(
                """
                BEGIN;
                INSERT INTO t SELECT g, repeat('a', 100) FROM generate_series(1, 3000) g;
                SAVEPOINT s;
                INSERT INTO t SELECT g, repeat('b', 100) FROM generate_series(3001, 6000) g;
                ROLLBACK TO s;
                INSERT INTO t SELECT g, repeat('c', 100) FROM generate_series(6001, 9000) g;
                COMMIT;
                BEGIN;
                INSERT INTO t SELECT g, repeat('d', 100) FROM generate_series(10001, 13000) g;
                ROLLBACK;
                INSERT INTO t VALUES (20000, 'last');
                """, database: fixture.database)
            try await eventually("the last row") {
                try await fixture.rows(transport, "t.public.t").last == #"{"id":20000,"v":"last"}"#
            }
            // Both large transactions came before their end: the server counts them so.
            try await eventually("the server has streamed") {
                try await server.query(
                    "SELECT stream_txns >= 2 AND stream_bytes > 500000 FROM pg_stat_replication_slots") == "t"
            }
        }
        let rows = try await fixture.rows(transport, "t.public.t")
        #expect(rows.count == 6001)
        #expect(Set(rows).count == 6001)
        #expect(rows.allSatisfy { !$0.contains("bbb") && !$0.contains("ddd") })
        try transport.close()
    }

    @Test("a prepared transaction is emitted at its commit, over a restart in between")
    func twoPhase() async throws {
        let server = try await PostgresServer.start()
        let fixture = try await CaptureFixture(
            server: server, database: "twophase", setup: "CREATE TABLE t (id int PRIMARY KEY, v text)")
        let transport = try fixture.transport()
        let more = ["slot.stream.params": "two_phase=on", "status.update.interval.ms": "100"]
        try await fixture.streaming(transport, more) { _ in
            try await server.query(
                """
                BEGIN; INSERT INTO t VALUES (1, 'prepared'); PREPARE TRANSACTION 'one';
                BEGIN; INSERT INTO t VALUES (2, 'prepared, rolled back'); PREPARE TRANSACTION 'two';
                INSERT INTO t VALUES (3, 'in between');
                """, database: fixture.database)
            try await eventually("one row") {
                try await fixture.rows(transport, "t.public.t") == [#"{"id":3,"v":"in between"}"#]
            }
        }
        try await server.query("ROLLBACK PREPARED 'two'", database: fixture.database)
        try await fixture.streaming(transport, more) { _ in
            try await server.query(
                "COMMIT PREPARED 'one'; INSERT INTO t VALUES (4, 'last')", database: fixture.database)
            try await eventually("all rows") { try await fixture.rows(transport, "t.public.t").count == 3 }
        }
        #expect(
            try await fixture.rows(transport, "t.public.t") == [
                #"{"id":3,"v":"in between"}"#, #"{"id":1,"v":"prepared"}"#, #"{"id":4,"v":"last"}"#,
            ])
        try transport.close()
    }
}
