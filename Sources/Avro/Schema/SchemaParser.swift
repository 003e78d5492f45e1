/// Reads schemas from their JSON. Names that were defined before, by the same schema or a referenced one, are known.
struct SchemaParser {
    var types: [AvroType] = []
    var names: [String: AvroType.Index] = [:]
    let validatesDefaults: Bool

    private static let primitives: [String: AvroType.Kind] = [
        "null": .null, "boolean": .boolean, "int": .int, "long": .long, "float": .float, "double": .double,
        "bytes": .bytes, "string": .string,
    ]
    private static let reserved: Set<String> = [
        "doc", "fields", "items", "name", "namespace", "size", "symbols", "values", "type", "aliases",
    ]
    private static let reservedInFields: Set<String> = ["default", "doc", "name", "order", "type", "aliases"]

    init(validatesDefaults: Bool) { self.validatesDefaults = validatesDefaults }

    mutating func parse(_ value: JSONValue, namespace: String?) throws(SchemaError) -> AvroType.Index {
        switch value {
        case .string(let name): return try reference(name, namespace: namespace)
        case .array(let branches): return try union(branches, namespace: namespace)
        case .object(let object): return try complex(object, namespace: namespace)
        default: throw SchemaError("Schema not yet supported: \(value)")
        }
    }

    private mutating func add(_ type: AvroType) -> AvroType.Index {
        types.append(type)
        return types.count - 1
    }

    private mutating func reference(_ text: String, namespace: String?) throws(SchemaError) -> AvroType.Index {
        if let kind = Self.primitives[text] { return add(AvroType(kind: kind)) }
        if let known = names[AvroName(text, namespace: namespace).fullName] { return known }
        // A name of the enclosing namespace hides one without a namespace, as in Java.
        guard !text.contains("."), let known = names[text] else { throw SchemaError("Undefined name: \"\(text)\"") }
        return known
    }

    private mutating func union(_ branches: [JSONValue], namespace: String?) throws(SchemaError) -> AvroType.Index {
        var indexes: [AvroType.Index] = []
        var seen: Set<String> = []
        for branch in branches {
            let index = try parse(branch, namespace: namespace)
            if case .union = types[index].kind { throw SchemaError("Nested union: \(JSONValue.array(branches))") }
            guard seen.insert(types[index].branchName).inserted else {
                throw SchemaError("Duplicate in union:\(types[index].branchName)")
            }
            indexes.append(index)
        }
        return add(AvroType(kind: .union(indexes)))
    }

    private mutating func complex(_ object: JSONObject, namespace: String?) throws(SchemaError) -> AvroType.Index {
        guard let word = object["type"]?.text else { throw SchemaError("No type: \(JSONValue.object(object))") }
        if let kind = Self.primitives[word] {
            var type = AvroType(kind: kind)
            type.properties = Self.properties(of: object, except: Self.reserved)
            return add(type)
        }
        switch word {
        case "record", "error", "enum", "fixed": return try namedType(word, object, namespace: namespace)
        case "array", "map":
            let key = word == "array" ? "items" : "values"
            guard let inner = object[key] else {
                throw SchemaError("No \(word == "array" ? "items" : "values") type: \(JSONValue.object(object))")
            }
            let index = try parse(inner, namespace: namespace)
            var type = AvroType(kind: word == "array" ? .array(index) : .map(index))
            type.properties = Self.properties(of: object, except: Self.reserved)
            return add(type)
        default:
            if let known = names[AvroName(word, namespace: namespace).fullName] { return known }
            throw SchemaError("Type not supported: \(word)")
        }
    }

    private mutating func namedType(
        _ word: String, _ object: JSONObject, namespace: String?
    ) throws(SchemaError) -> AvroType.Index {
        guard let written = object["name"]?.text else {
            throw SchemaError("No name in schema: \(JSONValue.object(object))")
        }
        let name = AvroName(written, namespace: object["namespace"]?.text ?? namespace)
        try AvroName.validate(name.name)
        guard Self.primitives[name.fullName] == nil else {
            throw SchemaError("Schemas may not be named after primitives: \(name.fullName)")
        }
        guard names[name.fullName] == nil else { throw SchemaError("Can't redefine: \(name.fullName)") }
        let index = add(AvroType(kind: .null, name: name, doc: object["doc"]?.text))
        names[name.fullName] = index
        for alias in try texts(object["aliases"], "aliases") {
            let alias = AvroName(alias, namespace: name.namespace)
            if !types[index].aliases.contains(alias) { types[index].aliases.append(alias) }
        }
        var except = Self.reserved
        switch word {
        case "enum":
            except.insert("default")
            types[index].kind = try enumeration(object)
        case "fixed":
            guard let size = object["size"]?.integer, size >= 0, size <= Int(Int32.max) else {
                throw SchemaError("Invalid or no size: \(JSONValue.object(object))")
            }
            types[index].kind = .fixed(size: size)
        default:
            types[index].kind = .record(
                try fields(of: object, record: name), isError: word == "error")
        }
        types[index].properties = Self.properties(of: object, except: except)
        return index
    }

    private func enumeration(_ object: JSONObject) throws(SchemaError) -> AvroType.Kind {
        guard object["symbols"]?.array != nil else {
            throw SchemaError("Enum has no symbols: \(JSONValue.object(object))")
        }
        let symbols = try texts(object["symbols"], "symbols")
        var seen: Set<String> = []
        for symbol in symbols {
            try AvroName.validate(symbol)
            guard seen.insert(symbol).inserted else { throw SchemaError("Duplicate enum symbol: \(symbol)") }
        }
        let fallback = object["default"]?.text
        if let fallback, !seen.contains(fallback) {
            throw SchemaError(
                "The Enum Default: \(fallback) is not in the enum symbol set: [\(symbols.joined(separator: ", "))]")
        }
        return .enumeration(symbols: symbols, default: fallback)
    }

    private mutating func fields(of object: JSONObject, record: AvroName) throws(SchemaError) -> [AvroField] {
        guard let list = object["fields"]?.array else {
            throw SchemaError("Record has no fields: \(JSONValue.object(object))")
        }
        var fields: [AvroField] = []
        var seen: Set<String> = []
        for item in list {
            guard let name = item["name"]?.text else { throw SchemaError("No field name: \(item)") }
            try AvroName.validate(name)
            guard seen.insert(name).inserted else {
                throw SchemaError("Duplicate field \(name) in record \(record.fullName)")
            }
            guard let written = item["type"], let members = item.object else {
                throw SchemaError("No field type: \(item)")
            }
            var field = AvroField(name: name, type: try parse(written, namespace: record.namespace))
            field.doc = item["doc"]?.text
            field.defaultValue = try defaultValue(of: item, field: name, type: field.type)
            if let order = item["order"]?.text {
                guard let order = AvroField.Order(rawValue: order.lowercased()) else {
                    throw SchemaError("Unknown order of field \(name): \(order)")
                }
                field.order = order
            }
            for alias in try texts(item["aliases"], "aliases") where !field.aliases.contains(alias) {
                field.aliases.append(alias)
            }
            field.properties = Self.properties(of: members, except: Self.reservedInFields)
            fields.append(field)
        }
        return fields
    }

    private func defaultValue(
        of field: JSONValue, field name: String, type: AvroType.Index
    ) throws(SchemaError) -> JSONValue? {
        guard let written = field["default"] else { return nil }
        var value = JavaNumberText.normalized(written)
        switch types[type].kind {
        case .float, .double:
            // Java reads a text as the number it holds here.
            if let text = value.text, let number = Double(text) { value = .number(JavaNumberText.text(number)) }
        default: break
        }
        if validatesDefaults, !DefaultValue.isValid(value, types[type], in: types) {
            throw SchemaError("Invalid default for field \(name): \(value) not a \(Self.describe(type, in: types))")
        }
        return value
    }

    private static func describe(_ index: AvroType.Index, in types: [AvroType]) -> String {
        AvroSchema(types: types, root: index, named: [:]).description
    }

    private func texts(_ value: JSONValue?, _ what: String) throws(SchemaError) -> [String] {
        guard let value else { return [] }
        guard let items = value.array else { throw SchemaError("\(what) not an array: \(value)") }
        var texts: [String] = []
        for item in items {
            guard let text = item.text else { throw SchemaError("\(what) holds something other than text: \(item)") }
            texts.append(text)
        }
        return texts
    }

    private static func properties(of object: JSONObject, except reserved: Set<String>) -> JSONObject {
        var kept = JSONObject()
        for member in object where !reserved.contains(member.key) {
            kept[member.key] = JavaNumberText.normalized(member.value)
        }
        return kept
    }
}

extension AvroSchema {
    /// Reads a schema.
    /// - Parameters:
    ///   - references: the texts of schemas whose names this one uses, in an order in which each knows those before it.
    ///   - validatesDefaults: whether a default that does not fit its field's type is refused. Schemas that were stored
    ///     before are read without, as Confluent's registry does.
    /// - Throws: ``SchemaError`` with a text as Avro's own parser words it.
    public init(parsing text: String, references: [String] = [], validatesDefaults: Bool = true) throws(SchemaError) {
        var parser = SchemaParser(validatesDefaults: validatesDefaults)
        var referenced: [AvroType.Index] = []
        for reference in references { referenced.append(try Self.parse(reference, with: &parser)) }
        let root = try Self.parse(text, with: &parser)
        self.init(types: parser.types, root: root, named: parser.names, referenced: referenced)
    }

    private static func parse(
        _ text: String, with parser: inout SchemaParser
    ) throws(SchemaError) -> AvroType.Index {
        let value: JSONValue
        do throws(JSONError) {
            // Confluent's clients register a primitive as its bare word as well as in quotes.
            value = try JSONValue(parsing: text, allowsComments: true)
        } catch { throw SchemaError(error.description) }
        return try parser.parse(value, namespace: nil)
    }
}
