import Foundation

/// What Debezium with Confluent's AvroConverter wrote in a scenario: the bytes, and the schemas it registered.
struct AvroRecording {
    struct Event {
        let topic: String
        let key: [UInt8]?
        let value: [UInt8]?
    }

    let events: [Event]
    /// The texts registered under each subject, in the order of their versions.
    let subjects: [String: [String]]
    /// The texts by identifier.
    let schemas: [Int32: String]

    init(_ scenario: GoldenScenario) throws {
        let folder = "\(GoldenScenario.directory)/\(scenario.name)"
        events = try Self.lines("\(folder)/debezium.avro.jsonl").map { line in
            guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                let topic = object["topic"] as? String
            else { throw GoldenFileError(path: folder) }
            return Event(
                topic: topic, key: Self.bytes(object["key_hex"]), value: Self.bytes(object["value_hex"]))
        }
        var subjects: [String: [String]] = [:]
        var schemas: [Int32: String] = [:]
        var subject = ""
        for line in try Self.lines("\(folder)/debezium.avro.subjects.json") {
            if line.hasPrefix("\"") {
                subject = String(line.dropFirst().prefix { $0 != "\"" })
            } else if let id = line.firstRange(of: "\"id\": "), let text = line.firstRange(of: "\"schema\": ") {
                let schema = String(
                    line[text.upperBound...].prefix(through: line.lastIndex(of: "}") ?? line.startIndex)
                )
                .dropLast()
                subjects[subject, default: []].append(String(schema))
                schemas[Int32(line[id.upperBound...].prefix { $0.isNumber }) ?? 0] = String(schema)
            }
        }
        self.subjects = subjects
        self.schemas = schemas
    }

    private static func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    private static func bytes(_ hexadecimal: Any?) -> [UInt8]? {
        guard let digits = (hexadecimal as? String).map({ Array($0.utf8) }) else { return nil }
        return stride(from: 0, to: digits.count - 1, by: 2).map { index in
            UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) ?? 0
        }
    }
}
