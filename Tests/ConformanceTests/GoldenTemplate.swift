/// The text of a recorded key, value or header block, with placeholders where a value changes from run to run.
///
/// Everything between the placeholders has to be equal byte by byte: field order, number notation and escapes count.
/// `Golden/README.md` lists the placeholders. A placeholder alone in quotes stands for an unquoted number unless its
/// values are texts; inside a longer string, or in escaped quotes, it stands for the characters themselves.
struct GoldenTemplate: Sendable {
    /// What a placeholder's text consists of.
    enum Kind: Sendable {
        case digits, hexadecimal, uuid, text

        func accepts(_ byte: UInt8) -> Bool {
            switch self {
            case .digits: (0x30...0x39).contains(byte)
            case .hexadecimal: Self.isHexadecimal(byte)
            case .uuid: Self.isHexadecimal(byte) || byte == UInt8(ascii: "-")
            case .text: byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
            }
        }

        private static func isHexadecimal(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
        }
    }

    enum Part: Sendable {
        case literal([UInt8])
        /// `identity` is the whole placeholder where equal numbers stand for equal values (`lsn:3`), else nil.
        case variable(name: String, kind: Kind, identity: String?)
    }

    let parts: [Part]

    private static let kinds: [String: Kind] = [
        "ts_ms": .digits, "ts_us": .digits, "ts_ns": .digits, "lsn": .digits, "txId": .digits, "xmin": .digits,
        "origin_lsn": .digits, "timestamp": .digits, "uuid": .text, "runId": .uuid, "id": .uuid, "window": .uuid,
        "time": .text, "hash": .hexadecimal, "version": .text,
    ]

    /// - Parameter volatileUUIDs: whether a UUID in the text is a value of the run, as in the keys of notifications.
    init(_ text: [UInt8], volatileUUIDs: Bool = false) {
        var parts: [Part] = []
        var literal: [UInt8] = []
        var index = 0
        func flush() {
            if !literal.isEmpty { parts.append(.literal(literal)) }
            literal = []
        }
        while index < text.count {
            if text[index] == UInt8(ascii: "<"), let found = Self.placeholder(in: text, at: index),
                let kind = Self.kinds[found.name]
            {
                // Alone in unescaped quotes: a number stands in place of the quotes too.
                let isQuoted =
                    index > 0 && text[index - 1] == UInt8(ascii: "\"")
                    && (index < 2 || text[index - 2] != UInt8(ascii: "\\")) && found.end < text.count
                    && text[found.end] == UInt8(ascii: "\"")
                var end = found.end
                if isQuoted, case .digits = kind {
                    literal.removeLast()
                    end += 1
                }
                flush()
                parts.append(.variable(name: found.name, kind: kind, identity: found.identity))
                index = end
            } else if let end = Self.version(in: text, at: index) {
                literal += Array("\"version\":\"".utf8)
                flush()
                parts.append(.variable(name: "version", kind: .text, identity: nil))
                index = end
            } else if let end = Self.identityHash(in: text, at: index) {
                flush()
                parts.append(.variable(name: "hash", kind: .hexadecimal, identity: nil))
                index = end
            } else if volatileUUIDs, let end = Self.uuid(in: text, at: index) {
                flush()
                parts.append(.variable(name: "uuid", kind: .uuid, identity: nil))
                index = end
            } else {
                literal.append(text[index])
                index += 1
            }
        }
        flush()
        self.parts = parts
    }

    private static func placeholder(in text: [UInt8], at start: Int) -> (name: String, identity: String?, end: Int)? {
        guard let close = text[start...].prefix(24).firstIndex(of: UInt8(ascii: ">")) else { return nil }
        let words = String(decoding: text[(start + 1)..<close], as: UTF8.self)
            .split(separator: ":", omittingEmptySubsequences: false)
        guard words.count == 1 || (words.count == 2 && Int(words[1]) != nil) else { return nil }
        return (String(words[0]), words.count == 2 ? words.joined(separator: ":") : nil, close + 1)
    }

    /// The end of `"version":"3.6.3.Final` where it begins at `start`: the connector's version is our own.
    private static func version(in text: [UInt8], at start: Int) -> Int? {
        let recorded = Array("\"version\":\"3.6.3.Final".utf8)
        guard text[start...].starts(with: recorded) else { return nil }
        return start + recorded.count
    }

    /// The end of the hash of a Java array's name, `[Ljava.lang.String;@227c2b4c`: another one in each run.
    private static func identityHash(in text: [UInt8], at start: Int) -> Int? {
        guard start > 1, text[start - 1] == UInt8(ascii: "@"), text[start - 2] == UInt8(ascii: ";") else { return nil }
        let digits = text[start...].prefix { Kind.hexadecimal.accepts($0) }
        return digits.isEmpty ? nil : digits.endIndex
    }

    private static func uuid(in text: [UInt8], at start: Int) -> Int? {
        guard start + 36 <= text.count else { return nil }
        for (offset, byte) in text[start..<(start + 36)].enumerated() {
            let isDash = [8, 13, 18, 23].contains(offset)
            guard isDash == (byte == UInt8(ascii: "-")), Kind.uuid.accepts(byte) else { return nil }
        }
        return start + 36
    }

    /// The text with placeholders as they are recorded, for a report.
    var description: String {
        parts.map { part in
            switch part {
            case .literal(let bytes): String(decoding: bytes, as: UTF8.self)
            case .variable(let name, _, let identity): "<\(identity ?? name)>"
            }
        }.joined()
    }

    /// Compares `actual` with the template.
    /// - Parameter identities: which value each numbered placeholder stands for so far; equal numbers must stand for
    ///   equal values and different numbers for different ones, over all topics of a scenario.
    /// - Returns: nil when they agree, else what stands where they part.
    func mismatch(with actual: [UInt8], identities: inout GoldenIdentities) -> String? {
        var index = 0
        for part in parts {
            switch part {
            case .literal(let expected):
                var matched = 0
                while matched < expected.count, index + matched < actual.count,
                    expected[matched] == actual[index + matched]
                {
                    matched += 1
                }
                if matched < expected.count {
                    return report(actual, at: index + matched, expected: Array(expected[matched...]))
                }
                index += matched
            case .variable(let name, let kind, let identity):
                let start = index
                // A UUID ends after 36 characters, whatever follows it.
                let end = kind == .uuid ? min(actual.count, start + 36) : actual.count
                while index < end, kind.accepts(actual[index]) { index += 1 }
                if index == start { return report(actual, at: start, expected: Array("<\(identity ?? name)>".utf8)) }
                if let identity {
                    let value = String(decoding: actual[start..<index], as: UTF8.self)
                    if let conflict = identities.conflict(of: identity, with: value) {
                        return report(actual, at: start, expected: Array("<\(identity)>".utf8)) + "\n      " + conflict
                    }
                }
            }
        }
        return index == actual.count ? nil : report(actual, at: index, expected: Array("(the end)".utf8))
    }

    private func report(_ actual: [UInt8], at index: Int, expected: [UInt8]) -> String {
        let before = String(decoding: actual[max(0, index - 80)..<index], as: UTF8.self)
        let got = index < actual.count ? String(decoding: actual[index...].prefix(100), as: UTF8.self) : "(the end)"
        return """
            after …\(before)
                  expected: \(String(decoding: expected.prefix(100), as: UTF8.self))
                  got:      \(got)
            """
    }
}

/// Which value each numbered placeholder of a scenario stands for, one to one for each name.
struct GoldenIdentities {
    private var values: [String: String] = [:]
    private var placeholders: [String: String] = [:]

    /// Whether a difference says only that two positions which should be equal are not, or the reverse.
    static func isAboutPosition(_ difference: String) -> Bool {
        difference.hasSuffix(" before") && difference.contains("<lsn:")
    }

    /// Binds `placeholder` to `value` unless either is bound to something else, which it describes.
    mutating func conflict(of placeholder: String, with value: String) -> String? {
        let name = String(placeholder.prefix { $0 != ":" })
        if let bound = values[placeholder], bound != value { return "<\(placeholder)> was \(bound) before" }
        if let bound = placeholders["\(name) \(value)"], bound != placeholder {
            return "\(value) was <\(bound)> before"
        }
        values[placeholder] = value
        placeholders["\(name) \(value)"] = placeholder
        return nil
    }
}
