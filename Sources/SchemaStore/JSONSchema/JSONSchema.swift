public import Avro

/// A JSON Schema (drafts 4 to 2020-12) in the shape in which compatibility is judged: each object of keywords is one
/// type, or several that must all hold. Types name each other by index, so that recursion needs no references.
public struct JSONSchema: Sendable {
    typealias Index = Int

    enum Criterion: String, Sendable { case allOf, anyOf, oneOf }

    struct Bounds: Sendable, Equatable {
        var values: [String: Double] = [:]
    }

    struct ObjectType: Sendable {
        var properties: [String: Index] = [:]
        var required: Set<String> = []
        var patterns: [(pattern: String, type: Index)] = []
        /// nil where it is absent or true.
        var additional: Index?
        var permitsAdditional = true
        var unevaluated: Index?
        var dependencies: [String: Set<String>] = [:]
        var schemaDependencies: [String: Index] = [:]
        var bounds = Bounds()
    }

    struct ArrayType: Sendable {
        /// What every item must be; nil where nothing is said or where ``tuple`` is.
        var items: Index?
        var tuple: [Index]?
        var additional: Index?
        var permitsAdditional = true
        var unevaluated: Index?
        var isUnique = false
        var bounds = Bounds()
    }

    enum Kind: Sendable {
        /// Takes anything: `true` or an object without keywords.
        case empty
        /// Takes nothing: `false`.
        case never
        case null, boolean, conditional
        case string(pattern: String?, Bounds)
        case number(isInteger: Bool, Bounds)
        case constant(JSONValue)
        case enumeration([JSONValue])
        case combined(Criterion, [Index])
        case not(Index)
        case object(ObjectType)
        case array(ArrayType)
        /// A `$ref`, with what it refers to.
        case reference(Index)
    }

    struct Node: Sendable {
        var kind: Kind
        var hasDefault = false
        /// `connect.type`, by which Connect's converters tell bytes from text.
        var connectType: String?
    }

    /// The document, which is stored and answered.
    public let document: JSONValue
    var nodes: [Node]
    var root: Index

    /// The node behind any references.
    func resolved(_ index: Index) -> Index {
        var index = index
        var hopCount = 0
        while case .reference(let target) = nodes[index].kind, hopCount < 100 {
            index = target
            hopCount += 1
        }
        return index
    }

    /// The document with an object's members in the order of their names.
    public func normalized() -> JSONSchema {
        JSONSchema(document: Self.sorted(document), nodes: nodes, root: root)
    }

    private static func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let items): return .array(items.map(sorted))
        case .object(let members):
            var object = JSONObject()
            for key in members.keys.sorted() { object[key] = members[key].map(sorted) }
            return .object(object)
        default: return value
        }
    }
}
