extension AvroSchema {
    /// What to change in this schema, the reader's, so that a finding goes away; nil where nothing simple does it.
    public func remedy(for incompatibility: Incompatibility) -> String? {
        switch incompatibility.kind {
        case .readerFieldMissingDefaultValue:
            let value = simplestDefault(incompatibility.readerType)
            return "give the field '\(incompatibility.message)' a default, for example \"default\": \(value)"
        case .missingEnumSymbols:
            return "keep the symbols \(incompatibility.message), or give the enum a \"default\" among its symbols"
        case .nameMismatch:
            let name = incompatibility.message.split(separator: " ").last.map(String.init) ?? ""
            return "keep the name, or add \"aliases\": [\"\(name)\"]"
        case .missingUnionBranch: return "keep the branch in the union"
        case .fixedSizeMismatch: return "keep the size, or add a field of another name"
        case .typeMismatch: return "keep the type, widen it (int, long, float, double), or add a field with a default"
        }
    }

    /// The smallest default that is valid for a type; recursion ends at a union, an array or a map.
    private func simplestDefault(_ index: AvroType.Index) -> JSONValue {
        switch types[index].kind {
        case .null: .null
        case .boolean: false
        case .int, .long: 0
        case .float, .double: .number("0.0")
        case .bytes, .string: ""
        case .fixed(let size): .string(String(repeating: "\u{0}", count: min(size, 64)))
        case .enumeration(let symbols, let fallback): .string(fallback ?? symbols.first ?? "")
        case .array: []
        case .map: .object(JSONObject())
        case .union(let branches): branches.first.map(simplestDefault) ?? .null
        case .record(let fields, _):
            .object(
                fields.reduce(into: JSONObject()) { object, field in
                    if field.defaultValue == nil { object[field.name] = simplestDefault(field.type) }
                })
        }
    }
}
