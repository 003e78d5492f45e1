public import Avro

/// A schema as a client hands it in to be registered, checked or looked up.
public struct SchemaRequest: Sendable, Equatable {
    public var text: String
    public var type: SchemaType
    public var references: [SchemaReference]
    public var metadata: JSONValue?
    public var ruleSet: JSONValue?
    /// Set by imports.
    public var id: Int?
    /// 0 leaves the choice to the registry, -1 asks for the latest.
    public var version: Int

    public init(
        text: String, type: SchemaType = .avro, references: [SchemaReference] = [], metadata: JSONValue? = nil,
        ruleSet: JSONValue? = nil, id: Int? = nil, version: Int = 0
    ) {
        self.text = text
        self.type = type
        self.references = references
        self.metadata = metadata
        self.ruleSet = ruleSet
        self.id = id
        self.version = version
    }

    /// Reads the body of a request.
    /// - Throws: 42201 for an unknown type of schema, 422 for members of the wrong kind.
    public init(_ json: JSONValue) throws(RegistryError) {
        guard json.object != nil else { throw RegistryError(400, "the body is not a JSON object") }
        let name = json["schemaType"]?.text ?? SchemaType.avro.rawValue
        guard let type = SchemaType(rawValue: name) else { throw .invalidSchema("Invalid schema type \(name)") }
        var references: [SchemaReference] = []
        for item in json["references"]?.array ?? [] {
            guard let reference = SchemaReference(item) else {
                throw .invalidSchema("a reference without 'name' or 'subject'")
            }
            references.append(reference)
        }
        self.init(
            text: json["schema"]?.text ?? "", type: type, references: references,
            metadata: Self.sorted(json["metadata"]), ruleSet: try Self.ruleSet(json["ruleSet"] ?? json["ruleset"]),
            id: json["id"]?.integer.flatMap { $0 >= 0 ? $0 : nil }, version: json["version"]?.integer ?? 0)
    }

    /// Maps by key and sets by value, as Confluent's registry keeps them; nothing that is empty.
    private static func sorted(_ value: JSONValue?) -> JSONValue? {
        switch value {
        case nil, .null: return nil
        case .object(let members):
            var object = JSONObject()
            for key in members.keys.sorted(by: { (rank($0), $0) < (rank($1), $1) }) {
                object[key] = sorted(members[key])
            }
            return .object(object)
        case .array(let items): return .array(items.sorted { ($0.text ?? "") < ($1.text ?? "") })
        case let other: return other
        }
    }

    private static func rank(_ key: String) -> Int {
        ["tags", "properties", "sensitive"].firstIndex(of: key) ?? 3
    }

    private static func ruleSet(_ value: JSONValue?) throws(RegistryError) -> JSONValue? {
        guard let value, !value.isNull else { return nil }
        var ordered = JSONObject()
        for list in ["migrationRules", "domainRules", "encodingRules"] {
            guard let rules = value[list]?.array, !rules.isEmpty else { continue }
            var names: Set<String> = []
            var kept: [JSONValue] = []
            for rule in rules {
                guard let name = rule["name"]?.text, !name.isEmpty else {
                    throw RegistryError(42210, "Found rule with null or empty name")
                }
                guard names.insert(name).inserted else {
                    throw RegistryError(42210, "Found rule with duplicate name '\(name)'")
                }
                var object = JSONObject()
                for key in [
                    "name", "doc", "kind", "mode", "type", "tags", "params", "expr", "onSuccess", "onFailure",
                ] {
                    if let member = rule[key], !member.isNull { object[key] = sorted(member) }
                }
                object["disabled"] = .bool(rule["disabled"]?.bool ?? false)
                kept.append(.object(object))
            }
            ordered[list] = .array(kept)
        }
        if let enableAt = value["enableAt"]?.text { ordered["enableAt"] = .string(enableAt) }
        return .object(ordered)
    }
}

extension SchemaRequest {
    /// The body of a request that hands this schema in.
    public var json: JSONValue {
        .object([
            "schema": .string(text), "schemaType": type == .avro ? nil : .string(type.rawValue),
            "references": references.isEmpty ? nil : .array(references.map(\.json)), "metadata": metadata,
            "ruleSet": ruleSet, "id": id.map { JSONValue($0) }, "version": version == 0 ? nil : JSONValue(version),
        ])
    }
}
