import ArgumentParser
import Foundation
import PostgresCapture

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check on the real server whether a connector would start.",
        discussion: """
            Looks at everything a connector needs and changes nothing. For each finding: what was seen, and the exact
            statement or parameter line that mends it. Exits 0 only when a connector would start, otherwise 3.
            """)

    @Argument(help: "The database: postgresql://user@host:port/database. Default: the connector file's.")
    var url: String?
    @Option(help: "The connector to check for: .properties, Connect's JSON, or tailrace.yaml (its first connector).")
    var connector: String?
    @Flag(help: "One JSON object.")
    var json = false

    func validate() throws {
        if url == nil, connector == nil { throw ValidationError("Name a database URL, a --connector file, or both.") }
    }

    func run() async throws {
        let configuration = try configurationToCheck()
        let settings = url.map { ConnectionSettings(url: $0) } ?? configuration?.connection ?? ConnectionSettings()
        let doctor = Doctor(settings: settings, configuration: configuration)
        let findings = await withTaskExecutorPreference(CaptureExecutor(name: "doctor")) { doctor.examine() }
        let isReady = !findings.contains { $0.severity == .failure }
        if json { print(Self.json(findings, isReady: isReady)) } else { show(findings, isReady: isReady) }
        if !isReady { throw ExitStatus.notReady.code }
    }

    /// The connector file's configuration, with the URL's connection where one is given.
    private func configurationToCheck() throws -> CaptureConfiguration? {
        guard let connector else { return nil }
        do {
            var properties = try ConnectorFile.load(connector, secrets: .process)
            if let url {
                let target: ConnectionTarget
                do throws(ConnectionTarget.Malformed) { target = try ConnectionTarget(url) } catch {
                    StandardError.error("the database URL cannot be read: \(error.reason)")
                    throw ExitStatus.usage.code
                }
                properties["database.hostname"] = properties["database.hostname"] ?? target.host
                properties["database.user"] = properties["database.user"] ?? target.user
                properties["database.dbname"] = properties["database.dbname"] ?? target.database
            }
            return try CaptureConfiguration.parse(
                properties: properties, version: Version.current, runID: UUID().uuidString.lowercased()
            ).configuration
        } catch let error as ConnectorFile.Unreadable {
            StandardError.error(error.message)
            throw ExitStatus.usage.code
        } catch let error as ConfigurationError {
            for problem in error.problems { StandardError.error("\(connector): \(problem.message)") }
            throw ExitStatus.usage.code
        }
    }

    private func show(_ findings: [Finding], isReady: Bool) {
        let style = TextStyle.forOutput()
        for finding in findings {
            let mark =
                switch finding.severity {
                case .good: style("ok      ", .green)
                case .warning: style("warning ", .yellow)
                case .failure: style("FAILURE ", .red)
                }
            print("\(mark)\(JSONNode.printable(finding.seen))" + style("  [\(finding.check)]", .dim))
            if let remedy = finding.remedy { print("        → \(JSONNode.printable(remedy))") }
        }
        print(isReady ? style("A connector would start.", .green) : style("A connector would not start.", .red))
    }

    static func json(_ findings: [Finding], isReady: Bool) -> String {
        let list = findings.map { finding in
            "{\"check\":\(JSONNode.quoted(finding.check)),\"severity\":\"\(finding.severity.rawValue)\","
                + "\"seen\":\(JSONNode.quoted(finding.seen)),"
                + "\"remedy\":\(finding.remedy.map { JSONNode.quoted($0) } ?? "null")}"
        }
        return "{\"ready\":\(isReady),\"findings\":[\(list.joined(separator: ","))]}"
    }
}
