import TailraceTesting
import Testing

@Suite("The PostgreSQL fixture")
struct PostgresServerTests {
    @Test("a server answers, survives a stop of either kind, and keeps its data")
    func lifeCycle() async throws {
        let server = try await PostgresServer.start()
        try await server.createDatabase("inventory")
        try await server.query("CREATE TABLE t (id int); INSERT INTO t VALUES (1)", database: "inventory")
        try await server.restart(.fast)
        #expect(try await server.query("SHOW wal_level") == "logical")
        try await server.query("INSERT INTO t VALUES (2); CHECKPOINT", database: "inventory")
        try await server.restart(.immediate)
        #expect(try await server.query("SELECT count(*) FROM t", database: "inventory") == "2")
        try await server.killServer()
        try await server.start()
        #expect(try await server.query("SELECT count(*) FROM t", database: "inventory") == "2")
    }

    @Test("a failing statement is reported, or passed over on request")
    func failingStatement() async throws {
        let server = try await PostgresServer.start()
        await #expect(throws: FixtureError.self) { try await server.query("SELECT 1/0") }
        #expect(try await server.run(script: "SELECT 1/0;\nSELECT 7;", database: "postgres") == "7")
    }
}
