/// A setting of the broker, by Kafka's name: the one source for reading it, for suggestions and for DescribeConfigs.
public struct BrokerSetting: Sendable {
    /// What values are acceptable.
    public enum Kind: Sendable {
        case boolean
        case text
        /// One of these, whatever the case.
        case choice([String])
        /// Any of these, with commas between them.
        case choices([String])
        case list
        case int(ClosedRange<Int64>)
        case long(ClosedRange<Int64>)
        case double(ClosedRange<Double>)
        case password
    }

    public let name: String
    public let kind: Kind
    /// nil where the setting has none.
    public let defaultValue: String?
    public let summary: String
    /// Whether it may be changed while the broker runs.
    public let isDynamic: Bool

    init(_ name: String, _ kind: Kind, _ defaultValue: String?, dynamic: Bool = false, _ summary: String) {
        self.name = name
        self.kind = kind
        self.defaultValue = defaultValue
        self.isDynamic = dynamic
        self.summary = summary
    }

    /// Secrets are never shown.
    public var isSensitive: Bool { if case .password = kind { true } else { false } }

    /// What would have been acceptable, or nil where `value` is.
    func problem(with value: String) -> String? {
        switch kind {
        case .boolean: return ["true", "false"].contains(value.lowercased()) ? nil : "true or false"
        case .text, .list, .password: return nil
        case .choice(let choices):
            return choices.contains { $0.lowercased() == value.lowercased() }
                ? nil : choices.joined(separator: ", ")
        case .choices(let choices):
            let given = value.split(separator: ",").map { $0.trimmingSpaces }
            return given.allSatisfy { one in choices.contains { $0.lowercased() == one.lowercased() } }
                ? nil : "any of " + choices.joined(separator: ", ")
        case .int(let range), .long(let range):
            if let number = Int64(value), range.contains(number) { return nil }
            return "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .double(let range):
            if let number = Double(value), range.contains(number) { return nil }
            return "a number from \(range.lowerBound) to \(range.upperBound)"
        }
    }
}

extension StringProtocol {
    /// Without spaces and tabs at its ends.
    var trimmingSpaces: String {
        var text = Substring(self)
        while let first = text.first, first == " " || first == "\t" || first == "\n" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" || last == "\n" { text.removeLast() }
        return String(text)
    }
}
