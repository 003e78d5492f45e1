import Foundation

/// A list of regular expressions in Debezium's notation: separated by commas (`\,` is a comma within an expression),
/// each matched against the whole name without regard to case.
///
/// The expressions are Java's; the engine here is ICU's, whose notation differs in corners only that names do not reach.
struct NameExpressions: Sendable {
    private let expressions: [NSRegularExpression]

    /// - Throws: ``InvalidExpression`` naming the first expression that does not compile.
    init(_ list: String) throws(InvalidExpression) {
        var compiled: [NSRegularExpression] = []
        for text in Self.split(list) { compiled.append(try Self.compile(text)) }
        expressions = compiled
    }

    static func compile(_ text: String) throws(InvalidExpression) -> NSRegularExpression {
        // Compiled alone first: `a)|(b` must not become valid by the brackets around it.
        guard (try? NSRegularExpression(pattern: text)) != nil,
            let whole = try? NSRegularExpression(pattern: "\\A(?:\(text))\\z", options: [.caseInsensitive])
        else { throw InvalidExpression(text: text) }
        return whole
    }

    struct InvalidExpression: Error { let text: String }

    var isEmpty: Bool { expressions.isEmpty }

    func matches(_ name: String) -> Bool {
        let range = NSRange(name.startIndex..., in: name)
        return expressions.contains { $0.firstMatch(in: name, range: range) != nil }
    }

    /// The place of the first expression that matches, or nil.
    func firstMatch(_ name: String) -> Int? {
        let range = NSRange(name.startIndex..., in: name)
        return expressions.firstIndex { $0.firstMatch(in: name, range: range) != nil }
    }

    /// Splits at commas that no backslash precedes; trims; drops empty parts.
    static func split(_ list: String) -> [String] {
        var parts: [String] = []
        var current = ""
        var isEscaped = false
        for character in list {
            if isEscaped {
                current.append(character == "," ? "," : "\\\(character)")
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "," {
                parts.append(current)
                current = ""
            } else {
                current.append(character)
            }
        }
        if isEscaped { current.append("\\") }
        parts.append(current)
        return parts.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.filter { !$0.isEmpty }
    }
}
