import Avro
import ByteCoding
import RecordTransport

/// Compares a run's Avro with a recording: the schemas' texts character by character, and the events byte by byte but for
/// those fields that no two runs have in common, which only have to have the same form.
struct AvroComparison {
    private(set) var differences: [String] = []
    private let recording: AvroRecording
    private let registry: RegistryUnderTest

    init(
        _ recording: AvroRecording, records: [(topic: String, record: FetchedRecord)], registry: RegistryUnderTest
    ) {
        self.recording = recording
        self.registry = registry
        compareSubjects()
        let expected = Dictionary(grouping: recording.events, by: \.topic)
        let actual = Dictionary(grouping: records, by: \.topic)
        for topic in Set(expected.keys).union(actual.keys).sorted() {
            compare(topic, expected[topic] ?? [], (actual[topic] ?? []).map(\.record))
        }
    }

    private mutating func compareSubjects() {
        let actual = registry.subjects
        for subject in Set(actual.keys).union(recording.subjects.keys).sorted() {
            let expected = recording.subjects[subject] ?? []
            let found = actual[subject] ?? []
            if expected.count != found.count {
                differences.append("subject \(subject): \(expected.count) versions expected, got \(found.count)")
            }
            for (index, (expected, found)) in zip(expected, found).enumerated() where expected != found {
                let common = zip(expected, found).prefix { $0 == $1 }.count
                differences.append(
                    "subject \(subject), version \(index + 1) differs: expected …\(expected.dropFirst(max(0, common - 40)).prefix(160))"
                        + " got …\(found.dropFirst(max(0, common - 40)).prefix(160))")
            }
        }
    }

    private mutating func compare(_ topic: String, _ expected: [AvroRecording.Event], _ actual: [FetchedRecord]) {
        if expected.count != actual.count {
            differences.append("topic \(topic): expected \(expected.count) events, got \(actual.count)")
        }
        for (index, (expected, actual)) in zip(expected, actual).enumerated() {
            for (part, recorded, found) in [
                ("key", expected.key, actual.key), ("value", expected.value, actual.value),
            ] {
                do {
                    let one = try recorded.map { try comparable($0) { recording.schemas[$0] } }
                    let other = try found.map { try comparable($0) { registry.schema($0) } }
                    if one != other {
                        differences.append(
                            "topic \(topic), event \(index + 1): \(part) differs: expected \(Self.text(one)) got "
                                + Self.text(other))
                        return
                    }
                } catch {
                    differences.append("topic \(topic), event \(index + 1): \(part): \(error)")
                    return
                }
            }
        }
    }

    /// An event's schema, and its bytes with the fields of the run taken out.
    private struct Comparable: Equatable {
        let schema: String
        let bytes: [UInt8]
        /// For reports; its own comparison would find a NaN different from itself.
        let value: AvroValue

        static func == (a: Comparable, b: Comparable) -> Bool { a.schema == b.schema && a.bytes == b.bytes }
    }

    private static func text(_ side: Comparable?) -> String { side.map { "\($0.value)" } ?? "null" }

    private func comparable(_ bytes: [UInt8], schema: (Int32) -> String?) throws -> Comparable {
        guard bytes.count >= 5, bytes[0] == 0 else { throw AvroProblem("no header of a zero and an identifier") }
        let identifier = bytes[1..<5].reduce(Int32(0)) { $0 << 8 | Int32($1) }
        guard let text = schema(identifier) else { throw AvroProblem("no schema has the identifier \(identifier)") }
        let parsed = try AvroSchema(parsing: text)
        let payload = Array(bytes.dropFirst(5))
        var reader = ByteReader(payload.span)
        let value = try parsed.decode(&reader)
        guard reader.isAtEnd else { throw AvroProblem("bytes behind the value") }
        // A value has one encoding as Java writes it: what encodes back to the same bytes may be compared as a value.
        guard try Self.encode(value, parsed) == payload else { throw AvroProblem("another encoding than Java's") }
        let stable = Self.stable(value, parsed.root, parsed)
        return Comparable(schema: text, bytes: try Self.encode(stable, parsed), value: stable)
    }

    private static func encode(_ value: AvroValue, _ schema: AvroSchema) throws -> [UInt8] {
        var buffer = ByteBuffer()
        try schema.encode(value, into: &buffer)
        return buffer.array()
    }

    // MARK: - What changes from run to run

    private static let volatile: [String: Set<String>] = [
        "Envelope": ["ts_ms", "ts_us", "ts_ns"],
        "MessageValue": ["ts_ms"],
        "Source": ["version", "ts_ms", "ts_us", "ts_ns", "sequence", "txId", "lsn", "xmin", "origin_lsn"],
        "block": ["id"],
        "TransactionMetadataKey": ["id"],
        "TransactionMetadataValue": ["id", "ts_ms"],
        "Heartbeat": ["ts_ms"],
    ]

    private static func stable(_ value: AvroValue, _ index: AvroType.Index, _ schema: AvroSchema) -> AvroValue {
        let type = schema[index]
        switch (type.kind, value) {
        case (.record(let fields, _), .record(let values)):
            let names = type.name.flatMap { volatile[$0.name] } ?? []
            return .record(
                zip(fields, values).map { field, value in
                    names.contains(field.name) ? blank(value) : stable(value, field.type, schema)
                })
        case (.union(let branches), .union(let branch, let value)):
            return .union(branch: branch, stable(value, branches[branch], schema))
        case (.array(let item), .array(let values)): return .array(values.map { stable($0, item, schema) })
        default: return value
        }
    }

    /// The value's form: numbers are zero, and texts have a hash for each run of digits.
    private static func blank(_ value: AvroValue) -> AvroValue {
        switch value {
        case .long: return .long(0)
        case .union(let branch, let value): return .union(branch: branch, blank(value))
        case .string(let text):
            if text.hasSuffix(".Final") || text == "0.1.0" { return .string("version") }
            var form = ""
            for character in text {
                if !character.isNumber { form.append(character) } else if form.last != "#" { form.append("#") }
            }
            return .string(form)
        default: return value
        }
    }
}

struct AvroProblem: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
