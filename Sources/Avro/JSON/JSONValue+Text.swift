public import ByteCoding

extension JSONValue {
    /// Reads a JSON text.
    /// - Parameter allowsComments: whether `/* */` and `//` comments count as space.
    public init(parsing text: String, allowsComments: Bool = false) throws(JSONError) {
        self = try JSONParser.parse(Array(text.utf8), allowsComments: allowsComments)
    }

    /// Reads a JSON text in UTF-8.
    public init(parsing bytes: [UInt8]) throws(JSONError) {
        self = try JSONParser.parse(bytes, allowsComments: false)
    }

    /// The compact text, escaped as Jackson escapes.
    public var description: String {
        var text: [UInt8] = []
        write(into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    /// The text with one member or item a line, indented by two spaces.
    public var indentedText: String {
        var text: [UInt8] = []
        write(into: &text, indentation: 0)
        return String(decoding: text, as: UTF8.self)
    }

    /// Appends the compact text.
    public func write(to buffer: inout ByteBuffer) {
        var text: [UInt8] = []
        write(into: &text)
        buffer.append(text)
    }

    /// Appends `text` as a JSON string with its quotes.
    static func write(_ text: String, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C: output += [UInt8(ascii: "\\"), byte]
            case 0x08: output += Array("\\b".utf8)
            case 0x09: output += Array("\\t".utf8)
            case 0x0A: output += Array("\\n".utf8)
            case 0x0C: output += Array("\\f".utf8)
            case 0x0D: output += Array("\\r".utf8)
            case 0..<0x20:
                output += Array("\\u00".utf8)
                output += [upperHexDigit(byte >> 4), upperHexDigit(byte & 15)]
            default: output.append(byte)
            }
        }
        output.append(UInt8(ascii: "\""))
    }

    func write(into output: inout [UInt8], indentation: Int? = nil) {
        func newLine(_ output: inout [UInt8], _ extra: Int) {
            guard let indentation else { return }
            output.append(0x0A)
            output += [UInt8](repeating: 0x20, count: (indentation + extra) * 2)
        }
        switch self {
        case .null: output += Array("null".utf8)
        case .bool(let value): output += Array((value ? "true" : "false").utf8)
        case .number(let text): output += Array(text.utf8)
        case .string(let text): Self.write(text, into: &output)
        case .array(let items):
            output.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                newLine(&output, 1)
                item.write(into: &output, indentation: indentation.map { $0 + 1 })
            }
            if !items.isEmpty { newLine(&output, 0) }
            output.append(UInt8(ascii: "]"))
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                newLine(&output, 1)
                Self.write(member.key, into: &output)
                output.append(UInt8(ascii: ":"))
                if indentation != nil { output.append(0x20) }
                member.value.write(into: &output, indentation: indentation.map { $0 + 1 })
            }
            if !members.isEmpty { newLine(&output, 0) }
            output.append(UInt8(ascii: "}"))
        }
    }
}

extension JSONValue: CustomStringConvertible {}
