internal import Foundation

/// `ssl.principal.mapping.rules`: how a client certificate's distinguished name (RFC 2253, `CN=…,OU=…`) becomes a user.
///
/// Rules stand in order, with commas between; the first that matches decides. `DEFAULT` takes the whole name;
/// `RULE:pattern/replacement/` with an optional `L` or `U` behind it replaces by a regular expression that matches the
/// whole name, `$1` being its groups, and turns the result to lower or upper case.
public struct PrincipalMapping: Sendable {
    private enum Rule: Sendable {
        case wholeName
        case replacement(pattern: NSRegularExpression, template: String, letters: Letters)
    }

    private enum Letters: Sendable { case kept, lower, upper }

    private let rules: [Rule]

    /// - Throws: ``AccessError`` that names the setting, where the rules cannot be read.
    public init(_ text: String = "DEFAULT") throws(AccessError) {
        var rules: [Rule] = []
        var rest = text.drop { $0.isWhitespace }
        while !rest.isEmpty {
            if rest.hasPrefix("DEFAULT") {
                rules.append(.wholeName)
                rest = rest.dropFirst("DEFAULT".count)
            } else if rest.hasPrefix("RULE:") {
                rest = rest.dropFirst("RULE:".count)
                let pattern = try Self.part(&rest, of: text)
                let template = try Self.part(&rest, of: text)
                var letters = Letters.kept
                if let mark = rest.first, mark == "L" || mark == "U" {
                    letters = mark == "L" ? .lower : .upper
                    rest = rest.dropFirst()
                }
                guard let expression = try? NSRegularExpression(pattern: pattern) else {
                    throw Self.invalid("the pattern '\(pattern)' is not a regular expression")
                }
                rules.append(.replacement(pattern: expression, template: template, letters: letters))
            } else {
                throw Self.invalid("'\(rest)' is neither DEFAULT nor RULE:pattern/replacement/")
            }
            rest = rest.drop { $0.isWhitespace }
            guard !rest.isEmpty else { break }
            guard rest.first == "," else { throw Self.invalid("a comma is missing before '\(rest)'") }
            rest = rest.dropFirst().drop { $0.isWhitespace }
        }
        self.rules = rules.isEmpty ? [.wholeName] : rules
    }

    /// The text up to the next slash that no backslash precedes; the slash is consumed.
    private static func part(_ rest: inout Substring, of text: String) throws(AccessError) -> String {
        var result = ""
        while let character = rest.popFirst() {
            if character == "/" { return result }
            if character == "\\", rest.first == "/" {
                result.append(rest.removeFirst())
            } else {
                result.append(character)
            }
        }
        throw invalid("a rule lacks the slash that ends its pattern or its replacement")
    }

    private static func invalid(_ problem: String) -> AccessError {
        AccessError(setting: "ssl.principal.mapping.rules", problem: problem)
    }

    /// The user of a certificate; nil where no rule matches, and the connection is nobody's.
    public func user(ofDistinguishedName name: String) -> String? {
        let whole = NSRange(name.startIndex..., in: name)
        for rule in rules {
            switch rule {
            case .wholeName:
                return name
            case .replacement(let pattern, let template, let letters):
                guard let match = pattern.firstMatch(in: name, options: .anchored, range: whole), match.range == whole
                else { continue }
                let result = pattern.replacementString(for: match, in: name, offset: 0, template: template)
                switch letters {
                case .kept: return result
                case .lower: return result.lowercased()
                case .upper: return result.uppercased()
                }
            }
        }
        return nil
    }
}
