import PostgresCapture
import RecordTransport
import TailraceTesting
import Testing

@Suite("TLS to a real server", .serialized)
struct TLSTests {
    /// - Returns: the code of the error, or nil where the connection is made, which is encrypted then.
    private func code(
        _ tls: TLSServer, host: String = "localhost", _ more: [String: String]
    ) -> CaptureError.Code? {
        var keywords = [
            "host": host, "port": String(tls.server.port), "user": PostgresServer.user, "dbname": "postgres",
            "password": PostgresServer.password,
        ]
        keywords.merge(more) { $1 }
        do throws(CaptureError) {
            for purpose in [ConnectionSettings.Purpose.catalog, .replication] {
                let connection = try PostgresConnection(ConnectionSettings(keywords: keywords), for: purpose)
                defer { connection.close() }
                #expect(connection.isEncrypted == (more["sslmode"] != "disable"))
            }
            return nil
        } catch {
            #expect(!error.description.contains(PostgresServer.password))
            return error.code
        }
    }

    @Test("the server's certificate is checked as sslmode says: not, its authority, its name too")
    func serverCertificate() async throws {
        let tls = try await TLSServer.start()
        try await tls.allow("hostssl all all 127.0.0.1/32 scram-sha-256")
        // Password-protected over TLS: SCRAM binds to the channel.
        try await eventually("plain connections are refused") { code(tls, ["sslmode": "disable"]) == .authentication }
        #expect(code(tls, ["sslmode": "require", "channel_binding": "require"]) == nil)
        #expect(code(tls, ["sslmode": "require", "password": "wrong"]) == .authentication)
        let good = ["sslrootcert": tls.authority]
        let strange = ["sslrootcert": tls.strangeAuthority]
        #expect(code(tls, host: "127.0.0.1", good.merging(["sslmode": "verify-ca"]) { $1 }) == nil)
        #expect(code(tls, good.merging(["sslmode": "verify-full"]) { $1 }) == nil)
        #expect(code(tls, host: "127.0.0.1", good.merging(["sslmode": "verify-full"]) { $1 }) == .tls)
        #expect(code(tls, strange.merging(["sslmode": "verify-ca"]) { $1 }) == .tls)
        #expect(code(tls, strange.merging(["sslmode": "verify-full"]) { $1 }) == .tls)
    }

    @Test("a channel that cannot be bound is refused where binding is required")
    func channelBinding() async throws {
        let tls = try await TLSServer.start()
        #expect(code(tls, host: "127.0.0.1", ["sslmode": "disable"]) == nil)
        #expect(code(tls, host: "127.0.0.1", ["sslmode": "disable", "channel_binding": "require"]) == .tls)
    }

    @Test("a connector shows its certificate by Debezium's properties, and streams")
    func clientCertificate() async throws {
        let tls = try await TLSServer.start()
        try await tls.allow("hostssl all all 127.0.0.1/32 cert")
        try await eventually("connections without a certificate are refused") {
            code(tls, ["sslmode": "require", "sslcert": "/nowhere", "sslkey": "/nowhere"]) == .authentication
        }
        let fixture = try await CaptureFixture(
            server: tls.server, database: "certified", setup: "CREATE TABLE t (id int PRIMARY KEY)")
        let transport = try fixture.transport()
        let more = [
            "database.hostname": "localhost", "database.sslmode": "verify-full",
            "database.sslrootcert": tls.authority, "database.sslcert": tls.clientCertificate,
            "database.sslkey": tls.clientKey,
        ]
        try await fixture.streaming(transport, more) { _ in
            try await tls.server.query("INSERT INTO t VALUES (1)", database: "certified")
            try await eventually("the row") { try await fixture.values(transport, "t.public.t").count == 1 }
        }
        try transport.close()
    }
}
