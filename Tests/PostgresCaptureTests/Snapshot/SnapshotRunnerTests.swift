import ChangeModel
import DebeziumFormat
import Logging
import TailraceTesting
import Testing

@testable import PostgresCapture

@Suite("Reading a snapshot from a server")
struct SnapshotRunnerTests {
    private func configuration(_ server: PostgresServer, threads: Int = 1) -> CaptureConfiguration {
        var events = EventConfiguration(topicPrefix: "t", databaseName: "postgres", version: "1", runID: "run")
        events.valueFormat.schemasEnabled = false
        events.keyFormat.schemasEnabled = false
        var configuration = CaptureConfiguration(
            name: "test", events: events, connection: ConnectionSettings(url: server.url(database: "postgres")))
        configuration.snapshot.threadCountMax = threads
        return configuration
    }

    /// Creates a slot and keeps its connection, on which the exported snapshot lives.
    private func start(
        _ configuration: CaptureConfiguration, slot: String
    ) throws -> (connection: PostgresConnection, start: SnapshotRunner.Start) {
        let connection = try PostgresConnection(configuration.connection, for: .replication)
        let result = try connection.query("CREATE_REPLICATION_SLOT \(slot) TEMPORARY LOGICAL pgoutput EXPORT_SNAPSHOT")
        let (point, snapshotName) = (result.text(0, 1) ?? "", result.text(0, 2))
        let lsn = try #require(LSN(point))
        let name = try #require(snapshotName)
        return (connection, .exported(name: name, lsn: lsn))
    }

    private func run(
        _ start: SnapshotRunner.Start, _ configuration: CaptureConfiguration, into output: inout CollectingOutput
    ) async throws {
        var runner = SnapshotRunner(
            configuration: configuration, interrupt: Interrupt(), logger: Logger(label: "test"))
        runner.groupByteCount = 20_000
        runner.chunkByteCount = 32 << 10
        let types = try Catalog(PostgresConnection(configuration.connection)).types()
        var encoder = ChangeEncoder(configuration: configuration.events)
        let ledger = try await runner.run(start, encoder: &encoder, types: types, into: &output)
        #expect(ledger.isComplete)
        try await output.handOver(ledger)
    }

    @Test("every row comes once, in order, with the markers of first and last", arguments: [1, 3])
    func complete(threads: Int) async throws {
        let server = try await PostgresServer.start()
        _ = try await server.run(
            script: """
                CREATE TABLE a (id int PRIMARY KEY, v text);
                CREATE TABLE b (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);
                CREATE TABLE b_low PARTITION OF b FOR VALUES FROM (0) TO (100);
                CREATE TABLE b_high PARTITION OF b FOR VALUES FROM (100) TO (1000);
                CREATE TABLE c (id int PRIMARY KEY, v text);
                INSERT INTO a SELECT g, repeat('x', 100) FROM generate_series(1, 3000) g;
                INSERT INTO b SELECT g, 'tab\t"quote" \\ é' FROM generate_series(1, 200) g;
                """, database: "postgres")
        var configuration = self.configuration(server, threads: threads)
        configuration.filters.isTableInSnapshot = { ["a", "b", "c"].contains($0.table) }
        let (connection, start) = try self.start(configuration, slot: "one")
        defer { connection.close() }
        _ = try await server.run(script: "INSERT INTO a VALUES (9999, 'later')", database: "postgres")
        var output = CollectingOutput()
        try await run(start, configuration, into: &output)
        let facts = try output.records.map { try CollectingOutput.facts(of: $0) }
        let isOrdered = facts.map(\.id) == Array(1...3000) + Array(1...200)
        #expect(isOrdered)
        #expect(facts.first?.marker == "first")
        #expect(facts[2999].marker == "last_in_data_collection")
        #expect(facts[3000].marker == "first_in_data_collection")
        #expect(facts.last?.marker == "last")
        #expect(facts.filter { $0.marker == "true" }.count == 3196)
        #expect(facts.last?.value == "tab\t\"quote\" \\ é")
        #expect(output.handOverCount > 4)
    }

    @Test("a stop at any group and changes meanwhile: the rest is read, and no row comes twice or from the future")
    func resume() async throws {
        let server = try await PostgresServer.start()
        _ = try await server.run(
            script: """
                CREATE TABLE a (id int PRIMARY KEY, v text);
                CREATE TABLE b (id int PRIMARY KEY, v text);
                INSERT INTO a SELECT g, 'old' FROM generate_series(1, 4000) g;
                INSERT INTO b SELECT g, 'old' FROM generate_series(10001, 12000) g;
                """, database: "postgres")
        let configuration = self.configuration(server)
        var groups = 1
        var step = 0
        while step < groups {
            let (connection, begin) = try start(configuration, slot: "slot_\(step)")
            var output = CollectingOutput()
            output.failsAtHandOver = step + 1
            do {
                try await run(begin, configuration, into: &output)
            } catch let error as CaptureError {
                #expect(error.code == .log)
            }
            connection.close()
            if step == 0 { groups = 12 }
            // Touched: updated, deleted or inserted after the snapshot.
            let touched = Set((0..<40).map { 1 + $0 * 97 + step } + (0..<20).map { 10_001 + $0 * 91 + step })
            let ids = touched.map { String($0) }.joined(separator: ",")
            _ = try await server.run(
                script: """
                    UPDATE a SET v = 'new' WHERE id IN (\(ids)); UPDATE b SET v = 'new' WHERE id IN (\(ids));
                    DELETE FROM a WHERE id IN (\(ids)) AND id % 2 = 0;
                    BEGIN; SAVEPOINT s; INSERT INTO a VALUES (\(20_000 + step), 'future'); RELEASE s; COMMIT;
                    """, database: "postgres")
            if let ledger = output.ledger, !ledger.isComplete {
                output.failsAtHandOver = .max
                try await run(.resume(ledger), configuration, into: &output)
            }
            let facts = try output.records.map { try CollectingOutput.facts(of: $0) }
            #expect(Set(facts.map(\.id)).count == facts.count, "no row twice, step \(step)")
            #expect(facts.allSatisfy { $0.value == "old" }, "nothing newer than the snapshot, step \(step)")
            let seen = Set(facts.map(\.id))
            let untouched = Set(Array(1...4000) + Array(10_001...12_000)).subtracting(touched)
            #expect(untouched.isSubset(of: seen), "every row that was not touched, step \(step)")
            #expect(facts.filter { $0.marker == "last" }.count == 1)
            #expect(facts.filter { $0.marker == "first" }.count == 1)
            _ = try await server.run(
                script: """
                    TRUNCATE a, b;
                    INSERT INTO a SELECT g, 'old' FROM generate_series(1, 4000) g;
                    INSERT INTO b SELECT g, 'old' FROM generate_series(10001, 12000) g;
                    """, database: "postgres")
            step += 1
        }
    }

    @Test("a select override gives its own rows and leaves other columns null")
    func override() async throws {
        let server = try await PostgresServer.start()
        _ = try await server.run(
            script: """
                CREATE TABLE a (id int PRIMARY KEY, extra int, v text);
                INSERT INTO a SELECT g, g, 'v' || g FROM generate_series(1, 5) g;
                """, database: "postgres")
        var configuration = self.configuration(server)
        configuration.snapshot.selectOverrides = [
            TableID(schema: "public", table: "a"): "SELECT v, id FROM public.a WHERE id > 2 ORDER BY id DESC; "
        ]
        let (connection, start) = try self.start(configuration, slot: "one")
        defer { connection.close() }
        var output = CollectingOutput()
        try await run(start, configuration, into: &output)
        let facts = try output.records.map { try CollectingOutput.facts(of: $0) }
        #expect(facts.map(\.id) == [5, 4, 3])
        #expect(facts.map(\.value) == ["v5", "v4", "v3"])
        #expect(output.records.allSatisfy { $0.value.contains("\"extra\":null") })
    }

    @Test("a table that was rewritten after the stop is read again wholly")
    func rewritten() async throws {
        let server = try await PostgresServer.start()
        _ = try await server.run(
            script: """
                CREATE TABLE a (id int PRIMARY KEY, v text);
                INSERT INTO a SELECT g, 'old' FROM generate_series(1, 3000) g;
                """, database: "postgres")
        let configuration = self.configuration(server)
        let (connection, start) = try self.start(configuration, slot: "one")
        var output = CollectingOutput()
        output.failsAtHandOver = 3
        await #expect(throws: CaptureError.self) { try await run(start, configuration, into: &output) }
        connection.close()
        let before = output.records.count
        #expect(before > 0 && before < 3000)
        _ = try await server.run(script: "ALTER TABLE a ALTER id TYPE bigint", database: "postgres")
        output.failsAtHandOver = .max
        try await run(.resume(try #require(output.ledger)), configuration, into: &output)
        let facts = try output.records.map { try CollectingOutput.facts(of: $0) }
        let isWhole = facts[before...].map(\.id) == Array(1...3000)
        #expect(isWhole)
    }
}
