public import Avro

/// One record of the topic `_schemas`, in the JSON that Confluent's registry writes there. The state of a registry is
/// what its records, applied in order, leave; a compacted topic leaves the same.
public enum RegistryRecord: Sendable, Equatable {
    case schema(StoredSchema)
    /// The version is gone for good.
    case schemaRemoved(SubjectVersion)
    /// Every version up to this one is soft-deleted.
    case subjectDeleted(SubjectVersion)
    /// Everything known of the subject, or of the context, is forgotten.
    case cleared(subject: String?)
    /// nil settings take them back. The subject nil is the whole registry.
    case config(subject: String?, RegistryConfig?)
    case mode(subject: String?, RegistryMode?)
    case context(name: String, exists: Bool)
    case noop

    /// The record's key, which compaction goes by.
    public var key: JSONValue {
        switch self {
        case .schema(let schema): Self.key("SCHEMA", schema.subject, version: schema.version, magic: 1)
        case .schemaRemoved(let key): Self.key("SCHEMA", key.subject, version: key.version, magic: 1)
        case .subjectDeleted(let key): Self.key("DELETE_SUBJECT", key.subject)
        case .cleared(let subject): Self.key("CLEAR_SUBJECT", subject)
        case .config(let subject, _): Self.key("CONFIG", subject)
        case .mode(let subject, _): Self.key("MODE", subject)
        case .context(let name, _):
            .object(["keytype": "CONTEXT", "tenant": "default", "context": .string(name), "magic": 0])
        case .noop: .object(["keytype": "NOOP", "magic": 0])
        }
    }

    private static func key(
        _ keytype: JSONValue, _ subject: String?, version: Int? = nil, magic: Int = 0
    ) -> JSONValue {
        .object([
            "keytype": keytype, "subject": subject.map(JSONValue.string), "version": version.map { JSONValue($0) },
            "magic": JSONValue(magic),
        ])
    }

    /// The record's value; nil is a tombstone.
    public var value: JSONValue? {
        switch self {
        case .schema(let schema):
            .object([
                "subject": .string(schema.subject), "version": JSONValue(schema.version), "id": JSONValue(schema.id),
                "md5": .string(schema.fingerprint.base64),
                "schemaType": schema.type == .avro ? nil : .string(schema.type.rawValue),
                "references": schema.references.isEmpty ? nil : .array(schema.references.map(\.json)),
                "metadata": schema.metadata, "ruleSet": schema.ruleSet, "schema": .string(schema.text),
                "deleted": .bool(schema.isDeleted),
            ])
        case .subjectDeleted(let key): .object(["subject": .string(key.subject), "version": JSONValue(key.version)])
        case .cleared(let subject): .object(["subject": subject.map(JSONValue.string)])
        case .config(let subject, let config?):
            .object(
                config.json.reduce(into: JSONObject(["subject": subject.map(JSONValue.string)])) {
                    $0[$1.key] = $1.value
                })
        case .mode(let subject, let mode?):
            .object(["subject": subject.map(JSONValue.string), "mode": .string(mode.rawValue)])
        case .context(let name, exists: true): .object(["tenant": "default", "context": .string(name)])
        case .schemaRemoved, .config, .mode, .context, .noop: nil
        }
    }
}
