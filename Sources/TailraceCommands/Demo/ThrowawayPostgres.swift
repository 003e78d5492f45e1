import Foundation
import Glibc

/// A PostgreSQL server that lives as long as we do: in a temporary directory, on a Unix socket alone, without fsync.
///
/// A guard process outlives us by a moment: when our end of its pipe closes, for whatever reason, it stops the server
/// and removes the directory. `kill -9` leaves nothing behind either.
final class ThrowawayPostgres: @unchecked Sendable {
    struct Failure: Error, CustomStringConvertible { let description: String }

    /// Holds everything: the server's data, its socket, and whatever the caller puts beside them.
    let directory: String
    let version: String
    private let binaries: String
    private let asServer: [String]
    // Set up before the instance is shared and used once at the end: no lock.
    private let guardian: pid_t
    private let lifeline: Int32

    /// Starts a server. Blocks for a second or two.
    init() throws {
        binaries = try Self.findBinaries()
        directory = try Self.makeDirectory()
        asServer = try Self.serverAccount(owning: directory)
        var pipe: [Int32] = [0, 0]
        guard Glibc.pipe(&pipe) == 0 else { throw Failure(description: "no pipe could be made: errno \(errno)") }
        // Children must not inherit our end, or the guard would wait for them too.
        for descriptor in pipe { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        lifeline = pipe[1]
        let script = """
            trap '' INT TERM HUP
            cat >/dev/null
            cd /
            [ -f "$0/data/postmaster.pid" ] && "$@" -D "$0/data" -m immediate -w stop >/dev/null 2>&1
            rm -rf -- "$0"
            """
        guardian = try ChildProcess.start(
            ["/bin/sh", "-c", script, directory] + asServer + ["\(binaries)/pg_ctl"], input: pipe[0])
        close(pipe[0])
        let versionFile = "\(directory)/version"
        _ = ChildProcess.wait(try ChildProcess.start(["\(binaries)/postgres", "--version"], output: versionFile))
        let words = ((try? String(contentsOfFile: versionFile, encoding: .utf8)) ?? "").split(separator: " ")
        // postgres (PostgreSQL) 15.5 (Debian …)
        version = words.count > 2 ? "PostgreSQL \(words[2])" : "PostgreSQL"
        do {
            try run(
                "initdb",
                ["-D", "\(directory)/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
            )
            let settings = [
                "listen_addresses=", "unix_socket_directories=\(directory)", "wal_level=logical", "fsync=off",
                "max_replication_slots=10", "max_wal_senders=10", "shared_buffers=64MB", "autovacuum_naptime=60",
            ]
            try run(
                "pg_ctl",
                [
                    "-D", "\(directory)/data", "-w", "-t", "60", "-l", "\(directory)/server.log", "-o",
                    settings.map { "-c '\($0)'" }.joined(separator: " "), "start",
                ])
        } catch {
            remove()
            throw error
        }
    }

    /// Stops the server and removes everything; returns when that is done.
    func remove() {
        close(lifeline)
        _ = ChildProcess.wait(guardian)
    }

    // MARK: Steps

    private static func findBinaries() throws -> String {
        let root = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).compactMap { Int($0) }
        let places =
            versions.sorted(by: >).map { "\(root)/\($0)/bin" }
            + (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        for place in places
        where ["postgres", "initdb", "pg_ctl"].allSatisfy({
            FileManager.default.isExecutableFile(atPath: "\(place)/\($0)")
        }) {
            return place
        }
        throw Failure(
            description: "no PostgreSQL server is installed (looked in \(root)/*/bin and PATH); "
                + "on Debian and Ubuntu: sudo apt-get install postgresql")
    }

    private static func makeDirectory() throws -> String {
        // Short: a socket's path has at most 107 bytes.
        var template = Array("/tmp/tailrace-demo-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let made else { throw Failure(description: "no directory could be made in /tmp: errno \(errno)") }
        return made
    }

    /// The words that run a program as the server's user: PostgreSQL refuses to be root.
    private static func serverAccount(owning directory: String) throws -> [String] {
        guard geteuid() == 0 else { return [] }
        for name in ["postgres", "nobody"] {
            guard let account = getpwnam(name) else { continue }
            guard chown(directory, account.pointee.pw_uid, account.pointee.pw_gid) == 0 else {
                throw Failure(description: "'\(directory)' could not be given to '\(name)': errno \(errno)")
            }
            return [
                "/usr/bin/setpriv", "--reuid=\(account.pointee.pw_uid)", "--regid=\(account.pointee.pw_gid)",
                "--clear-groups", "--",
            ]
        }
        throw Failure(
            description: "PostgreSQL does not run as root, and there is neither a user 'postgres' nor 'nobody'")
    }

    private func run(_ program: String, _ arguments: [String]) throws {
        let log = "\(directory)/\(program).log"
        let pid = try ChildProcess.start(asServer + ["\(binaries)/\(program)"] + arguments, output: log)
        guard ChildProcess.wait(pid) == 0 else {
            let words = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            let server = (try? String(contentsOfFile: "\(directory)/server.log", encoding: .utf8)) ?? ""
            throw Failure(description: "\(program) failed: \((words + server).suffix(800))")
        }
    }
}
