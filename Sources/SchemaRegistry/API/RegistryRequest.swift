public import Avro

/// A request to the registry without its transport.
public struct RegistryRequest: Sendable {
    public enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    public let method: Method
    /// The parts of the path, percent-decoded.
    public let path: [String]
    private let query: [(name: String, value: String)]
    public let body: JSONValue?
    /// Whether the client said that it reads over members it does not know; older ones stop at them.
    public let acceptsUnknownMembers: Bool

    /// - Parameter target: path and query as they stand in the request line.
    /// - Returns: nil for a percent escape that is none.
    public init?(method: Method, target: String, body: JSONValue? = nil, acceptsUnknownMembers: Bool = false) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var path: [String] = []
        for part in parts[0].split(separator: "/") {
            guard let decoded = Self.decode(part, plusIsSpace: false) else { return nil }
            path.append(decoded)
        }
        var query: [(name: String, value: String)] = []
        for pair in parts.count > 1 ? parts[1].split(separator: "&") : [] {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decode(sides[0], plusIsSpace: true),
                let value = Self.decode(sides.count > 1 ? sides[1] : "", plusIsSpace: true)
            else { return nil }
            query.append((name, value))
        }
        self.method = method
        self.path = path
        self.query = query
        self.body = body
        self.acceptsUnknownMembers = acceptsUnknownMembers
    }

    private init(_ other: RegistryRequest, path: [String], query: [(name: String, value: String)]) {
        method = other.method
        self.path = path
        self.query = query
        body = other.body
        acceptsUnknownMembers = other.acceptsUnknownMembers
    }

    /// The same request to another path; the parameter takes the place of one of its name.
    func with(path: [String], adding parameter: (name: String, value: String)?) -> RegistryRequest {
        let kept = query.filter { $0.name != parameter?.name }
        return RegistryRequest(self, path: path, query: kept + (parameter.map { [$0] } ?? []))
    }

    func text(_ name: String) -> String? { query.first { $0.name == name }?.value }
    func texts(_ name: String) -> [String] { query.filter { $0.name == name }.map(\.value) }
    func flag(_ name: String) -> Bool { text(name)?.lowercased() == "true" }
    func number(_ name: String) -> Int? { text(name).flatMap { Int($0) } }

    /// The part of a listing that `offset` and `limit` ask for.
    func page<Item>(_ items: [Item]) -> [Item] {
        let rest = items.dropFirst(max(0, number("offset") ?? 0))
        guard let limit = number("limit"), limit >= 0 else { return Array(rest) }
        return Array(rest.prefix(limit))
    }

    private static func decode(_ text: Substring, plusIsSpace: Bool) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
                else {
                    return nil
                }
                rest = rest.dropFirst(2)
                bytes.append(value)
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
