public import Avro

/// A name that a schema uses and another subject's version defines.
public struct SchemaReference: Hashable, Sendable {
    /// What the schema calls it: a full name in Avro, a URI in JSON Schema, an import path in Protobuf.
    public let name: String
    public let subject: String
    /// -1 stands for the latest.
    public let version: Int

    public init(name: String, subject: String, version: Int) {
        self.name = name
        self.subject = subject
        self.version = version
    }

    init?(_ json: JSONValue) {
        guard let name = json["name"]?.text, let subject = json["subject"]?.text else { return nil }
        self.init(name: name, subject: subject, version: json["version"]?.integer ?? -1)
    }

    public var json: JSONValue {
        .object(["name": .string(name), "subject": .string(subject), "version": JSONValue(version)])
    }
}

extension JSONValue {
    /// An object of the members that are not nil, in this order.
    static func object(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue { .object(JSONObject(members)) }
}
