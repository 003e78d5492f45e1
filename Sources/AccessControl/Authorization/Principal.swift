/// Who a connection speaks for, as ACLs name it: `User:alice`.
public struct Principal: Hashable, Sendable, CustomStringConvertible {
    /// A connection that has not proven to be anyone.
    public static let anonymous = Principal(name: "ANONYMOUS")

    /// `User` for everyone whom Kafka's own mechanisms authenticate.
    public let type: String
    public let name: String

    public init(type: String = "User", name: String) {
        self.type = type
        self.name = name
    }

    /// Reads `type:name`; nil where either is missing.
    public init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let type = String(text[..<colon])
        let name = String(text[text.index(after: colon)...])
        guard !type.isEmpty, !name.isEmpty else { return nil }
        self.init(type: type, name: name)
    }

    public var description: String { "\(type):\(name)" }
}
