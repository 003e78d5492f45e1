/// Java's `.properties` notation: `name=value` lines with `\` escapes, `#` and `!` comments, continued lines.
public enum JavaProperties {
    /// Reads all properties; the last of equal names wins, as in Java.
    public static func parse(_ text: String) -> [String: String] {
        var result: [String: String] = [:]
        var pending = ""
        // A carriage return and a line feed together are one Character.
        let isLineEnd = { (character: Character) in ["\n", "\r\n", "\r"].contains(character) }
        for raw in text.split(omittingEmptySubsequences: false, whereSeparator: isLineEnd) {
            let line = raw.drop { $0 == " " || $0 == "\t" || $0 == "\u{c}" }
            if pending.isEmpty, line.isEmpty || line.first == "#" || line.first == "!" { continue }
            let backslashes = line.reversed().prefix { $0 == "\\" }.count
            if backslashes % 2 == 1 {
                pending += line.dropLast()
                continue
            }
            let (name, value) = split(pending + line)
            pending = ""
            if !name.isEmpty { result[name] = value }
        }
        if !pending.isEmpty {
            let (name, value) = split(pending)
            if !name.isEmpty { result[name] = value }
        }
        return result
    }

    private static func split(_ line: String) -> (name: String, value: String) {
        var name = ""
        var rest = line[...]
        while let character = rest.first {
            if character == "\\" {
                name += unescape(&rest)
            } else if character == "=" || character == ":" || character == " " || character == "\t" {
                break
            } else {
                name.append(character)
                rest.removeFirst()
            }
        }
        rest = rest.drop { $0 == " " || $0 == "\t" }
        if rest.first == "=" || rest.first == ":" { rest.removeFirst() }
        rest = rest.drop { $0 == " " || $0 == "\t" }
        var value = ""
        while let character = rest.first {
            if character == "\\" {
                value += unescape(&rest)
            } else {
                value.append(character)
                rest.removeFirst()
            }
        }
        return (name, value)
    }

    private static func unescape(_ rest: inout Substring) -> String {
        rest.removeFirst()
        guard let character = rest.popFirst() else { return "" }
        switch character {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "f": return "\u{c}"
        case "u":
            guard let code = UInt32(rest.prefix(4), radix: 16), rest.count >= 4, let scalar = Unicode.Scalar(code)
            else {
                return "u"
            }
            rest = rest.dropFirst(4)
            return String(Character(scalar))
        default: return String(character)
        }
    }
}
