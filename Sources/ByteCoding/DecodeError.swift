/// Why bytes could not be read as the value asked for.
public enum DecodeError: Error, Equatable, Sendable {
    /// Fewer bytes were left than the value needs.
    case truncated(needed: Int, available: Int)
    /// The bytes are there and break a rule of the format; the text names the rule, never the data.
    case invalid(StaticStringBox)

    /// The usual way to make ``invalid(_:)``.
    public static func malformed(_ rule: StaticString) -> DecodeError { .invalid(StaticStringBox(rule)) }
}

/// A `StaticString` that can be compared, so that errors stay `Equatable` and allocate nothing.
public struct StaticStringBox: Equatable, Sendable, CustomStringConvertible {
    public let value: StaticString
    public init(_ value: StaticString) { self.value = value }
    public var description: String { value.description }
    public static func == (a: Self, b: Self) -> Bool { a.description == b.description }
}

extension DecodeError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .truncated(let needed, let available): "needed \(needed) bytes, \(available) left"
        case .invalid(let rule): rule.description
        }
    }
}
