import Foundation
import Glibc

/// Where the distribution's packages put PostgreSQL, and who may run it.
public struct PostgresInstallation: Sendable {
    /// The folder of `initdb`, `pg_ctl`, `psql`, …
    public let binaries: String
    public let majorVersion: Int

    /// The newest one under `/usr/lib/postgresql`.
    /// - Throws: ``FixtureError`` naming the package when there is none.
    public static func newest() throws -> PostgresInstallation {
        let root = "/usr/lib/postgresql"
        let versions = ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).compactMap { Int($0) }
            .filter { FileManager.default.isExecutableFile(atPath: "\(root)/\($0)/bin/initdb") }
        guard let version = versions.max() else {
            throw FixtureError("no PostgreSQL server under \(root): install the package 'postgresql'")
        }
        return PostgresInstallation(binaries: "\(root)/\(version)/bin", majorVersion: version)
    }

    public func program(_ name: String) -> String { "\(binaries)/\(name)" }

    /// The account that runs the server when we are root, which PostgreSQL refuses to be; nil when we are not.
    public static let account: String? = {
        guard geteuid() == 0 else { return nil }
        return ["postgres", "nobody"].first { getpwnam($0) != nil }
    }()

    /// `command` as ``account`` where we are root, else as it is.
    public static func unprivileged(_ command: [String]) -> [String] {
        guard let account else { return command }
        return ["setpriv", "--reuid=\(account)", "--regid=\(account)", "--clear-groups", "--"].map {
            account == "nobody" && $0.hasPrefix("--regid") ? "--regid=nogroup" : $0
        } + command
    }
}
