public import Avro

/// A version of a subject as it is kept.
public struct StoredSchema: Sendable, Equatable {
    public let subject: String
    public let version: Int
    public let id: Int
    /// As written in the record: `AVRO` is left out there.
    public let type: SchemaType
    public let references: [SchemaReference]
    public let metadata: JSONValue?
    public let ruleSet: JSONValue?
    public let text: String
    public internal(set) var isDeleted: Bool

    /// What makes two schemas the same for the allocation of ids: text, references, metadata and rules.
    public var fingerprint: SchemaFingerprint {
        SchemaFingerprint(text: text, references: references, metadata: metadata, ruleSet: ruleSet)
    }
}
