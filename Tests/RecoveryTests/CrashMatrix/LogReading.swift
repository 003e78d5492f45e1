import Foundation
import TailraceTesting

/// Reads a log back through `tailrace tail --json`, as a user would.
struct LogReading {
    let program: TailraceProgram

    /// Every event of the topics whose names begin with `topicPrefix`, in the log's order within each partition.
    func events(topicPrefix: String) async throws -> [LoggedEvent] {
        let result = try await TailraceProgram.run(
            [
                "tail", "\(topicPrefix)*", "--json", "--from-beginning", "--exit-at-end", "--data-dir",
                program.dataDirectory,
            ], within: .seconds(600))
        guard result.exit == .code(0) else {
            throw FixtureError("tailrace tail: \(result.exit): \(result.errorOutput.suffix(2000))")
        }
        return try result.output.split(separator: "\n").map { try Self.event(String($0), topicPrefix: topicPrefix) }
    }

    private static func event(_ line: String, topicPrefix: String) throws -> LoggedEvent {
        guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
            let topic = object["topic"] as? String, let key = object["key"] as? [String: Any],
            let id = (key["id"] as? NSNumber)?.int64Value
        else { throw FixtureError("not an event of the workload: \(line.prefix(300))") }
        let table = String(topic.dropFirst(topicPrefix.count))
        guard let value = object["value"] as? [String: Any] else {
            return LoggedEvent(table: table, key: id, operation: "tombstone", id: nil, transaction: nil)
        }
        let after = value["after"] as? [String: Any]
        return LoggedEvent(
            table: table, key: id, operation: value["op"] as? String ?? "",
            id: (after?["change"] as? NSNumber)?.int64Value,
            transaction: (after?["tx"] as? NSNumber)?.intValue)
    }
}
