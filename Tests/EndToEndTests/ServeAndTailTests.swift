import Foundation
import TailraceTesting
import Testing

/// The properties of a connector for `database` on `server`, schemas off.
func shopConnector(_ server: PostgresServer, database: String = "shop") -> [String: String] {
    [
        "name": "shop", "connector.class": "io.debezium.connector.postgresql.PostgresConnector", "topic.prefix": "shop",
        "plugin.name": "pgoutput", "slot.name": "shop", "publication.name": "shop",
        "publication.autocreate.mode": "filtered", "key.converter.schemas.enable": "false",
        "value.converter.schemas.enable": "false", "status.update.interval.ms": "100",
    ].merging(server.properties(database: database)) { $1 }
}

@Suite("serve and tail")
struct ServeAndTailTests {
    private func shop() async throws -> PostgresServer {
        let server = try await PostgresServer.start()
        try await server.createDatabase("shop")
        try await server.query(
            """
            CREATE TABLE products (id int PRIMARY KEY, name text, price numeric(10,2));
            INSERT INTO products VALUES (1, 'Laptop', 999.99), (2, 'Mouse', 29.99);
            """, database: "shop")
        return server
    }

    private func tail(_ program: TailraceProgram, _ arguments: [String]) async throws -> [[String: Any]] {
        let result = try await TailraceProgram.run(
            ["tail", "--json", "--from-beginning", "--exit-at-end", "--data-dir", program.dataDirectory] + arguments)
        #expect(result.exit == .code(0), "\(result.errorOutput)")
        return try result.output.split(separator: "\n").compactMap {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
        }
    }

    @Test("changes arrive as events while serve runs, and a stop and a start lose and double none")
    func changesArrive() async throws {
        let server = try await shop()
        let program = try TailraceProgram()
        try program.configure(connector: shopConnector(server))
        var process = try program.serve()
        try await eventually("the snapshot is in the log; serve wrote: \(process.errorOutput.suffix(1500))") {
            try await tailCount(program, "shop.public.products") == 2
        }
        try await server.query("INSERT INTO products VALUES (3, 'Cable', 0.01)", database: "shop")
        try await eventually("the insertion is in the log") {
            try await tailCount(program, "shop.public.products") == 3
        }
        process.signal(SIGTERM)
        #expect(try await process.waitForExit() == .code(0))

        try await server.query(
            "UPDATE products SET price = 5 WHERE id = 2; DELETE FROM products WHERE id = 1", database: "shop")
        process = try program.serve()
        try await eventually("the changes are in the log") { try await tailCount(program, "shop.public.products") == 6 }
        process.signal(SIGINT)
        #expect(try await process.waitForExit() == .code(0))

        let events = try await tail(program, ["shop.public.products"])
        let operations = events.map { ($0["value"] as? [String: Any])?["op"] as? String ?? "tombstone" }
        #expect(operations == ["r", "r", "c", "u", "d", "tombstone"])
        #expect(events.map { ($0["offset"] as? Int) } == [0, 1, 2, 3, 4, 5])
        for member in ["topic", "partition", "offset", "timestamp", "key", "value", "headers"] {
            #expect(events.allSatisfy { $0[member] != nil }, "\(member)")
        }
    }

    private func tailCount(_ program: TailraceProgram, _ topic: String) async throws -> Int {
        let result = try await TailraceProgram.run([
            "tail", topic, "--json", "--from-beginning", "--exit-at-end", "--data-dir", program.dataDirectory,
        ])
        return result.exit == .code(0) ? result.output.split(separator: "\n").count : 0
    }

    @Test("an offset, a number of records and a pattern choose what tail shows")
    func choices() async throws {
        let server = try await shop()
        let program = try TailraceProgram()
        try program.configure(connector: shopConnector(server))
        let process = try program.serve()
        try await eventually("the snapshot is in the log") { try await tailCount(program, "shop.public.products") == 2 }
        let last = try await TailraceProgram.run([
            "tail", "shop.*", "--json", "--offset", "1", "--exit-at-end", "--data-dir", program.dataDirectory,
        ])
        #expect(last.output.split(separator: "\n").count == 1)
        let first = try await TailraceProgram.run([
            "tail", "shop.public.products", "--from-beginning", "-n", "1", "--data-dir", program.dataDirectory,
        ])
        #expect(first.exit == .code(0) && first.output.contains("Laptop"))
        let live = try ChildProcess(
            TailraceProgram.path,
            ["tail", "shop.public.products", "--json", "-n", "1", "--data-dir", program.dataDirectory])
        // tail starts at the end, and nobody can see from outside when it has found it: changes until it shows one.
        var id = 10
        try await eventually("a live change is shown") {
            id += 1
            try await server.query("INSERT INTO products VALUES (\(id), 'Live', 1)", database: "shop")
            return live.poll() != nil
        }
        #expect(live.poll() == .code(0) && live.output.contains("Live"))
        let unknown = try await TailraceProgram.run([
            "tail", "nothing", "--exit-at-end", "--data-dir", program.dataDirectory,
        ])
        #expect(unknown.exit == .code(1) && unknown.errorOutput.contains("nothing"))
        process.signal(SIGTERM)
        try await process.waitForExit()
    }

    @Test("metrics and health are served on the port that is printed")
    func telemetry() async throws {
        let server = try await shop()
        let program = try TailraceProgram()
        try program.configure(connector: shopConnector(server))
        let process = try program.serve()
        let address = try await printedAddress(process)
        try await eventually("the connector is ready") {
            (try? await get("\(address)/readyz").status) == 200
        }
        let metrics = try await get("\(address)/metrics")
        #expect(metrics.status == 200 && metrics.body.contains("tailrace_capture_rows_total"))
        #expect(try await get("\(address)/healthz").status == 200)
        process.signal(SIGTERM)
        try await process.waitForExit()
    }

    private func printedAddress(_ process: ChildProcess) async throws -> String {
        let pattern = /telemetry listening on (http:\/\/127\.0\.0\.1:[0-9]+)/
        var found = ""
        try await eventually("the address is printed; so far: \(process.errorOutput)\(process.output)") {
            if let exit = process.poll() { throw FixtureError("serve ended with \(exit): \(process.errorOutput)") }
            guard let match = process.output.firstMatch(of: pattern) else { return false }
            found = String(match.output.1)
            return true
        }
        return found
    }

    private func get(_ url: String) async throws -> (status: Int, body: String) {
        let result = try await ChildProcess.run("curl", ["-s", "-w", "\n%{http_code}", url])
        var lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        let status = Int(lines.popLast() ?? "") ?? 0
        return (status, lines.joined(separator: "\n"))
    }
}
