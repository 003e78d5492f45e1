import ArgumentParser
import Foundation

/// Where a command finds the log.
struct LogLocation: ParsableArguments {
    @Option(name: [.customShort("c"), .long], help: "The configuration that names the data directory.")
    var config: String?

    @Option(name: .long, help: "The data directory. Default: the configuration's, or ./tailrace-data.")
    var dataDir: String?

    /// - Throws: an exit code when the configuration is wrong; the reasons are printed.
    func directory() throws -> String {
        if let dataDir { return dataDir }
        if let config {
            do { return try ConfigurationFile.load(config, secrets: .process).dataDirectory } catch {
                throw StandardError.exit(error)
            }
        }
        // Without either, what `serve` would take in this directory.
        if FileManager.default.fileExists(atPath: "tailrace.yaml"),
            let found = try? ConfigurationFile.load("tailrace.yaml", secrets: .process)
        {
            return found.dataDirectory
        }
        return ProcessConfiguration().dataDirectory
    }
}
