public import Avro

extension RegistryRecord {
    /// Reads a record's JSON.
    /// - Returns: nil for a kind that this registry does not know and passes over.
    /// - Throws: ``RegistryRecordError`` where a known kind does not have what it must.
    public static func parse(key: JSONValue, value: JSONValue?) throws(RegistryRecordError) -> RegistryRecord? {
        let subject = key["subject"]?.text
        let value = value?.isNull == true ? nil : value
        switch key["keytype"]?.text {
        case "NOOP": return .noop
        case "SCHEMA":
            guard let subject, let version = key["version"]?.integer else { throw RegistryRecordError("SCHEMA") }
            guard let value else { return .schemaRemoved(SubjectVersion(subject: subject, version: version)) }
            return try schema(value)
        case "DELETE_SUBJECT":
            guard let value else { return .noop }
            guard let subject, let version = value["version"]?.integer else {
                throw RegistryRecordError("DELETE_SUBJECT")
            }
            return .subjectDeleted(SubjectVersion(subject: subject, version: version))
        case "CLEAR_SUBJECT": return value == nil ? .noop : .cleared(subject: subject)
        case "CONFIG": return .config(subject: subject, value.map { RegistryConfig($0) })
        case "MODE":
            guard let value else { return .mode(subject: subject, nil) }
            guard let mode = value["mode"]?.text.flatMap({ RegistryMode(rawValue: $0) }) else {
                throw RegistryRecordError("MODE")
            }
            return .mode(subject: subject, mode)
        case "CONTEXT":
            guard let name = key["context"]?.text else { throw RegistryRecordError("CONTEXT") }
            return .context(name: name, exists: value != nil)
        default: return nil
        }
    }

    private static func schema(_ value: JSONValue) throws(RegistryRecordError) -> RegistryRecord? {
        guard let subject = value["subject"]?.text, let version = value["version"]?.integer,
            let id = value["id"]?.integer, let text = value["schema"]?.text
        else { throw RegistryRecordError("SCHEMA") }
        // A schema of a type that is unknown here keeps its record and is not served.
        guard let type = SchemaType(rawValue: value["schemaType"]?.text ?? "AVRO") else { return nil }
        return .schema(
            StoredSchema(
                subject: subject, version: version, id: id, type: type,
                references: (value["references"]?.array ?? []).compactMap { SchemaReference($0) },
                metadata: present(value["metadata"]), ruleSet: present(value["ruleSet"]), text: text,
                isDeleted: value["deleted"]?.bool ?? false))
    }

    private static func present(_ value: JSONValue?) -> JSONValue? { value?.isNull == false ? value : nil }
}

/// A record of a known kind that lacks what its kind must have.
public struct RegistryRecordError: Error, Equatable, Sendable, CustomStringConvertible {
    public let kind: String
    init(_ kind: String) { self.kind = kind }
    public var description: String { "a record of kind \(kind) in _schemas does not have that kind's members" }
}
