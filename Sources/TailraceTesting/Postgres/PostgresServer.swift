import Foundation
import Glibc
import Synchronization

/// A private PostgreSQL server in a temporary directory, on a free port and a Unix socket, `wal_level=logical`.
///
/// Any task may use it. It is stopped and its directory removed when the value goes, and also when the test process
/// ends in any other way: a guard process waits for that.
public final class PostgresServer: Sendable {
    public struct Options: Sendable {
        /// Parameters of `postgresql.conf` beyond the fixture's own.
        public var settings: [String: String] = [:]
        /// Whether the server syncs its files; off makes tests faster and loses nothing when only a process dies.
        public var synchronous = false
        public init(settings: [String: String] = [:], synchronous: Bool = false) {
            self.settings = settings
            self.synchronous = synchronous
        }
    }

    /// How a server is told to stop.
    public enum StopMode: String, Sendable { case fast, immediate }

    public static let user = "postgres"
    /// Asked for over TCP; the Unix socket trusts everybody.
    public static let password = "pa55-of-the-fixture"

    public let installation: PostgresInstallation
    public let port: Int
    /// Holds `data`, `server.log` and the Unix socket.
    public let directory: String
    private let guardPipe: Int32

    public var host: String { "127.0.0.1" }
    public var socketDirectory: String { directory }
    public var dataDirectory: String { "\(directory)/data" }

    /// libpq's environment variables for a superuser's connection over TCP.
    public func environment(database: String) -> [String: String] {
        [
            "PGHOST": host, "PGPORT": String(port), "PGUSER": Self.user, "PGPASSWORD": Self.password,
            "PGDATABASE": database,
        ]
    }

    /// A superuser's connection URL over TCP.
    public func url(database: String) -> String {
        "postgresql://\(Self.user):\(Self.password)@\(host):\(port)/\(database)"
    }

    /// Debezium's connection properties for a superuser over TCP.
    public func properties(database: String) -> [String: String] {
        [
            "database.hostname": host, "database.port": String(port), "database.user": Self.user,
            "database.password": Self.password, "database.dbname": database,
        ]
    }

    /// Makes a cluster and starts it.
    /// - Throws: ``FixtureError`` with the server's words when it does not start.
    public static func start(_ options: Options = Options()) async throws -> PostgresServer {
        let server = try await PostgresServer(options)
        try await server.start()
        return server
    }

    /// Copies this server and starts the copy as a standby that follows nobody, ready for `pg_promote()`.
    ///
    /// It is of the same system; what this server writes after the copy is not in it.
    public func startCopy(_ options: Options = Options()) async throws -> PostgresServer {
        let copy = try await PostgresServer(options, copying: self)
        try await copy.start()
        return copy
    }

    private init(_ options: Options, copying source: PostgresServer? = nil) async throws {
        installation = try PostgresInstallation.newest()
        port = try Self.freePort()
        directory = try Self.makeDirectory()
        guardPipe = try Self.startGuard(directory: directory)
        try Data(Self.password.utf8).write(to: URL(fileURLWithPath: "\(directory)/password"))
        if let account = PostgresInstallation.account {
            _ = try await ChildProcess.run("chown", ["-R", account, directory])
        }
        if let source {
            try await Self.check(
                PostgresInstallation.unprivileged([
                    installation.program("pg_basebackup"), "-D", "\(directory)/data", "-h", source.socketDirectory,
                    "-p", String(source.port), "-U", Self.user, "-X", "stream", "-c", "fast", "--no-sync",
                ]), directory: directory)
            try await Self.check(
                PostgresInstallation.unprivileged(["touch", "\(directory)/data/standby.signal"]), directory: directory)
        } else {
            try await Self.check(
                PostgresInstallation.unprivileged([
                    installation.program("initdb"), "-D", "\(directory)/data", "-U", Self.user, "-E", "UTF8",
                    "--locale=C.UTF-8", "--no-sync", "--auth-local=trust", "--auth-host=scram-sha-256",
                    "--pwfile=\(directory)/password",
                ]), directory: directory)
        }
        try writeConfiguration(options)
    }

    deinit { close(guardPipe) }

    private func writeConfiguration(_ options: Options) throws {
        var settings = [
            "listen_addresses": "'127.0.0.1'", "port": String(port), "unix_socket_directories": "'\(directory)'",
            "wal_level": "logical", "max_replication_slots": "40", "max_wal_senders": "40", "max_connections": "200",
            "max_prepared_transactions": "10", "shared_buffers": "64MB", "timezone": "'UTC'", "log_timezone": "'UTC'",
            "wal_receiver_status_interval": "1s", "max_wal_size": "4GB", "log_line_prefix": "'%m [%p] %d '",
        ]
        if !options.synchronous {
            settings.merge(["fsync": "off", "full_page_writes": "off"]) { $1 }
        }
        settings.merge(options.settings) { $1 }
        let lines = settings.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)\n" }.joined()
        guard let file = FileHandle(forWritingAtPath: "\(dataDirectory)/postgresql.conf") else {
            throw FixtureError("cannot write \(dataDirectory)/postgresql.conf")
        }
        defer { try? file.close() }
        try file.seekToEnd()
        try file.write(contentsOf: Data("\n\(lines)".utf8))
    }

    // MARK: Life cycle

    /// Starts the server again after ``stop(_:)`` or ``killServer()``.
    public func start() async throws {
        do { try await control(["start", "-w", "-t", "60", "-l", "\(directory)/server.log"]) } catch {
            throw FixtureError("\(error)\n\(serverLog.suffix(2000))")
        }
    }

    public func stop(_ mode: StopMode = .fast) async throws {
        try await control(["stop", "-w", "-t", "60", "-m", mode.rawValue])
    }

    public func restart(_ mode: StopMode = .fast) async throws {
        try await stop(mode)
        try await start()
    }

    /// SIGKILL to the postmaster; its children notice and go.
    public func killServer() async throws {
        let path = "\(dataDirectory)/postmaster.pid"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let pid = text.split(separator: "\n").first.flatMap({ pid_t($0) })
        else { return }
        kill(pid, SIGKILL)
        try await eventually("postmaster \(pid) is gone") { kill(pid, 0) != 0 }
    }

    /// What the server has logged.
    public var serverLog: String { (try? String(contentsOfFile: "\(directory)/server.log", encoding: .utf8)) ?? "" }

    private func control(_ arguments: [String]) async throws {
        try await Self.check(
            PostgresInstallation.unprivileged(
                [installation.program("pg_ctl"), "-s", "-D", dataDirectory] + arguments), directory: directory)
    }

    private static func check(_ command: [String], directory: String) async throws {
        let result = try await ChildProcess.run(
            command[0], Array(command.dropFirst()), workingDirectory: directory)
        guard result.exit == .code(0) else {
            throw FixtureError("\(command.joined(separator: " ")): \(result.exit): \(result.errorOutput)")
        }
    }

    // MARK: SQL

    /// What psql prints unaligned and without headers, the last line's end removed.
    /// - Throws: ``FixtureError`` with the server's words when a statement fails.
    @discardableResult
    public func query(_ sql: String, database: String = "postgres") async throws -> String {
        try await run(script: sql, database: database, stopOnError: true)
    }

    /// Runs `script` as one psql session, autocommit unless it says BEGIN.
    /// - Parameter stopOnError: when false, a failing statement is passed over, as psql does by default.
    @discardableResult
    public func run(
        script: String, database: String, stopOnError: Bool = false, within deadline: Duration = .seconds(300)
    ) async throws -> String {
        let result = try await ChildProcess.run(
            installation.program("psql"),
            ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=\(stopOnError ? 1 : 0)", "-f", "-"],
            environment: environment(database: database).merging(["PGHOST": socketDirectory]) { $1 }, input: script,
            within: deadline)
        guard !stopOnError || result.exit == .code(0) else {
            throw FixtureError("psql, database \(database): \(result.errorOutput)")
        }
        return result.output.hasSuffix("\n") ? String(result.output.dropLast()) : result.output
    }

    /// Makes a database, in place of one of that name.
    public func createDatabase(_ name: String) async throws {
        try await query("DROP DATABASE IF EXISTS \"\(name)\" WITH (FORCE)")
        try await query("CREATE DATABASE \"\(name)\" TEMPLATE template0")
    }

    public func dropDatabase(_ name: String) async throws {
        try await query("DROP DATABASE IF EXISTS \"\(name)\" WITH (FORCE)")
    }

    // MARK: Surroundings

    private static func makeDirectory() throws -> String {
        // Not a TemporaryDirectory: the guard removes it once the server is gone. Short: a socket path has 107 bytes.
        var template = Array("/tmp/tailrace-pg-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw FixtureError("cannot make a directory under /tmp: \(String(cString: strerror(errno)))")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Starts a process that reads a pipe we hold the other end of: it sees the end of file when we close it or die,
    /// then stops the server and removes the directory.
    private static func startGuard(directory: String) throws -> Int32 {
        var ends: [Int32] = [0, 0]
        // A child that inherited our end would keep the guard waiting.
        let made = ChildProcess.spawning.withLock { _ in
            pipe(&ends) == 0 && fcntl(ends[1], F_SETFD, FD_CLOEXEC) == 0
        }
        guard made else { throw FixtureError("cannot make a pipe: \(String(cString: strerror(errno)))") }
        defer { close(ends[0]) }
        let script = """
            cat >/dev/null 2>&1
            pid=$(head -n 1 "$0/data/postmaster.pid" 2>/dev/null)
            if [ -n "$pid" ]; then
                kill -QUIT "$pid" 2>/dev/null
                tries=0
                while kill -0 "$pid" 2>/dev/null && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
            fi
            rm -rf "$0"
            """
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        let words = ["setsid", "sh", "-c", script, directory]
        var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/bin:/bin"), nil]
        defer { for pointer in argv + environment { free(pointer) } }
        var child = pid_t()
        let code = ChildProcess.spawning.withLock { _ in
            ChildProcess.keepDescriptors()
            return posix_spawnp(&child, "setsid", &actions, nil, &argv, &environment)
        }
        guard code == 0 else { throw FixtureError("cannot start setsid: \(String(cString: strerror(code)))") }
        return ends[1]
    }

    /// A port nobody listens on at this moment.
    public static func freePort() throws -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, length) == 0 && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard bound else { throw FixtureError("no free port: \(String(cString: strerror(errno)))") }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
