import Foundation
import PostgresCapture
import Testing

/// A folder of `Golden/`: what to do to a database, under which configuration, and what has to come of it.
struct GoldenScenario: Sendable, CustomTestStringConvertible {
    /// One step of `changes.sql`.
    enum Step: Sendable {
        case sql(String)
        /// Wait until everything that was done has been captured.
        case settle
        case sleep(Duration)
        case stop, start, restart
    }

    let name: String
    var testDescription: String { name }

    /// All scenarios, or those that `TAILRACE_SCENARIO` names, separated by commas, `*` at an end matching anything.
    static let all: [GoldenScenario] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let scenarios = names.filter { FileManager.default.fileExists(atPath: "\(directory)/\($0)/setup.sql") }.sorted()
        guard let wanted = ProcessInfo.processInfo.environment["TAILRACE_SCENARIO"] else {
            return scenarios.map(GoldenScenario.init)
        }
        let patterns = wanted.split(separator: ",").map(String.init)
        return scenarios.filter { name in
            patterns.contains { $0.hasSuffix("*") ? name.hasPrefix($0.dropLast()) : name == $0 }
        }.map(GoldenScenario.init)
    }()

    static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Golden"

    private func text(_ file: String) throws -> String {
        try String(contentsOfFile: "\(Self.directory)/\(name)/\(file)", encoding: .utf8)
    }

    /// Whether it was recorded with Confluent's AvroConverter.
    var isAvro: Bool { FileManager.default.fileExists(atPath: "\(Self.directory)/\(name)/debezium.avro.jsonl") }

    func setup() throws -> String { try text("setup.sql") }

    /// The connector's properties but the connection's.
    func properties() throws -> [String: String] {
        JavaProperties.parse(try text("connector.properties"))
    }

    func steps() throws -> [Step] {
        var steps: [Step] = []
        var sql = ""
        for line in try text("changes.sql").split(separator: "\n", omittingEmptySubsequences: false) {
            guard line.hasPrefix("-- @") else {
                sql += line + "\n"
                continue
            }
            if !sql.allSatisfy(\.isWhitespace) { steps.append(.sql(sql)) }
            sql = ""
            let words = line.dropFirst(4).split(separator: " ")
            switch words.first {
            case "settle": steps.append(.settle)
            case "sleep": steps.append(.sleep(.seconds(words.count > 1 ? Double(words[1]) ?? 1 : 1)))
            case "stop": steps.append(.stop)
            case "start": steps.append(.start)
            case "restart": steps.append(.restart)
            default: preconditionFailure("\(name)/changes.sql: unknown step '\(line)'")
            }
        }
        if !sql.allSatisfy(\.isWhitespace) { steps.append(.sql(sql)) }
        return steps
    }

    func expectedEvents() throws -> [GoldenEvent] { try Self.events("\(Self.directory)/\(name)/debezium.jsonl") }

    /// The events of a file of one JSON object a line.
    static func events(_ path: String) throws -> [GoldenEvent] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        return try data.split(separator: UInt8(ascii: "\n")).map { line in
            guard let event = GoldenEvent(line: Array(line)) else { throw GoldenFileError(path: path) }
            return event
        }
    }
}

struct GoldenFileError: Error { let path: String }
