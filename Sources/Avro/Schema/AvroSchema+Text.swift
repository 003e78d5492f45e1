/// The text of a schema in the order in which Java's `Schema.toString` writes its attributes: what a registry stores.
extension AvroSchema: CustomStringConvertible {
    public var description: String { json().description }

    /// The text without the definitions of referenced types.
    /// - Parameter isResolved: writes those out as well.
    func json(isResolved: Bool = false) -> JSONValue {
        var written: Set<AvroType.Index> = isResolved ? [] : Set(referenced)
        return json(root, enclosing: nil, written: &written)
    }

    /// The text with every referenced type written where it is first used.
    public var resolvedText: String { json(isResolved: true).description }

    private func json(_ index: AvroType.Index, enclosing: String?, written: inout Set<AvroType.Index>) -> JSONValue {
        let type = types[index]
        var object = JSONObject()
        var enclosing = enclosing
        if let name = type.name {
            guard written.insert(index).inserted else { return .string(name.qualified(in: enclosing)) }
            object["type"] = .string(type.typeName)
            object["name"] = .string(name.name)
            if name.namespace != enclosing { object["namespace"] = .string(name.namespace ?? "") }
            enclosing = name.namespace
            if let doc = type.doc { object["doc"] = .string(doc) }
        } else {
            object["type"] = .string(type.typeName)
        }
        switch type.kind {
        case .union(let branches): return .array(branches.map { json($0, enclosing: enclosing, written: &written) })
        case .record(let fields, _):
            object["fields"] = .array(fields.map { json($0, enclosing: enclosing, written: &written) })
        case .enumeration(let symbols, let fallback):
            object["symbols"] = .array(symbols.map(JSONValue.string))
            if let fallback { object["default"] = .string(fallback) }
        case .fixed(let size): object["size"] = JSONValue(size)
        case .array(let items): object["items"] = json(items, enclosing: enclosing, written: &written)
        case .map(let values): object["values"] = json(values, enclosing: enclosing, written: &written)
        default:
            if type.properties.isEmpty { return .string(type.typeName) }
        }
        for property in type.properties { object[property.key] = property.value }
        if !type.aliases.isEmpty {
            object["aliases"] = .array(type.aliases.map { .string($0.qualified(in: type.name?.namespace)) })
        }
        return .object(object)
    }

    private func json(_ field: AvroField, enclosing: String?, written: inout Set<AvroType.Index>) -> JSONValue {
        var object = JSONObject()
        object["name"] = .string(field.name)
        object["type"] = json(field.type, enclosing: enclosing, written: &written)
        if let doc = field.doc { object["doc"] = .string(doc) }
        if let value = field.defaultValue { object["default"] = value }
        if field.order != .ascending { object["order"] = .string(field.order.rawValue) }
        if !field.aliases.isEmpty { object["aliases"] = .array(field.aliases.map(JSONValue.string)) }
        for property in field.properties { object[property.key] = property.value }
        return .object(object)
    }

    /// The schema as Confluent's registry compares it under `normalize`: attributes in the order of their names with
    /// the logical type first, aliases sorted, empty documentation dropped.
    public func normalized() -> AvroSchema {
        var copy = self
        for index in types.indices {
            let properties = types[index].properties
            var sorted = JSONObject()
            if let logicalType = types[index].logicalType {
                sorted["logicalType"] = properties["logicalType"]
                if case .decimal(let precision, let scale) = logicalType {
                    sorted["precision"] = JSONValue(precision)
                    if scale != 0 { sorted["scale"] = JSONValue(scale) }
                }
            }
            for key in properties.keys.sorted() { sorted[key] = Self.sorted(properties[key] ?? .null) }
            copy.types[index].properties = sorted
            if types[index].doc?.isEmpty == true { copy.types[index].doc = nil }
            copy.types[index].aliases.sort { $0.fullName < $1.fullName }
            guard case .record(var fields, _) = types[index].kind else { continue }
            for place in fields.indices {
                fields[place].aliases.sort()
                fields[place].defaultValue = fields[place].defaultValue.map {
                    Self.sorted(normalizedDefault($0, as: fields[place].type))
                }
                let properties = fields[place].properties
                fields[place].properties = JSONObject()
                for key in properties.keys.sorted() {
                    fields[place].properties[key] = Self.sorted(properties[key] ?? .null)
                }
            }
            copy.types[index].kind = .record(fields, isError: false)
        }
        return copy
    }

    /// A default as Java writes it after it has read it: whole numbers of a float or a double get their point.
    private func normalizedDefault(_ value: JSONValue, as index: AvroType.Index) -> JSONValue {
        switch (types[index].kind, value) {
        case (.float, .number), (.double, .number):
            return value.double.map { .number(JavaNumberText.text($0)) } ?? value
        case (.union(let branches), _): return branches.first.map { normalizedDefault(value, as: $0) } ?? value
        case (.array(let item), .array(let values)): return .array(values.map { normalizedDefault($0, as: item) })
        case (.map(let item), .object(var members)):
            for key in members.keys { members[key] = members[key].map { normalizedDefault($0, as: item) } }
            return .object(members)
        case (.record(let fields, _), .object(var members)):
            for field in fields {
                members[field.name] = members[field.name].map { normalizedDefault($0, as: field.type) }
            }
            return .object(members)
        default: return value
        }
    }

    private static func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let items): return .array(items.map(sorted))
        case .object(let object):
            var copy = JSONObject()
            for key in object.keys.sorted() { copy[key] = sorted(object[key] ?? .null) }
            return .object(copy)
        default: return value
        }
    }
}
