import Foundation
import TailraceTesting

/// A server with a certificate for `localhost`, and the authorities and client certificates to reach it with.
struct TLSServer {
    let server: PostgresServer
    private let directory: TemporaryDirectory

    /// The authority that signed the server's and the client's certificates.
    var authority: String { directory.file("ca.crt") }
    /// An authority that signed neither.
    var strangeAuthority: String { directory.file("strange.crt") }
    var clientCertificate: String { directory.file("client.crt") }
    var clientKey: String { directory.file("client.key") }

    static func start() async throws -> TLSServer {
        let tls = TLSServer(server: try await PostgresServer.start(), directory: try TemporaryDirectory())
        try await tls.openssl(Self.authority("ca") + Self.authority("strange") + Self.signed("server", "localhost"))
        try await tls.openssl(Self.signed("client", PostgresServer.user))
        try await tls.install()
        return tls
    }

    /// Replaces who may connect over TCP, and how.
    func allow(_ line: String) async throws {
        let path = "\(server.dataDirectory)/pg_hba.conf"
        try Data("local all all trust\nlocal replication all trust\n\(line)\n".utf8).write(
            to: URL(fileURLWithPath: path))
        try await own(path)
        try await server.query("SELECT pg_reload_conf()")
    }

    private static func authority(_ name: String) -> String {
        """
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=\(name) \
        -keyout \(name).key -out \(name).crt

        """
    }

    private static func signed(_ name: String, _ subject: String) -> String {
        """
        openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=\(subject) \
        -keyout \(name).key -out \(name).csr
        echo "subjectAltName=DNS:\(subject)" > \(name).ext
        openssl x509 -req -in \(name).csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile \(name).ext \
        -out \(name).crt

        """
    }

    private func openssl(_ script: String) async throws {
        let result = try await ChildProcess.run(
            "sh", ["-e", "-c", "umask 077\n" + script], workingDirectory: directory.path)
        guard result.exit == .code(0) else { throw FixtureError("openssl: \(result.errorOutput)") }
    }

    private func install() async throws {
        for name in ["server.crt", "server.key", "ca.crt"] {
            let target = "\(server.dataDirectory)/\(name)"
            try FileManager.default.copyItem(atPath: directory.file(name), toPath: target)
            try await own(target)
        }
        try await server.query(
            """
            ALTER SYSTEM SET ssl_cert_file = 'server.crt';
            ALTER SYSTEM SET ssl_key_file = 'server.key';
            ALTER SYSTEM SET ssl_ca_file = 'ca.crt';
            ALTER SYSTEM SET ssl = on;
            SELECT pg_reload_conf();
            """)
        try await eventually("the server offers TLS") { try await server.query("SHOW ssl") == "on" }
    }

    private func own(_ path: String) async throws {
        guard let account = PostgresInstallation.account else { return }
        _ = try await ChildProcess.run("chown", [account, path])
    }
}
