import Foundation
import TailraceTesting
import Testing

@Suite("The other commands")
struct CommandTests {
    @Test("topics are created, described, changed, listed and deleted")
    func topics() async throws {
        let directory = try TemporaryDirectory()
        let location = ["--data-dir", directory.file("data")]
        func run(_ arguments: [String]) async throws -> (exit: ChildProcess.Exit, output: String, errorOutput: String) {
            try await TailraceProgram.run(["topics"] + arguments + location)
        }
        let created = try await run(["create", "orders", "--partitions", "3", "--set", "retention.ms=60000"])
        #expect(created.exit == .code(0), "\(created.errorOutput)")
        #expect(try await run(["list"]).output.contains("orders"))
        let described = try await run(["describe", "orders"])
        #expect(described.output.contains("retention.ms = 60000") && described.output.contains("partition 2"))
        #expect(try await run(["alter", "orders", "--set", "cleanup.policy=compact"]).exit == .code(0))
        let misspelt = try await run(["alter", "orders", "--set", "cleanup.polcy=compact"])
        #expect(misspelt.exit != .code(0) && misspelt.errorOutput.contains("cleanup.policy"))
        #expect(try await run(["delete", "orders"]).exit == .code(0))
        #expect(try await run(["list"]).output.contains("orders") == false)
    }

    @Test("init writes a configuration that serve accepts")
    func initialise() async throws {
        let server = try await PostgresServer.start()
        try await server.createDatabase("shop")
        try await server.query("CREATE TABLE orders (id int PRIMARY KEY)", database: "shop")
        let directory = try TemporaryDirectory()
        let written = try await TailraceProgram.run(
            ["init", server.url(database: "shop")], workingDirectory: directory.path)
        #expect(written.exit == .code(0), "\(written.errorOutput)")
        let checked = try await TailraceProgram.run(
            ["serve", "--check", "-c", "tailrace.yaml"], environment: ["PGPASSWORD": PostgresServer.password],
            workingDirectory: directory.path)
        #expect(checked.exit == .code(0), "\(checked.errorOutput)")
    }

    @Test("doctor accepts a good server, and tells what to change on a bad one")
    func doctor() async throws {
        let good = try await PostgresServer.start()
        let accepted = try await TailraceProgram.run(["doctor", good.url(database: "postgres"), "--json"])
        #expect(accepted.exit == .code(0), "\(accepted.output)\(accepted.errorOutput)")
        let bad = try await PostgresServer.start(.init(settings: ["wal_level": "replica"]))
        let refused = try await TailraceProgram.run(["doctor", bad.url(database: "postgres")])
        #expect(refused.exit == .code(3))
        #expect((refused.output + refused.errorOutput).contains("wal_level"))
        let unreachable = try await TailraceProgram.run(["doctor", "postgresql://u@127.0.0.1:1/x"])
        #expect(unreachable.exit != .code(0))
    }

    @Test("bench capture prints how many row changes are durable, and ends")
    func benchCapture() async throws {
        let server = try await PostgresServer.start()
        try await server.createDatabase("shop")
        try await server.query(
            """
            CREATE TABLE t (id int PRIMARY KEY, v text);
            CREATE PUBLICATION p FOR TABLE t;
            SELECT pg_create_logical_replication_slot('s', 'pgoutput');
            """, database: "shop")
        try await server.query("INSERT INTO t SELECT g, 'v' FROM generate_series(1, 25000) g", database: "shop")
        let result = try await TailraceProgram.run(
            ["bench", "capture", "--slot", "s", "--publication", "p", "--expect", "25000"],
            environment: server.environment(database: "shop"))
        #expect(result.exit == .code(0), "\(result.errorOutput)")
        let numbers = result.output.split(separator: "\n").map { Int($0) }
        #expect(numbers.allSatisfy { $0 != nil })
        #expect(numbers.last == 25_000)
        #expect(numbers.count >= 3)
    }

    @Test("a demo of a few seconds shows changes and leaves nothing behind")
    func demo() async throws {
        let directory = try TemporaryDirectory()
        let temporary = directory.file("tmp")
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        // The demo's server runs as another user, which has to get in.
        for path in [directory.path, temporary] {
            try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: path)
        }
        let result = try await TailraceProgram.run(
            ["demo", "--seconds", "4"], environment: ["TMPDIR": temporary], workingDirectory: directory.path)
        #expect(result.exit == .code(0), "\(result.output)\(result.errorOutput)")
        #expect(result.output.contains("every one, once"), "\(result.output)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary) == [])
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["tmp"])
    }
}
