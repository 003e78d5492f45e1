import PostgresCapture
import RecordTransport
import TailraceTesting
import Testing

@Suite("A connector's look at the server before it starts", .serialized)
struct StartCheckTests {
    private static let role = ["database.user": "cdc", "database.password": "c"]

    private func refusal(
        _ fixture: CaptureFixture, _ transport: EmbeddedTransport, _ more: [String: String]
    ) async throws -> CaptureError? {
        do {
            try await fixture.streaming(transport, more) { _ in }
            return nil
        } catch let error as CaptureError {
            return error
        }
    }

    @Test("what cannot work stops it with code and statement, and nothing was made; what is advice does not")
    func refusesAndAdvises() async throws {
        let server = try await PostgresServer.start()
        let fixture = try await CaptureFixture(
            server: server, database: "startcheck",
            setup: """
                CREATE TABLE t (id int PRIMARY KEY);
                CREATE TABLE bare (id int);
                CREATE UNLOGGED TABLE u (id int);
                INSERT INTO t VALUES (1);
                CREATE ROLE cdc LOGIN PASSWORD 'c';
                """)
        let transport = try fixture.transport()
        let more = Self.role.merging([
            "snapshot.mode": "initial", "publication.autocreate.mode": "disabled",
            "signal.data.collection": "public.missing",
        ]) { $1 }
        let refused = try #require(try await refusal(fixture, transport, more))
        #expect(refused.code == .insufficientPrivilege)
        #expect(refused.remedy.contains(#"ALTER ROLE "cdc" REPLICATION;"#))
        #expect(refused.remedy.contains(#"GRANT SELECT ON "public"."bare" TO "cdc";"#))

        try await server.query("ALTER ROLE cdc REPLICATION; GRANT SELECT ON t, bare, u TO cdc", database: "startcheck")
        let unpublished = try #require(try await refusal(fixture, transport, more))
        #expect(unpublished.code == .publicationMissing)
        #expect(unpublished.remedy.contains("CREATE PUBLICATION"))
        #expect(try await server.query("SELECT count(*) FROM pg_replication_slots") == "0")

        try await server.query("CREATE PUBLICATION pub_startcheck FOR TABLE t", database: "startcheck")
        try await fixture.streaming(transport, more) { _ in
            try await eventually("the snapshot") { try await fixture.values(transport, "t.public.t").count == 1 }
        }
        // Streaming needs no privilege on the tables.
        try await server.query("REVOKE SELECT ON t, bare, u FROM cdc", database: "startcheck")
        try await fixture.streaming(transport, more) { _ in
            try await server.query("INSERT INTO t VALUES (2)", database: "startcheck")
            try await eventually("the change") { try await fixture.values(transport, "t.public.t").count == 2 }
        }
        try transport.close()
    }
}
