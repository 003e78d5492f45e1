/// Whether a default's JSON fits a type: a union's fits its first branch.
enum DefaultValue {
    static func isValid(_ value: JSONValue, _ type: AvroType, in types: [AvroType]) -> Bool {
        switch type.kind {
        case .null: value.isNull
        case .boolean: value.bool != nil
        case .int: value.integer.map { Int32(exactly: $0) != nil } ?? false
        case .long: value.integer != nil
        case .float, .double: value.double != nil
        case .string, .bytes, .enumeration, .fixed: value.text != nil
        case .array(let items): value.array.map { $0.allSatisfy { isValid($0, types[items], in: types) } } ?? false
        case .map(let values):
            value.object.map { $0.allSatisfy { isValid($0.value, types[values], in: types) } } ?? false
        case .union(let branches): branches.first.map { isValid(value, types[$0], in: types) } ?? false
        case .record(let fields, _):
            value.object.map { object in
                fields.allSatisfy { field in
                    (object[field.name] ?? field.defaultValue).map { isValid($0, types[field.type], in: types) }
                        ?? false
                }
            } ?? false
        }
    }
}
