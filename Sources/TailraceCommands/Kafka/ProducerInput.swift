import Foundation
import KafkaClient

/// Lines of standard input as records.
///
/// As text, a line is a value, or a key and a value with a separator between them. As JSON, a line is an object with any of
/// `key`, `value`, `headers`, `partition` and `timestamp`, as `tailrace tail --json` writes them: a string is its text,
/// null is no key or a tombstone, and any other JSON is itself without blanks. `keyBase64` and `valueBase64` hold bytes.
struct ProducerInput {
    enum Form: Equatable {
        case text(keySeparator: String?, nullMarker: String?)
        case json
    }

    struct Record: Equatable {
        var key: [UInt8]?
        var value: [UInt8]?
        var headers: [RecordHeader] = []
        var partition: Int32?
        var timestamp: Int64?
    }

    /// Why a line is not a record. It never shows the line.
    struct Malformed: Error, Equatable {
        let reason: String
    }

    let form: Form

    func record(_ line: [UInt8]) throws(Malformed) -> Record {
        switch form {
        case .text(let separator, let nullMarker): try text(line, separator, nullMarker)
        case .json: try json(line)
        }
    }

    private func text(_ line: [UInt8], _ separator: String?, _ nullMarker: String?) throws(Malformed) -> Record {
        func bytes(_ part: ArraySlice<UInt8>) -> [UInt8]? {
            nullMarker.map { Array($0.utf8) == Array(part) } == true ? nil : Array(part)
        }
        guard let separator else { return Record(value: bytes(line[...])) }
        guard let place = line.firstRange(of: Array(separator.utf8)) else {
            throw Malformed(reason: "the separator between key and value is missing")
        }
        return Record(key: bytes(line[..<place.lowerBound]), value: bytes(line[place.upperBound...]))
    }

    private func json(_ line: [UInt8]) throws(Malformed) -> Record {
        guard let node = JSONNode(line), let members = node.members else {
            throw Malformed(reason: "it is not one JSON object")
        }
        var record = Record()
        for member in members {
            switch member.name {
            case "key": record.key = Self.payload(member.value)
            case "value": record.value = Self.payload(member.value)
            case "keyBase64": record.key = try Self.base64(member)
            case "valueBase64": record.value = try Self.base64(member)
            case "headers": record.headers = try Self.headers(member.value)
            case "partition":
                if member.value.isNull { continue }
                guard let number = Int32(member.value.compact), number >= 0 else {
                    throw Malformed(reason: "'partition' is not a partition's number")
                }
                record.partition = number
            case "timestamp":
                if member.value.isNull { continue }
                guard let time = Int64(member.value.compact), time >= 0 else {
                    throw Malformed(reason: "'timestamp' is not milliseconds since 1970")
                }
                record.timestamp = time
            // What `tail --json` adds says where the record came from.
            case "topic", "offset": continue
            default: throw Malformed(reason: "'\(JSONNode.printable(member.name))' is not known")
            }
        }
        return record
    }

    private static func payload(_ node: JSONNode) -> [UInt8]? {
        if node.isNull { return nil }
        return Array((node.text ?? node.compact).utf8)
    }

    private static func base64(_ member: JSONNode.Member) throws(Malformed) -> [UInt8]? {
        if member.value.isNull { return nil }
        guard let data = member.value.text.flatMap({ Data(base64Encoded: $0) }) else {
            throw Malformed(reason: "'\(member.name)' is not base64")
        }
        return Array(data)
    }

    /// An object, or an array of `{"name":…,"value":…}` where names repeat.
    private static func headers(_ node: JSONNode) throws(Malformed) -> [RecordHeader] {
        if node.isNull { return [] }
        if let members = node.members {
            return members.map { RecordHeader(name: $0.name, value: payload($0.value)) }
        }
        guard case .array(let elements) = node else { throw Malformed(reason: "'headers' is not an object") }
        var headers: [RecordHeader] = []
        for element in elements {
            guard let name = element["name"]?.text else { throw Malformed(reason: "a header has no 'name'") }
            headers.append(RecordHeader(name: name, value: element["value"].flatMap { payload($0) }))
        }
        return headers
    }
}
