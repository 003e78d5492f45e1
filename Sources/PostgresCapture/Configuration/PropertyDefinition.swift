/// One property a connector may be configured with: the single source for parsing, suggestions, the reference in the
/// documentation and the comments that `tailrace init` writes.
public struct PropertyDefinition: Sendable {
    public enum Kind: Sendable, Equatable {
        case string
        /// A value that is never shown.
        case password
        case boolean
        case integer(ClosedRange<Int>)
        case milliseconds
        /// One of these, whatever the case.
        case choice([String])
        /// Comma-separated values, each one of these.
        case choices([String])
        /// Comma-separated values.
        case list
        /// Comma-separated regular expressions, matched whole and without regard to case.
        case expressions
    }

    public enum Support: Sendable, Equatable {
        case supported
        /// Accepted and reported as having no effect here, with the reason: what it tunes does not exist in Tailrace,
        /// and no event differs.
        case noEffect(String)
        /// Only the listed values are accepted; the reason says why.
        case only([String], String)
        /// Refused, with the reason.
        case refused(String)
    }

    public enum Group: String, Sendable, CaseIterable {
        case connector = "Connector"
        case connection = "Connection"
        case slot = "Slot and publication"
        case filters = "What is captured"
        case snapshot = "Snapshots"
        case signals = "Signals, notifications and heartbeats"
        case events = "Events"
        case converters = "Converters"
        case topics = "Topics"
        case runtime = "Runtime"
    }

    /// The property's name; in a family of properties, placeholders stand in `<…>`.
    public let name: String
    public let group: Group
    public let kind: Kind
    /// The default as it would be written; nil when there is none.
    public let defaultValue: String?
    public let isRequired: Bool
    public let support: Support
    /// One sentence.
    public let summary: String

    init(
        _ name: String, _ group: Group, _ kind: Kind, default defaultValue: String? = nil, required: Bool = false,
        _ support: Support, _ summary: String
    ) {
        self.name = name
        self.group = group
        self.kind = kind
        self.defaultValue = defaultValue
        self.isRequired = required
        self.support = support
        self.summary = summary
    }

    init(
        _ name: String, _ group: Group, _ kind: Kind, default defaultValue: String? = nil, required: Bool = false,
        _ summary: String
    ) {
        self.init(name, group, kind, default: defaultValue, required: required, .supported, summary)
    }

    init(
        _ name: String, _ group: Group, default defaultValue: String? = nil, required: Bool = false,
        _ support: Support, _ summary: String
    ) {
        self.init(name, group, .string, default: defaultValue, required: required, support, summary)
    }

    init(
        _ name: String, _ group: Group, default defaultValue: String? = nil, required: Bool = false, _ summary: String
    ) {
        self.init(name, group, .string, default: defaultValue, required: required, .supported, summary)
    }

    /// True for a family of properties.
    public var isFamily: Bool { name.contains("<") }

    /// True when `property` is this one or belongs to this family: a placeholder stands for one or more characters,
    /// `<name>` for characters without a dot.
    public func matches(_ property: String) -> Bool {
        guard isFamily else { return property == name }
        return Self.match(name[...], property[...])
    }

    private static func match(_ pattern: Substring, _ text: Substring) -> Bool {
        guard let open = pattern.firstIndex(of: "<"), let close = pattern[open...].firstIndex(of: ">") else {
            return pattern == text
        }
        guard text.hasPrefix(pattern[..<open]) else { return false }
        let stopsAtDot = pattern[open...close] == "<name>"
        let rest = pattern[pattern.index(after: close)...]
        let value = text.dropFirst(pattern.distance(from: pattern.startIndex, to: open))
        guard !value.isEmpty else { return false }
        for end in value.indices.dropFirst() {
            if stopsAtDot, value[value.index(before: end)] == "." { return false }
            if match(rest, value[end...]) { return true }
        }
        if stopsAtDot, value.last == "." { return false }
        return match(rest, value[value.endIndex...])
    }
}
