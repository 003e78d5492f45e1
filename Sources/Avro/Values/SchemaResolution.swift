/// Turns values that were written with one schema into values of another, by the specification's schema resolution.
public struct SchemaResolution: Sendable {
    public let writer: AvroSchema
    public let reader: AvroSchema

    public init(writer: AvroSchema, reader: AvroSchema) {
        self.writer = writer
        self.reader = reader
    }

    /// - Returns: nil where the reader cannot read the value.
    public func resolve(_ value: AvroValue) -> AvroValue? {
        resolve(value, writer.root, reader.root)
    }

    private func resolve(
        _ value: AvroValue, _ written: AvroType.Index, _ wanted: AvroType.Index
    ) -> AvroValue? {
        if case .union(let branch, let inner) = value, case .union(let branches) = writer[written].kind,
            branches.indices.contains(branch)
        {
            return resolve(inner, branches[branch], wanted)
        }
        if case .union(let branches) = reader[wanted].kind {
            return intoUnion(value, written, branches)
        }
        return promote(value, written, wanted)
    }

    /// Into the first branch of the same type and name, else the first that the value can be promoted to.
    private func intoUnion(
        _ value: AvroValue, _ written: AvroType.Index, _ branches: [AvroType.Index]
    ) -> AvroValue? {
        let source = writer[written]
        let same = branches.indices.filter {
            reader[branches[$0]].typeName == source.typeName && reader[branches[$0]].name == source.name
        }
        for branch in same + branches.indices.filter({ !same.contains($0) }) {
            if let resolved = resolve(value, written, branches[branch]) { return .union(branch: branch, resolved) }
        }
        return nil
    }

    private func promote(
        _ value: AvroValue, _ written: AvroType.Index, _ wanted: AvroType.Index
    ) -> AvroValue? {
        let (source, target) = (writer[written], reader[wanted])
        switch (value, target.kind) {
        case (.null, .null), (.boolean, .boolean), (.int, .int), (.long, .long), (.float, .float), (.double, .double),
            (.bytes, .bytes), (.string, .string):
            return value
        case (.int(let value), .long): return .long(Int64(value))
        case (.int(let value), .float): return .float(Float(value))
        case (.int(let value), .double): return .double(Double(value))
        case (.long(let value), .float): return .float(Float(value))
        case (.long(let value), .double): return .double(Double(value))
        case (.float(let value), .double): return .double(Double(value))
        case (.string(let text), .bytes): return .bytes(Array(text.utf8))
        case (.bytes(let bytes), .string): return String(validating: bytes, as: UTF8.self).map(AvroValue.string)
        case (.fixed(let bytes), .fixed(let size)):
            return AvroCompatibility.namesMatch(target, source) && bytes.count == size ? value : nil
        case (.enumeration(let place), .enumeration(let symbols, let fallback)):
            guard AvroCompatibility.namesMatch(target, source), case .enumeration(let known, _) = source.kind else {
                return nil
            }
            return (symbols.firstIndex(of: known[place]) ?? fallback.flatMap { symbols.firstIndex(of: $0) })
                .map(AvroValue.enumeration)
        case (.array(let items), .array(let wantedItem)):
            guard case .array(let item) = source.kind else { return nil }
            let resolved = items.compactMap { resolve($0, item, wantedItem) }
            return resolved.count == items.count ? .array(resolved) : nil
        case (.map(let entries), .map(let wantedItem)):
            guard case .map(let item) = source.kind else { return nil }
            let resolved = entries.compactMap { entry in
                resolve(entry.value, item, wantedItem).map { AvroValue.Entry(key: entry.key, value: $0) }
            }
            return resolved.count == entries.count ? .map(resolved) : nil
        case (.record(let values), .record(let fields, _)):
            return record(values, source, target, fields)
        default: return nil
        }
    }

    private func record(
        _ values: [AvroValue], _ source: AvroType, _ target: AvroType, _ fields: [AvroField]
    ) -> AvroValue? {
        guard AvroCompatibility.namesMatch(target, source), case .record(let written, _) = source.kind else {
            return nil
        }
        var resolved: [AvroValue] = []
        for field in fields {
            let names = [field.name] + field.aliases
            if let place = names.lazy.compactMap({ name in written.firstIndex { $0.name == name } }).first {
                guard let value = resolve(values[place], written[place].type, field.type) else { return nil }
                resolved.append(value)
            } else {
                guard let value = field.defaultValue.flatMap({ reader.value(ofDefault: $0, as: field.type) }) else {
                    return nil
                }
                resolved.append(value)
            }
        }
        return .record(resolved)
    }
}
