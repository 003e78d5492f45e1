/// A column default, as `pg_get_expr` prints it, read the way Debezium reads it: literals become values, function calls
/// a placeholder of the type, and what it cannot read no default at all.
enum DefaultExpression {
    /// The default in the form in which PostgreSQL prints a value of the type, or nil.
    static func text(of expression: String, type: String, isEnum: Bool) -> String? {
        if isEnum { return enumLabel(in: expression, type: type) }
        let trimmed = trimmedTypes.contains(type) ? trim(expression) : expression
        let isNull = trimmed.hasPrefix("NULL::")
        switch type {
        case "bit": return literal(in: trimmed, placeholder: "00")
        case "varbit": return literal(in: trimmed, placeholder: "0")
        case "bool":
            if isNull { return nil }
            return literal(in: trimmed, placeholder: "false")?.lowercased() == "true" ? "t" : "f"
        case "bpchar", "varchar", "text", "xml": return literal(in: trimmed, placeholder: "")
        case "json", "jsonb": return literal(in: trimmed, placeholder: "{}")
        case "numeric", "float4", "float8": return isNull ? nil : literal(in: trimmed, placeholder: "0.0")
        case "int2": return isNull ? nil : integer(in: trimmed, Int16.self)
        case "int4": return isNull ? nil : integer(in: trimmed, Int32.self)
        case "int8": return isNull ? nil : integer(in: trimmed, Int64.self)
        case "uuid":
            guard let text = literal(in: trimmed, placeholder: "00000000-0000-0000-0000-000000000000"),
                text.utf8.count == 36
            else { return nil }
            return text.lowercased()
        case "date": return literal(in: trimmed, placeholder: "1970-01-01")
        case "time":
            // 24:00:00 is the last moment of a day to the driver.
            let text = literal(in: trimmed, placeholder: "00:00:00")
            return text == "24:00:00" ? "23:59:59.999999" : text
        case "timestamp": return literal(in: trimmed, placeholder: "1970-01-01 00:00:00")
        case "timestamptz": return literal(in: trimmed, placeholder: "1970-01-01 00:00:00+00")
        case "interval": return literal(in: trimmed, placeholder: "00:00:00")
        default: return nil
        }
    }

    private static let trimmedTypes: Set<String> = [
        "bit", "varbit", "bool", "numeric", "float4", "float8", "int2", "int4", "int8", "uuid", "date", "time",
        "timestamp", "timestamptz", "interval",
    ]
    private static let currentTimes: Set<String> = [
        "current_timestamp", "current_time", "current_date", "localtime", "localtimestamp",
    ]

    private static func trim(_ text: String) -> String {
        var bytes = Substring(text)
        while let first = bytes.unicodeScalars.first, first.value <= 0x20 { bytes.unicodeScalars.removeFirst() }
        while let last = bytes.unicodeScalars.last, last.value <= 0x20 { bytes.unicodeScalars.removeLast() }
        return String(bytes)
    }

    private static func integer<Value: FixedWidthInteger>(in expression: String, _: Value.Type) -> String? {
        literal(in: expression, placeholder: "0").flatMap { Value($0) }.map { String($0) }
    }

    private static func literal(in expression: String, placeholder: String) -> String? {
        if isFunctionCall(expression) || currentTimes.contains(expression.lowercased()) { return placeholder }
        guard expression.contains("'") else { return expression.hasPrefix("NULL::") ? nil : expression }
        return quoted(in: expression)
    }

    /// The content of the first quoted literal, doubled quotes made single.
    private static func quoted(in expression: String) -> String? {
        var bytes: [UInt8] = []
        var isInside = false
        let source = Array(expression.utf8)
        var index = 0
        while index < source.count {
            let byte = source[index]
            index += 1
            guard byte == UInt8(ascii: "'") else {
                if isInside { bytes.append(byte) }
                continue
            }
            if !isInside {
                isInside = true
            } else if index < source.count, source[index] == UInt8(ascii: "'") {
                bytes.append(byte)
                index += 1
            } else {
                return String(decoding: bytes, as: UTF8.self)
            }
        }
        return nil
    }

    /// An optional opening parenthesis, a name, and a pair of parentheses on one line: what Debezium takes for a call.
    private static func isFunctionCall(_ expression: String) -> Bool {
        let bytes = Array(expression.utf8)
        var index = bytes.first == UInt8(ascii: "(") ? 1 : 0
        let nameStart = index
        while index < bytes.count, isNameByte(bytes[index]) { index += 1 }
        guard index > nameStart, index < bytes.count, bytes[index] == UInt8(ascii: "(") else { return false }
        for byte in bytes[(index + 1)...] {
            if byte == UInt8(ascii: ")") { return true }
            if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { return false }
        }
        return false
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// `'label'::type`, with or without the type's schema; a quote within the label stays doubled, as in Debezium.
    private static func enumLabel(in expression: String, type: String) -> String? {
        let bytes = Array(expression.utf8)
        guard let cast = lastCast(in: bytes) else { return nil }
        let suffix = bytes[(cast + 2)...].filter { $0 != UInt8(ascii: "\"") }
        let name = suffix.lastIndex(of: UInt8(ascii: ".")).map { suffix[($0 + 1)...] } ?? suffix[...]
        guard name.elementsEqual(type.utf8) else { return nil }
        let quoted = bytes[..<cast]
        guard quoted.count >= 2, quoted.first == UInt8(ascii: "'"), quoted.last == UInt8(ascii: "'") else { return nil }
        return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
    }

    private static func lastCast(in bytes: [UInt8]) -> Int? {
        guard bytes.count >= 2 else { return nil }
        return (0..<bytes.count - 1).last { bytes[$0] == UInt8(ascii: ":") && bytes[$0 + 1] == UInt8(ascii: ":") }
    }
}
