/// A JSON value as it was written: members keep their order, numbers their digits.
indirect enum JSONNode: Equatable {
    case object([Member])
    case array([JSONNode])
    case string(String)
    /// A number, `true`, `false` or `null`, in its own characters.
    case literal(String)

    struct Member: Equatable {
        let name: String
        let value: JSONNode
    }

    /// nil when `bytes` are not one JSON value.
    init?(_ bytes: [UInt8]) {
        guard JSONText.isValid(bytes) else { return nil }
        var reader = Reader(bytes: bytes)
        self = reader.value()
    }

    subscript(name: String) -> JSONNode? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var isNull: Bool { self == .literal("null") }

    /// For people: strings in single quotes, everything else as JSON without blanks.
    var display: String {
        if case .string(let text) = self { return "'\(Self.printable(text))'" }
        return compact
    }

    var compact: String {
        switch self {
        case .object(let members):
            "{" + members.map { "\(Self.quoted($0.name)):\($0.value.compact)" }.joined(separator: ",") + "}"
        case .array(let elements): "[" + elements.map(\.compact).joined(separator: ",") + "]"
        case .string(let text): Self.quoted(text)
        case .literal(let text): text
        }
    }

    /// Control characters must not reach a terminal.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar.properties.generalCategory == .control {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{0}"..<"\u{20}", "\u{7f}":
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// Reads bytes that are known to be JSON.
    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        mutating func skipBlanks() {
            while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) { position += 1 }
        }

        mutating func value() -> JSONNode {
            skipBlanks()
            switch bytes[position] {
            case UInt8(ascii: "{"):
                var members: [Member] = []
                position += 1
                while true {
                    skipBlanks()
                    if bytes[position] == UInt8(ascii: "}") { break }
                    if bytes[position] == UInt8(ascii: ",") {
                        position += 1
                        continue
                    }
                    let name = string()
                    skipBlanks()
                    position += 1
                    members.append(Member(name: name, value: value()))
                }
                position += 1
                return .object(members)
            case UInt8(ascii: "["):
                var elements: [JSONNode] = []
                position += 1
                while true {
                    skipBlanks()
                    if bytes[position] == UInt8(ascii: "]") { break }
                    if bytes[position] == UInt8(ascii: ",") {
                        position += 1
                        continue
                    }
                    elements.append(value())
                }
                position += 1
                return .array(elements)
            case UInt8(ascii: "\""): return .string(string())
            default:
                let start = position
                while position < bytes.count, !",]} \n\r\t".utf8.contains(bytes[position]) { position += 1 }
                return .literal(String(decoding: bytes[start..<position], as: UTF8.self))
            }
        }

        mutating func string() -> String {
            position += 1
            var units: [UInt16] = []
            var plain: [UInt8] = []
            var text = ""
            func flushed(_ text: inout String, _ plain: inout [UInt8], _ units: inout [UInt16]) {
                text += String(decoding: plain, as: UTF8.self) + String(decoding: units, as: UTF16.self)
                plain.removeAll()
                units.removeAll()
            }
            while bytes[position] != UInt8(ascii: "\"") {
                let byte = bytes[position]
                position += 1
                guard byte == UInt8(ascii: "\\") else {
                    if !units.isEmpty { flushed(&text, &plain, &units) }
                    plain.append(byte)
                    continue
                }
                let escape = bytes[position]
                position += 1
                if escape == UInt8(ascii: "u") {
                    let digits = String(decoding: bytes[position..<position + 4], as: UTF8.self)
                    position += 4
                    // Surrogates come as two escapes: gathered, then decoded together.
                    if !plain.isEmpty { flushed(&text, &plain, &units) }
                    units.append(UInt16(digits, radix: 16) ?? 0xFFFD)
                    continue
                }
                if !units.isEmpty { flushed(&text, &plain, &units) }
                switch escape {
                case UInt8(ascii: "n"): plain.append(0x0A)
                case UInt8(ascii: "t"): plain.append(0x09)
                case UInt8(ascii: "r"): plain.append(0x0D)
                case UInt8(ascii: "b"): plain.append(0x08)
                case UInt8(ascii: "f"): plain.append(0x0C)
                default: plain.append(escape)
                }
            }
            position += 1
            flushed(&text, &plain, &units)
            return text
        }
    }
}
