extension AvroSchema {
    /// The value that a default in JSON stands for; nil where it does not fit the type.
    public func value(ofDefault json: JSONValue, as index: AvroType.Index) -> AvroValue? {
        switch (types[index].kind, json) {
        case (.null, .null): return .null
        case (.boolean, .bool(let value)): return .boolean(value)
        case (.int, .number): return json.integer.flatMap { Int32(exactly: $0) }.map(AvroValue.int)
        case (.long, .number): return json.integer.map { .long(Int64($0)) }
        case (.float, .number): return json.double.map { .float(Float($0)) }
        case (.double, .number): return json.double.map(AvroValue.double)
        case (.string, .string(let text)): return .string(text)
        case (.bytes, .string(let text)): return Self.latin1(text).map(AvroValue.bytes)
        case (.fixed(let size), .string(let text)):
            return Self.latin1(text).flatMap { $0.count == size ? .fixed($0) : nil }
        case (.enumeration(let symbols, _), .string(let text)):
            return symbols.firstIndex(of: text).map(AvroValue.enumeration)
        case (.array(let item), .array(let values)):
            let items = values.compactMap { value(ofDefault: $0, as: item) }
            return items.count == values.count ? .array(items) : nil
        case (.map(let item), .object(let members)):
            let entries = members.compactMap { member in
                value(ofDefault: member.value, as: item).map { AvroValue.Entry(key: member.key, value: $0) }
            }
            return entries.count == members.count ? .map(entries) : nil
        case (.union(let branches), _):
            for (branch, type) in branches.enumerated() {
                if let value = value(ofDefault: json, as: type) { return .union(branch: branch, value) }
            }
            return nil
        case (.record(let fields, _), .object(let members)):
            let values = fields.compactMap { field in
                (members[field.name] ?? field.defaultValue).flatMap { value(ofDefault: $0, as: field.type) }
            }
            return values.count == fields.count ? .record(values) : nil
        default: return nil
        }
    }

    /// The bytes whose numbers are the text's code points, as the specification writes bytes in JSON.
    private static func latin1(_ text: String) -> [UInt8]? {
        let bytes = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
        return bytes.count == text.unicodeScalars.count ? bytes : nil
    }
}
