/// Whether everything written with one schema can be read with another: the rules, the order of the findings, their
/// paths and messages are those of `SchemaCompatibility` of Avro for Java.
public struct AvroCompatibility {
    private struct Pair: Hashable {
        let reader: AvroType.Index
        let writer: AvroType.Index
    }

    private let reader: AvroSchema
    private let writer: AvroSchema
    /// nil while a pair is being looked at: a recursion into it adds nothing.
    private var known: [Pair: [Incompatibility]?] = [:]

    /// What keeps `reader` from reading data of `writer`; empty where nothing does.
    public static func incompatibilities(reader: AvroSchema, writer: AvroSchema) -> [Incompatibility] {
        var check = AvroCompatibility(reader: reader, writer: writer)
        return check.compare(reader.root, writer.root, at: [])
    }

    /// Names match when their last parts do, or when an alias of the reader is the writer's full name.
    static func namesMatch(_ reader: AvroType, _ writer: AvroType) -> Bool {
        guard let name = reader.name, let written = writer.name else { return false }
        return name.name == written.name || reader.aliases.contains(written)
    }

    private init(reader: AvroSchema, writer: AvroSchema) {
        self.reader = reader
        self.writer = writer
    }

    private mutating func compare(
        _ wanted: AvroType.Index, _ written: AvroType.Index, at path: [String]
    ) -> [Incompatibility] {
        let pair = Pair(reader: wanted, writer: written)
        if let found = known[pair] { return found ?? [] }
        known[pair] = .some(nil)
        let found = calculate(wanted, written, at: path)
        known[pair] = found
        return found
    }

    private mutating func calculate(
        _ wanted: AvroType.Index, _ written: AvroType.Index, at path: [String]
    ) -> [Incompatibility] {
        let (target, source) = (reader[wanted], writer[written])
        switch (target.kind, source.kind) {
        case (.null, .null), (.boolean, .boolean), (.int, .int), (.long, .long), (.float, .float), (.double, .double),
            (.bytes, .bytes), (.string, .string):
            return []
        case (.array(let a), .array(let b)): return compare(a, b, at: path + ["items"])
        case (.map(let a), .map(let b)): return compare(a, b, at: path + ["values"])
        case (.fixed(let size), .fixed(let sizeWritten)):
            var found = names(wanted, source, at: path)
            if size != sizeWritten {
                found.append(
                    finding(
                        .fixedSizeMismatch, wanted, path + ["size"], "expected: \(sizeWritten), found: \(size)"))
            }
            return found
        case (.enumeration(let symbols, let fallback), .enumeration(let symbolsWritten, _)):
            return names(wanted, source, at: path)
                + self.symbols(wanted, symbols, fallback, symbolsWritten, at: path + ["symbols"])
        case (.record(let fields, _), .record(let fieldsWritten, _)):
            return names(wanted, source, at: path) + self.fields(wanted, fields, written, fieldsWritten, at: path)
        case (.union, .union(let branches)):
            var found: [Incompatibility] = []
            for (place, branch) in branches.enumerated() where !compare(wanted, branch, at: []).isEmpty {
                found.append(missingBranch(wanted, branch, at: path + [String(place)]))
            }
            return found
        case (_, .union(let branches)):
            // Java begins a new path here.
            var found: [Incompatibility] = []
            for branch in branches { found += compare(wanted, branch, at: []) }
            return found
        case (.long, .int), (.float, .int), (.float, .long), (.double, .int), (.double, .long), (.double, .float),
            (.bytes, .string), (.string, .bytes):
            return []
        case (.union(let branches), _):
            for branch in branches where compare(branch, written, at: path).isEmpty { return [] }
            return [missingBranch(wanted, written, at: path)]
        default:
            return [
                finding(
                    .typeMismatch, wanted, path,
                    "reader type: \(javaName(target)) not compatible with writer type: \(javaName(source))")
            ]
        }
    }

    private func names(_ wanted: AvroType.Index, _ source: AvroType, at path: [String]) -> [Incompatibility] {
        guard !Self.namesMatch(reader[wanted], source) else { return [] }
        return [finding(.nameMismatch, wanted, path + ["name"], "expected: \(source.branchName)")]
    }

    private func symbols(
        _ wanted: AvroType.Index, _ symbols: [String], _ fallback: String?, _ written: [String], at path: [String]
    ) -> [Incompatibility] {
        let missing = Set(written).subtracting(symbols).sorted()
        guard !missing.isEmpty, fallback == nil else { return [] }
        return [finding(.missingEnumSymbols, wanted, path, "[\(missing.joined(separator: ", "))]")]
    }

    private mutating func fields(
        _ wanted: AvroType.Index, _ fields: [AvroField], _ written: AvroType.Index, _ fieldsWritten: [AvroField],
        at path: [String]
    ) -> [Incompatibility] {
        var found: [Incompatibility] = []
        for (place, field) in fields.enumerated() {
            let here = path + ["fields", String(place)]
            let names = [field.name] + field.aliases
            if let match = names.lazy.compactMap({ name in fieldsWritten.first { $0.name == name } }).first {
                found += compare(field.type, match.type, at: here + ["type"])
            } else if field.defaultValue == nil {
                if case .enumeration(_, .some) = reader[field.type].kind {
                    found += compare(field.type, written, at: here + ["type"])
                } else {
                    found.append(finding(.readerFieldMissingDefaultValue, field.type, here, field.name))
                }
            }
        }
        return found
    }

    private func missingBranch(
        _ wanted: AvroType.Index, _ written: AvroType.Index, at path: [String]
    ) -> Incompatibility {
        finding(.missingUnionBranch, wanted, path, "reader union lacking writer type: \(javaName(writer[written]))")
    }

    private func finding(
        _ kind: Incompatibility.Kind, _ type: AvroType.Index, _ path: [String], _ message: String
    ) -> Incompatibility {
        Incompatibility(kind: kind, path: "/" + path.joined(separator: "/"), message: message, readerType: type)
    }

    private func javaName(_ type: AvroType) -> String {
        type.typeName == "error" ? "RECORD" : type.typeName.uppercased()
    }
}
