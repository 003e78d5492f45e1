import Foundation

/// The built `tailrace` binary with a configuration and a data directory of its own.
public final class TailraceProgram: Sendable {
    /// `TAILRACE_BINARY`, or the one beside the tests of this package.
    public static let path: String = {
        if let path = ProcessInfo.processInfo.environment["TAILRACE_BINARY"] { return path }
        let root = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        return root.appendingPathComponent(".build/debug/tailrace").path
    }()

    public let directory: TemporaryDirectory
    public let dataDirectory: String
    public var configurationPath: String { directory.file("tailrace.yaml") }

    /// - Parameter dataDirectory: nil takes a new one.
    /// - Throws: ``FixtureError`` when the program was not built.
    public init(dataDirectory: String? = nil) throws {
        guard FileManager.default.isExecutableFile(atPath: Self.path) else {
            throw FixtureError("\(Self.path) is missing: run 'swift build' first, or set TAILRACE_BINARY")
        }
        directory = try TemporaryDirectory(prefix: "tailrace-run")
        self.dataDirectory = dataDirectory ?? directory.file("data")
    }

    /// Writes `tailrace.yaml` with one connector.
    /// - Parameter settings: the process's own, by their dotted names.
    public func configure(connector properties: [String: String], settings: [String: String] = [:]) throws {
        let settings = [
            "data.directory": dataDirectory, "telemetry.listen": "127.0.0.1:0",
            "broker.listeners": "PLAINTEXT://127.0.0.1:0", "schema.registry.listen": "127.0.0.1:0",
        ].merging(settings) { $1 }
        var text = settings.sorted { $0.key < $1.key }.map { "\($0.key): \(Self.quoted($0.value))\n" }.joined()
        text += "connectors:\n"
        var prefix = "  - "
        for (name, value) in properties.sorted(by: { $0.key < $1.key }) {
            text += "\(prefix)\(name): \(Self.quoted(value))\n"
            prefix = "    "
        }
        try write(configuration: text)
    }

    public func write(configuration text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: configurationPath))
    }

    private static func quoted(_ value: String) -> String { "'\(value.replacingOccurrences(of: "'", with: "''"))'" }

    /// Starts `tailrace serve` with the configuration.
    public func serve(environment: [String: String] = [:]) throws -> ChildProcess {
        try ChildProcess(Self.path, ["serve", "-c", configurationPath], environment: environment)
    }

    /// Runs a command to its end.
    public static func run(
        _ arguments: [String], environment: [String: String] = [:], input: String = "",
        workingDirectory: String? = nil, within deadline: Duration = .seconds(120)
    ) async throws -> (exit: ChildProcess.Exit, output: String, errorOutput: String) {
        try await ChildProcess.run(
            path, arguments, environment: environment, input: input, workingDirectory: workingDirectory,
            within: deadline)
    }
}
