/// One JSON object on a line, for scripts.
struct JSONLine {
    private var members: [JSONNode.Member] = []

    mutating func set(_ name: String, _ value: String?) {
        members.append(.init(name: name, value: value.map { .string($0) } ?? .literal("null")))
    }

    mutating func set(_ name: String, _ value: Int64?) {
        members.append(.init(name: name, value: .literal(value.map { "\($0)" } ?? "null")))
    }

    mutating func set(_ name: String, _ value: Bool) {
        members.append(.init(name: name, value: .literal(value ? "true" : "false")))
    }

    mutating func set(_ name: String, _ values: [JSONNode]) {
        members.append(.init(name: name, value: .array(values)))
    }

    var node: JSONNode { .object(members) }

    func printLine() { print(node.compact) }
}
