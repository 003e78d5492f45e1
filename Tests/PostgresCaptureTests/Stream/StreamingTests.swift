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

    @Test("a snapshot and the changes after it meet without gap or overlap, over stops and broken connections")
    func snapshotAndReconnects() async throws {
        let server = try await PostgresServer.start()
        let fixture = try await CaptureFixture(
            server: server, database: "meet",
            setup: """
                CREATE TABLE t (id serial PRIMARY KEY, v text);
                INSERT INTO t (v) SELECT 'snapshot' FROM generate_series(1, 2000);
                """)
        let transport = try fixture.transport()
        let more = ["snapshot.mode": "initial"]
        let writer = Task {
            for _ in 0..<40 {
                try await server.query(
                    "INSERT INTO t (v) SELECT 'stream' FROM generate_series(1, 50)", database: fixture.database)
            }
        }
        try await fixture.streaming(transport, more) { _ in
            try await eventually("the stream is used") {
                try await fixture.values(transport, "t.public.t").count > 2000
            }
        }
        try await fixture.streaming(transport, more) { connector in
            for _ in 0..<3 {
                let count = connector.monitor.current.reconnectCount
                try await server.query(
                    "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active",
                    database: fixture.database)
                try await eventually("the connector came back") {
                    let status = connector.monitor.current
                    return status.reconnectCount > count && status.phase == .streaming
                }
            }
            _ = try await writer.value
            try await eventually("all rows") { try await fixture.values(transport, "t.public.t").count >= 4000 }
        }
        let rows = try await fixture.rows(transport, "t.public.t")
        #expect(rows.count == 4000)
        #expect(Set(rows).count == 4000)
        try transport.close()
    }

    @Test("a large transaction is cut over many groups and resumed inside, each row once")
    func largeTransaction() async throws {
        let server = try await PostgresServer.start()
        let fixture = try await CaptureFixture(
            server: server, database: "large", setup: "CREATE TABLE t (id int PRIMARY KEY, v text)")
        let transport = try fixture.transport()
        // The slot must exist before the transaction.
        try await fixture.streaming(transport) { _ in }
        try await server.query(
            """
            BEGIN;
            INSERT INTO t SELECT g, repeat('x', 200) FROM generate_series(1, 60000) g;
            SAVEPOINT s; INSERT INTO t VALUES (-1, 'undone'); ROLLBACK TO s;
            UPDATE t SET v = 'y' WHERE id <= 1000;
            COMMIT;
            INSERT INTO t VALUES (100000, 'after');
            """, database: fixture.database)
        var stops = 0
        while try await fixture.values(transport, "t.public.t").count < 61_001 {
            let before = try await fixture.values(transport, "t.public.t").count
            try await fixture.streaming(transport) { _ in
                try await eventually("some more of it", every: .milliseconds(1)) {
                    try await fixture.values(transport, "t.public.t").count > before
                }
            }
            stops += 1
        }
        let rows = try await fixture.rows(transport, "t.public.t")
        #expect(rows.count == 61_001)
        #expect(Set(rows).count == 61_001)
        #expect(rows.last == #"{"id":100000,"v":"after"}"#)
        try transport.close()
    }

    @Test("an idle captured table does not hold WAL back while other tables are written")
    func idleTable() async throws {
        let server = try await PostgresServer.start()
        let fixture = try await CaptureFixture(
            server: server, database: "idle",
            setup: "CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE other (id int PRIMARY KEY)")
        let transport = try fixture.transport()
        let more = [
            "table.include.list": "public.t", "publication.autocreate.mode": "filtered",
            "status.update.interval.ms": "100",
        ]
        try await fixture.streaming(transport, more) { _ in
            try await server.query(
                "INSERT INTO other SELECT generate_series(1, 10000)", database: fixture.database)
            let end = try await server.query("SELECT pg_current_wal_lsn()", database: fixture.database)
            try await eventually("the slot has passed what is not captured") {
                try await server.query(
                    "SELECT confirmed_flush_lsn >= '\(end)' FROM pg_replication_slots", database: fixture.database)
                    == "t"
            }
        }
        // The position was in the log before it was confirmed: a restart finds no gap.
        try await fixture.streaming(transport, more) { _ in
            try await server.query("INSERT INTO t VALUES (1)", database: fixture.database)
            try await eventually("the row") { try await fixture.values(transport, "t.public.t").count == 1 }
        }
        try transport.close()
    }

    @Test("a slot that someone else has read from is refused before anything is skipped")
    func slotAhead() async throws {
        let server = try await PostgresServer.start()
        let fixture = try await CaptureFixture(
            server: server, database: "ahead", setup: "CREATE TABLE t (id int PRIMARY KEY)")
        let transport = try fixture.transport()
        try await fixture.streaming(transport) { _ in
            try await server.query("INSERT INTO t VALUES (1)", database: fixture.database)
            try await eventually("the row") { try await fixture.values(transport, "t.public.t").count == 1 }
        }
        try await server.query(
            """
            INSERT INTO t VALUES (2);
            SELECT pg_replication_slot_advance(slot_name, pg_current_wal_lsn()) FROM pg_replication_slots
            """, database: fixture.database)
        await #expect {
            try await fixture.streaming(transport) { _ in }
        } throws: { error in
            (error as? CaptureError)?.code == .slotAhead
        }
        try await fixture.streaming(transport, ["snapshot.mode": "when_needed"]) { _ in
            try await server.query("INSERT INTO t VALUES (3)", database: fixture.database)
            try await eventually("snapshot and stream") {
                try await fixture.values(transport, "t.public.t").count == 4
            }
        }
        #expect(
            try await fixture.rows(transport, "t.public.t") == [#"{"id":1}"#, #"{"id":1}"#, #"{"id":2}"#, #"{"id":3}"#])
        try transport.close()
    }

    @Test("the changes of one transaction keep their order over its tables")
    func orderAcrossTables() async throws {
        let server = try await PostgresServer.start()
        let fixture = try await CaptureFixture(
            server: server, database: "across",
            setup: "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int PRIMARY KEY)")
        let transport = try fixture.transport()
        try await fixture.streaming(transport, ["provide.transaction.metadata": "true"]) { _ in
            let statements = (1...30).map { "INSERT INTO \($0 % 3 == 0 ? "b" : "a") VALUES (\($0));" }
            try await server.query("BEGIN; " + statements.joined() + " COMMIT", database: "across")
            try await eventually("all rows") {
                let first = try await fixture.values(transport, "t.public.a").count
                let second = try await fixture.values(transport, "t.public.b").count
                return first == 20 && second == 10
            }
        }
        for (table, ids) in [("a", (1...30).filter { $0 % 3 != 0 }), ("b", (1...30).filter { $0 % 3 == 0 })] {
            let values = try await fixture.values(transport, "t.public.\(table)")
            // The statement's number is the row's id: each change has the place it was made at.
            let isInPlace = zip(values, ids).allSatisfy { value, id in
                value.contains(#""after":{"id":\#(id)}"#) && value.contains(#""total_order":\#(id),"#)
            }
            #expect(isInPlace, "table \(table)")
        }
        try transport.close()
    }
}
