internal import Avro

/// Reads the keywords of a JSON Schema.
struct JSONSchemaParser {
    private struct Place: Hashable {
        let document: String
        let pointer: String
    }

    private static let kinds: Set<String> = ["string", "number", "integer", "boolean", "null", "object", "array"]
    private static let objectKeywords: Set<String> = [
        "properties", "required", "minProperties", "maxProperties", "dependencies", "patternProperties",
        "additionalProperties", "propertyNames", "dependentRequired", "dependentSchemas", "unevaluatedProperties",
    ]
    private static let arrayKeywords: Set<String> = [
        "items", "additionalItems", "minItems", "maxItems", "uniqueItems", "contains", "prefixItems",
        "unevaluatedItems",
    ]
    private static let stringKeywords: Set<String> = ["minLength", "maxLength", "pattern", "format"]
    private static let numberKeywords: Set<String> = [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    ]
    private static let depthMax = 200

    private let documents: [String: JSONValue]
    private var nodes: [JSONSchema.Node] = []
    private var known: [Place: Int] = [:]

    /// - Parameter references: the texts that `$ref` may name, by the names they are registered under.
    static func parse(_ text: String, references: [(name: String, text: String)]) throws(SchemaError) -> JSONSchema {
        let document = try json(text)
        guard document.object != nil || document.bool != nil else {
            throw SchemaError("a JSON Schema is an object or a boolean")
        }
        var documents = ["": document]
        for reference in references {
            let referred = try json(reference.text)
            documents[reference.name] = referred
            if let id = referred["$id"]?.text ?? referred["id"]?.text { documents[withoutFragment(id)] = referred }
        }
        if let id = document["$id"]?.text ?? document["id"]?.text { documents[withoutFragment(id)] = document }
        var parser = JSONSchemaParser(documents: documents)
        // Known before it is read: it may refer to itself.
        let root = parser.add(.empty)
        parser.known[Place(document: "", pointer: "")] = root
        parser.nodes[root].kind = .reference(try parser.node(document, in: "", depth: 0))
        return JSONSchema(document: document, nodes: parser.nodes, root: root)
    }

    private init(documents: [String: JSONValue]) { self.documents = documents }

    private static func json(_ text: String) throws(SchemaError) -> JSONValue {
        do throws(JSONError) { return try JSONValue(parsing: text) } catch { throw SchemaError(error.description) }
    }

    private static func withoutFragment(_ uri: String) -> String {
        uri.split(separator: "#", omittingEmptySubsequences: false).first.map(String.init) ?? uri
    }

    private mutating func add(_ kind: JSONSchema.Kind) -> Int {
        nodes.append(JSONSchema.Node(kind: kind))
        return nodes.count - 1
    }

    private mutating func node(_ value: JSONValue, in document: String, depth: Int) throws(SchemaError) -> Int {
        guard depth < Self.depthMax else { throw SchemaError("the schema nests deeper than \(Self.depthMax) levels") }
        if let bool = value.bool { return add(bool ? .empty : .never) }
        guard let object = value.object else { throw SchemaError("a schema must be an object or a boolean: \(value)") }
        var kinds: [JSONSchema.Kind] = []
        if let reference = object["$ref"]?.text {
            kinds.append(.reference(try target(of: reference, in: document, depth: depth)))
        }
        // Before draft 2019-09 what stands beside a reference says nothing.
        let isAlone = !kinds.isEmpty && !(documents[document]?["$schema"]?.text ?? "").contains("/draft/20")
        if !isAlone { kinds += try self.kinds(of: object, in: document, depth: depth) }
        let index: Int
        switch kinds.count {
        case 0: index = add(.empty)
        case 1: index = add(kinds[0])
        default:
            let parts = kinds.map { add($0) }
            index = add(.combined(.allOf, parts))
        }
        nodes[index].hasDefault = object["default"] != nil
        nodes[index].connectType = object["connect.type"]?.text
        return index
    }

    private mutating func kinds(
        of object: JSONObject, in document: String, depth: Int
    ) throws(SchemaError) -> [JSONSchema.Kind] {
        var kinds: [JSONSchema.Kind] = []
        func has(_ keywords: Set<String>) -> Bool { object.contains { keywords.contains($0.key) } }
        if let values = object["enum"] {
            guard let values = values.array else { throw SchemaError("'enum' must be an array") }
            kinds.append(.enumeration(values))
        }
        if let value = object["const"] { kinds.append(.constant(value)) }
        for criterion in [JSONSchema.Criterion.allOf, .anyOf, .oneOf] {
            guard let value = object[criterion.rawValue] else { continue }
            guard let parts = value.array, !parts.isEmpty else {
                throw SchemaError("'\(criterion.rawValue)' must be an array of schemas")
            }
            // The same schema twice asks for nothing more.
            let distinct = parts.reduce(into: [JSONValue]()) { kept, part in
                if !kept.contains(where: { $0.isSame(as: part) }) { kept.append(part) }
            }
            kinds.append(.combined(criterion, try list(distinct, in: document, depth: depth)))
        }
        if let inner = object["not"] { kinds.append(.not(try node(inner, in: document, depth: depth + 1))) }
        if object["if"] != nil { kinds.append(.conditional) }
        switch object["type"] {
        case .string(let name): kinds.append(try kind(name, object, in: document, depth: depth))
        case .array(let names):
            var parts: [Int] = []
            for name in names {
                guard let name = name.text else { throw SchemaError("'type' must name types") }
                parts.append(add(try kind(name, object, in: document, depth: depth)))
            }
            kinds.append(.combined(.anyOf, parts))
        case nil:
            if has(Self.objectKeywords) { kinds.append(try kind("object", object, in: document, depth: depth)) }
            if has(Self.arrayKeywords) { kinds.append(try kind("array", object, in: document, depth: depth)) }
            if has(Self.stringKeywords) { kinds.append(try kind("string", object, in: document, depth: depth)) }
            if has(Self.numberKeywords) { kinds.append(try kind("number", object, in: document, depth: depth)) }
        default: throw SchemaError("'type' must be a text or an array of texts")
        }
        return kinds
    }

    private mutating func kind(
        _ name: String, _ object: JSONObject, in document: String, depth: Int
    ) throws(SchemaError) -> JSONSchema.Kind {
        switch name {
        case "null": return .null
        case "boolean": return .boolean
        case "string":
            return .string(pattern: object["pattern"]?.text, try bounds(object, ["minLength", "maxLength"]))
        case "number", "integer":
            return .number(isInteger: name == "integer", try bounds(object, Self.numberKeywords.sorted()))
        case "object": return .object(try objectType(object, in: document, depth: depth))
        case "array": return .array(try arrayType(object, in: document, depth: depth))
        default: throw SchemaError("unknown type: [\(name)]")
        }
    }

    private func bounds(_ object: JSONObject, _ keywords: [String]) throws(SchemaError) -> JSONSchema.Bounds {
        var bounds = JSONSchema.Bounds()
        for keyword in keywords {
            guard let value = object[keyword] else { continue }
            // Draft 4 has booleans here, which go with the limit beside them.
            if keyword.hasPrefix("exclusive"), value.bool != nil { continue }
            guard let number = value.double else { throw SchemaError("'\(keyword)' must be a number") }
            bounds.values[keyword] = number
        }
        return bounds
    }

    private mutating func list(
        _ values: [JSONValue], in document: String, depth: Int
    ) throws(SchemaError) -> [Int] {
        var indexes: [Int] = []
        for value in values { indexes.append(try node(value, in: document, depth: depth + 1)) }
        return indexes
    }

    /// A keyword that holds a schema or a boolean: what it asks for, and whether it lets anything through.
    private mutating func additional(
        _ value: JSONValue?, in document: String, depth: Int
    ) throws(SchemaError) -> (type: Int?, isPermitted: Bool) {
        guard let value else { return (nil, true) }
        if let bool = value.bool { return (nil, bool) }
        return (try node(value, in: document, depth: depth + 1), true)
    }

    private mutating func objectType(
        _ object: JSONObject, in document: String, depth: Int
    ) throws(SchemaError) -> JSONSchema.ObjectType {
        var type = JSONSchema.ObjectType()
        for property in object["properties"]?.object ?? JSONObject() {
            type.properties[property.key] = try node(property.value, in: document, depth: depth + 1)
        }
        if let required = object["required"]?.array { type.required = Set(required.compactMap(\.text)) }
        for pattern in object["patternProperties"]?.object ?? JSONObject() {
            type.patterns.append((pattern.key, try node(pattern.value, in: document, depth: depth + 1)))
        }
        (type.additional, type.permitsAdditional) = try additional(
            object["additionalProperties"], in: document, depth: depth)
        if let value = object["unevaluatedProperties"] {
            type.unevaluated = try node(value, in: document, depth: depth + 1)
        }
        for keyword in ["dependencies", "dependentRequired", "dependentSchemas"] {
            for dependency in object[keyword]?.object ?? JSONObject() {
                if let names = dependency.value.array {
                    type.dependencies[dependency.key] = Set(names.compactMap(\.text))
                } else {
                    type.schemaDependencies[dependency.key] = try node(
                        dependency.value, in: document, depth: depth + 1)
                }
            }
        }
        type.bounds = try bounds(object, ["minProperties", "maxProperties"])
        return type
    }

    private mutating func arrayType(
        _ object: JSONObject, in document: String, depth: Int
    ) throws(SchemaError) -> JSONSchema.ArrayType {
        var type = JSONSchema.ArrayType()
        if let tuple = object["prefixItems"]?.array ?? object["items"]?.array {
            type.tuple = try list(tuple, in: document, depth: depth)
            let rest = object["prefixItems"] != nil ? object["items"] : object["additionalItems"]
            (type.additional, type.permitsAdditional) = try additional(rest, in: document, depth: depth)
        } else {
            if let items = object["items"] { type.items = try node(items, in: document, depth: depth + 1) }
            (type.additional, type.permitsAdditional) = try additional(
                object["additionalItems"], in: document, depth: depth)
        }
        if let value = object["unevaluatedItems"] { type.unevaluated = try node(value, in: document, depth: depth + 1) }
        type.isUnique = object["uniqueItems"]?.bool ?? false
        type.bounds = try bounds(object, ["minItems", "maxItems", "minContains", "maxContains"])
        return type
    }

    // MARK: References

    private mutating func target(
        of reference: String, in document: String, depth: Int
    ) throws(SchemaError) -> Int {
        let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts[0].isEmpty ? document : try documentName(parts[0], from: document)
        let place = Place(document: name, pointer: parts.count > 1 ? parts[1] : "")
        if let index = known[place] { return index }
        guard let value = Self.find(place.pointer, in: documents[name] ?? .null) else {
            throw SchemaError("the reference '\(reference)' leads to nothing")
        }
        // Known before it is read: it may refer to itself.
        let index = add(.empty)
        known[place] = index
        nodes[index].kind = .reference(try node(value, in: name, depth: depth + 1))
        return index
    }

    /// A reference's document as it is registered: by its name, by its `$id`, or relative to the `$id` of the referrer.
    private func documentName(_ uri: String, from document: String) throws(SchemaError) -> String {
        if documents[uri] != nil { return uri }
        let base = documents[document]?["$id"]?.text ?? documents[document]?["id"]?.text ?? ""
        if let slash = base.lastIndex(of: "/") {
            let absolute = String(base[...slash]) + uri
            if documents[absolute] != nil { return absolute }
        }
        if let last = uri.split(separator: "/").last.map(String.init), documents[last] != nil { return last }
        throw SchemaError("the reference to '\(uri)' is not among the schema's references")
    }

    private static func find(_ pointer: String, in document: JSONValue) -> JSONValue? {
        guard !pointer.isEmpty else { return document }
        guard pointer.hasPrefix("/") else { return anchored(pointer, in: document, depth: 0) }
        var value = document
        for part in pointer.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
            let key = String(part).replacing("~1", with: "/").replacing("~0", with: "~").replacing("%25", with: "%")
            if let items = value.array, let index = Int(key), items.indices.contains(index) {
                value = items[index]
            } else if let member = value[key] {
                value = member
            } else {
                return nil
            }
        }
        return value
    }

    /// The schema that names itself so by `$anchor`, or by an `$id` of only a fragment.
    private static func anchored(_ anchor: String, in value: JSONValue, depth: Int) -> JSONValue? {
        guard depth < depthMax else { return nil }
        switch value {
        case .object(let members):
            if members["$anchor"]?.text == anchor || members["$id"]?.text == "#" + anchor { return value }
            for member in members {
                if let found = anchored(anchor, in: member.value, depth: depth + 1) { return found }
            }
            return nil
        case .array(let items):
            for item in items { if let found = anchored(anchor, in: item, depth: depth + 1) { return found } }
            return nil
        default: return nil
        }
    }
}
