/// The Parsing Canonical Form of the specification and the fingerprints over it.
extension AvroSchema {
    /// The schema with only what a reader of data needs, in one fixed spelling.
    public var canonicalForm: String {
        var written: Set<AvroType.Index> = []
        return canonical(root, written: &written).description
    }

    /// CRC-64-AVRO of the canonical form: the fingerprint of the single-object encoding.
    public var rabinFingerprint: UInt64 { RabinFingerprint.of(Array(canonicalForm.utf8)) }

    public var md5Fingerprint: [UInt8] { MD5.hash(Array(canonicalForm.utf8)) }

    public var sha256Fingerprint: [UInt8] { SHA256.hash(Array(canonicalForm.utf8)) }

    private func canonical(_ index: AvroType.Index, written: inout Set<AvroType.Index>) -> JSONValue {
        let type = types[index]
        var object = JSONObject()
        if let name = type.name {
            guard written.insert(index).inserted else { return .string(name.fullName) }
            object["name"] = .string(name.fullName)
        }
        object["type"] = .string(type.typeName == "error" ? "record" : type.typeName)
        switch type.kind {
        case .union(let branches): return .array(branches.map { canonical($0, written: &written) })
        case .record(let fields, _):
            object["fields"] = .array(
                fields.map { field in
                    var object = JSONObject()
                    object["name"] = .string(field.name)
                    object["type"] = canonical(field.type, written: &written)
                    return .object(object)
                })
        case .enumeration(let symbols, _): object["symbols"] = .array(symbols.map(JSONValue.string))
        case .fixed(let size): object["size"] = JSONValue(size)
        case .array(let items): object["items"] = canonical(items, written: &written)
        case .map(let values): object["values"] = canonical(values, written: &written)
        default: return .string(type.typeName)
        }
        return .object(object)
    }
}
