import Foundation
import TailraceTesting

/// Kafka's definition of a message, interpreted: a second reading of it that shares nothing with the generator's, and
/// writes random messages as bytes.
struct MessageSchema: @unchecked Sendable {
    private let fields: [[String: Any]]
    private let common: [String: [[String: Any]]]
    private let flexible: ClosedRange<Int>?
    let version: Int
    /// Adds a tagged field that no version knows to every struct.
    var addsUnknownTags = false

    /// - Parameter name: of the message, for example `FetchRequest`.
    init(named name: String, version: Int16) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appendingPathComponent("Sources/kafka-codegen/Messages/\(name).json")
        let text = try String(contentsOf: file, encoding: .utf8).replacing(#/(?m)(^|\s)\/\/.*$/#, with: "")
        guard let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
            let fields = object["fields"] as? [[String: Any]], let flexible = object["flexibleVersions"] as? String
        else { throw CocoaError(.fileReadCorruptFile) }
        self.fields = fields
        self.flexible = Self.range(flexible)
        self.version = Int(version)
        var common: [String: [[String: Any]]] = [:]
        func collect(_ fields: [[String: Any]]) {
            for field in fields {
                guard let inner = field["fields"] as? [[String: Any]], let type = field["type"] as? String else {
                    continue
                }
                common[type.replacingOccurrences(of: "[]", with: "")] = inner
                collect(inner)
            }
        }
        collect(fields)
        for shared in object["commonStructs"] as? [[String: Any]] ?? [] {
            guard let inner = shared["fields"] as? [[String: Any]], let name = shared["name"] as? String else {
                continue
            }
            common[name] = inner
            collect(inner)
        }
        self.common = common
    }

    private var isFlexible: Bool { flexible?.contains(version) ?? false }

    private static func range(_ text: String?) -> ClosedRange<Int>? {
        guard let text, text != "none" else { return nil }
        if text.hasSuffix("+") { return (Int(text.dropLast()) ?? 0)...Int(Int16.max) }
        let bounds = text.split(separator: "-").compactMap { Int($0) }
        return bounds[0]...bounds[bounds.count - 1]
    }

    private func applies(_ field: [String: Any], _ key: String) -> Bool {
        Self.range(field[key] as? String)?.contains(version) ?? false
    }

    /// A random message, each field written as Kafka's own serializer does it.
    func randomBytes(using generator: inout SeededGenerator) -> [UInt8] {
        structure(fields) { field in value(of: field) { random(field, $0, using: &generator) } }
    }

    /// The struct's fields in order, then the tagged ones that do not have their default.
    private func structure(_ fields: [[String: Any]], _ body: ([String: Any]) -> [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var tags: [(Int, [UInt8])] = []
        for field in fields where applies(field, "versions") {
            let bytes = body(field)
            if applies(field, "taggedVersions"), let tag = field["tag"] as? Int {
                if bytes != defaultBytes(of: field) { tags.append((tag, bytes)) }
            } else {
                result += bytes
            }
        }
        guard isFlexible else { return result }
        if addsUnknownTags { tags.append((9999, [1, 2, 3])) }
        result += Self.varint(tags.count)
        for (tag, bytes) in tags.sorted(by: { $0.0 < $1.0 }) {
            result += Self.varint(tag) + Self.varint(bytes.count) + bytes
        }
        return result
    }

    private func value(of field: [String: Any], _ body: (String) -> [UInt8]) -> [UInt8] {
        body(field["type"] as? String ?? "")
    }

    private func random(_ field: [String: Any], _ type: String, using generator: inout SeededGenerator) -> [UInt8] {
        let mayBeNull = applies(field, "nullableVersions")
        if mayBeNull, generator.oneIn(4) { return null(type) }
        if type.hasPrefix("[]") {
            let count = Int.random(in: 0...3, using: &generator)
            var bytes = length(count, wide: true)
            for _ in 0..<count { bytes += random([:], String(type.dropFirst(2)), using: &generator) }
            return bytes
        }
        switch type {
        case "bool": return [UInt8.random(in: 0...1, using: &generator)]
        case "int8", "int16", "int32", "int64", "uuid":
            let size = ["int8": 1, "int16": 2, "int32": 4, "int64": 8][type] ?? 16
            return (0..<size).map { _ in UInt8.random(in: 0...255, using: &generator) }
        case "float64": return Self.bytes(of: Double.random(in: -1e9...1e9, using: &generator).bitPattern)
        case "string":
            let text = String(
                (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                    "aé漢🚀_-.9".randomElement(using: &generator) ?? "x"
                })
            return length(text.utf8.count, wide: false) + Array(text.utf8)
        case "bytes", "records":
            let count = Int.random(in: 0...20, using: &generator)
            return length(count, wide: true) + (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
        default:
            let inner = common[type] ?? []
            return (mayBeNull ? [1] : [])
                + structure(inner) { field in value(of: field) { random(field, $0, using: &generator) } }
        }
    }

    private func defaultBytes(of field: [String: Any]) -> [UInt8] {
        let type = field["type"] as? String ?? ""
        let text = field["default"].map { "\($0)" } ?? ""
        if text == "null" { return null(type) }
        if type.hasPrefix("[]") || type == "bytes" || type == "records" { return length(0, wide: true) }
        let number = text.hasPrefix("0x") ? Int64(text.dropFirst(2), radix: 16) ?? 0 : Int64(text) ?? 0
        switch type {
        case "bool": return [text == "true" || text == "1" ? 1 : 0]
        case "int8": return Self.bytes(of: Int8(number))
        case "int16": return Self.bytes(of: Int16(number))
        case "int32": return Self.bytes(of: Int32(number))
        case "int64", "float64": return Self.bytes(of: number)
        case "uuid": return [UInt8](repeating: 0, count: 16)
        case "string": return length(text.utf8.count, wide: false) + Array(text.utf8)
        default: return structure(common[type] ?? []) { defaultBytes(of: $0) }
        }
    }

    private func null(_ type: String) -> [UInt8] {
        if common[type] != nil { return [0xFF] }
        return length(-1, wide: type != "string")
    }

    private func length(_ count: Int, wide: Bool) -> [UInt8] {
        if isFlexible { return Self.varint(count + 1) }
        return wide ? Self.bytes(of: Int32(count)) : Self.bytes(of: Int16(count))
    }

    private static func varint(_ value: Int) -> [UInt8] {
        value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + varint(value >> 7)
    }

    private static func bytes(of value: some FixedWidthInteger) -> [UInt8] {
        stride(from: value.bitWidth - 8, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}
