/// Reads JSON text (RFC 8259), with `/* */` and `//` comments where they are allowed, as Avro's own parser does.
struct JSONParser {
    /// Deeper nesting is refused before it can exhaust the stack.
    static let depthMax = 256

    private let bytes: [UInt8]
    private let allowsComments: Bool
    private var at = 0

    init(_ bytes: [UInt8], allowsComments: Bool) {
        self.bytes = bytes
        self.allowsComments = allowsComments
    }

    static func parse(_ bytes: [UInt8], allowsComments: Bool) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes, allowsComments: allowsComments)
        let value = try parser.value(depth: 0)
        try parser.skipSpace()
        guard parser.at == bytes.count else {
            throw JSONError("there is more after the end of the value", at: parser.at)
        }
        return value
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < Self.depthMax else { throw JSONError("it nests deeper than \(Self.depthMax) levels", at: at) }
        try skipSpace()
        guard at < bytes.count else { throw JSONError("it ends where a value should stand", at: at) }
        switch bytes[at] {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONObject {
        var object = JSONObject()
        at += 1
        try skipSpace()
        if take("}") { return object }
        while true {
            try skipSpace()
            guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
                throw JSONError("a member's name in double quotes is missing", at: at)
            }
            let key = try string()
            try skipSpace()
            guard take(":") else { throw JSONError("a colon is missing", at: at) }
            object[key] = try value(depth: depth + 1)
            try skipSpace()
            if take("}") { return object }
            guard take(",") else { throw JSONError("a comma or a closing brace is missing", at: at) }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> [JSONValue] {
        var items: [JSONValue] = []
        at += 1
        try skipSpace()
        if take("]") { return items }
        while true {
            items.append(try value(depth: depth + 1))
            try skipSpace()
            if take("]") { return items }
            guard take(",") else { throw JSONError("a comma or a closing bracket is missing", at: at) }
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
        at += 1
        return true
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let expected = Array(word.description.utf8)
        guard bytes.count - at >= expected.count, bytes[at..<at + expected.count].elementsEqual(expected) else {
            throw JSONError("an unknown word", at: at)
        }
        at += expected.count
        return value
    }

    private mutating func number() throws(JSONError) -> String {
        let start = at
        func isDigit(_ at: Int) -> Bool { at < bytes.count && bytes[at] >= 0x30 && bytes[at] <= 0x39 }
        _ = take("-")
        guard isDigit(at) else { throw JSONError("an unexpected character", at: at) }
        if take("0") {
            if isDigit(at) { throw JSONError("a number with a leading zero", at: at) }
        } else {
            while isDigit(at) { at += 1 }
        }
        if take(".") {
            guard isDigit(at) else { throw JSONError("a number without digits after its point", at: at) }
            while isDigit(at) { at += 1 }
        }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            guard isDigit(at) else { throw JSONError("a number without digits in its exponent", at: at) }
            while isDigit(at) { at += 1 }
        }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func string() throws(JSONError) -> String {
        at += 1
        var text: [UInt8] = []
        var start = at
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                text += bytes[start..<at]
                at += 1
                guard let valid = String(validating: text, as: UTF8.self) else {
                    throw JSONError("a string that is not UTF-8", at: start)
                }
                return valid
            }
            guard byte >= 0x20 else { throw JSONError("a control character inside a string", at: at) }
            guard byte == UInt8(ascii: "\\") else {
                at += 1
                continue
            }
            text += bytes[start..<at]
            at += 1
            try escape(into: &text)
            start = at
        }
        throw JSONError("a string without its closing quote", at: at)
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        guard at < bytes.count else { throw JSONError("a string without its closing quote", at: at) }
        let byte = bytes[at]
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"):
            var code = UInt32(try hexUnit())
            if code & 0xFC00 == 0xD800, at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
                bytes[at + 1] == UInt8(ascii: "u")
            {
                let place = at
                at += 2
                let low = UInt32(try hexUnit())
                if low & 0xFC00 == 0xDC00 {
                    code = 0x10000 + (code & 0x3FF) << 10 + (low & 0x3FF)
                } else {
                    at = place
                }
            }
            // A lone surrogate has no UTF-8; Java would write a question mark for it.
            text += Array(String(Unicode.Scalar(code).map(Character.init) ?? "?").utf8)
        default: throw JSONError("an unknown escape in a string", at: at - 1)
        }
    }

    private mutating func hexUnit() throws(JSONError) -> UInt16 {
        guard bytes.count - at >= 4, let unit = UInt16(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
        else { throw JSONError("a \\u escape without four hexadecimal digits", at: at) }
        at += 4
        return unit
    }

    private mutating func skipSpace() throws(JSONError) {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            case UInt8(ascii: "/") where allowsComments: try skipComment()
            default: return
            }
        }
    }

    private mutating func skipComment() throws(JSONError) {
        guard at + 1 < bytes.count else { throw JSONError("an unexpected character", at: at) }
        if bytes[at + 1] == UInt8(ascii: "/") {
            while at < bytes.count, bytes[at] != 0x0A { at += 1 }
        } else if bytes[at + 1] == UInt8(ascii: "*") {
            at += 2
            while at + 1 < bytes.count, !(bytes[at] == UInt8(ascii: "*") && bytes[at + 1] == UInt8(ascii: "/")) {
                at += 1
            }
            guard at + 1 < bytes.count else { throw JSONError("a comment without its end", at: at) }
            at += 2
        } else {
            throw JSONError("an unexpected character", at: at)
        }
    }
}
