internal import Avro

/// The MD5 over a schema's text, references, metadata and rules: Confluent's identity of a schema.
public struct SchemaFingerprint: Hashable, Sendable {
    public let bytes: [UInt8]

    init(text: String, references: [SchemaReference], metadata: JSONValue?, ruleSet: JSONValue?) {
        var message = Array(text.utf8)
        for reference in references {
            message += Array(reference.name.utf8) + Array(reference.subject.utf8)
            let version = UInt32(truncatingIfNeeded: reference.version)
            message += (0..<4).map { UInt8(truncatingIfNeeded: version >> UInt32(24 - 8 * $0)) }
        }
        if let metadata {
            message.append(1)
            for key in ["tags", "properties", "sensitive"] { Self.add(metadata[key], to: &message) }
        }
        if let ruleSet {
            message.append(1)
            for key in ["migrationRules", "domainRules", "encodingRules", "enableAt"] {
                Self.add(ruleSet[key], to: &message)
            }
        }
        bytes = MD5.hash(message)
    }

    /// Keys and texts in their order; what a value holds besides text does not tell schemas apart.
    private static func add(_ value: JSONValue?, to message: inout [UInt8]) {
        switch value {
        case .string(let text): message += Array(text.utf8)
        case .array(let items): for item in items { add(item, to: &message) }
        case .object(let members):
            // A rule's own attributes go in by value alone, those of a map with their keys.
            let isRule = members["kind"] != nil && members["name"] != nil
            for member in members {
                if !isRule { message += Array(member.key.utf8) }
                add(member.value, to: &message)
            }
        case .bool(true): message.append(1)
        default: break
        }
    }

    /// The form in which records carry it.
    public var base64: String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for index in 0..<4 {
                let isFilled = index <= group.count
                text.append(isFilled ? alphabet[Int(bits >> UInt32(18 - 6 * index) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The form in which answers carry it, a UUID's.
    public var guid: String {
        let digits = Array("0123456789abcdef")
        return bytes.enumerated().reduce(into: "") { text, byte in
            if [4, 6, 8, 10].contains(byte.offset) { text.append("-") }
            text.append(digits[Int(byte.element >> 4)])
            text.append(digits[Int(byte.element & 15)])
        }
    }
}
