public import Avro

/// The settings of a subject, a context or the whole registry; what is not set is taken from further up.
public struct RegistryConfig: Sendable, Equatable {
    /// In the order of Confluent's records and answers.
    static let keys = [
        "alias", "aliasForDeks", "normalize", "validateFields", "validateNewSchemas", "validateRules",
        "compatibilityLevel", "compatibilityPolicy", "compatibilityGroup", "defaultMetadata", "overrideMetadata",
        "defaultRuleSet", "overrideRuleSet",
    ]

    private var values: [String: JSONValue] = [:]

    public init(compatibility: CompatibilityLevel? = nil) {
        values["compatibilityLevel"] = compatibility.map { .string($0.rawValue) }
    }

    init(_ json: JSONValue) {
        for key in Self.keys where json[key]?.isNull == false { values[key] = json[key] }
    }

    public subscript(_ key: String) -> JSONValue? { values[key] }

    public var compatibility: CompatibilityLevel? {
        values["compatibilityLevel"]?.text.flatMap { CompatibilityLevel(rawValue: $0.uppercased()) }
    }
    public var isNormalizing: Bool { values["normalize"]?.bool ?? false }
    public var alias: String? { values["alias"]?.text.flatMap { $0.isEmpty ? nil : $0 } }
    public var compatibilityGroup: String? { values["compatibilityGroup"]?.text.flatMap { $0.isEmpty ? nil : $0 } }
    var validatesNewSchemas: Bool { values["validateNewSchemas"]?.bool ?? true }

    /// The settings as a record or `GET /config` holds them.
    public var json: JSONObject {
        var object = JSONObject()
        for key in Self.keys { object[key] = values[key] }
        return object
    }

    /// These settings, and the other's where these say nothing.
    func merged(over other: RegistryConfig) -> RegistryConfig {
        var copy = self
        copy.values.merge(other.values) { own, _ in own }
        return copy
    }

    /// Changes what a request names; null takes a setting back.
    func updated(by request: JSONValue) -> RegistryConfig {
        var copy = self
        for key in Self.keys {
            // The request calls the level `compatibility`.
            let value = key == "compatibilityLevel" ? request["compatibility"] ?? request[key] : request[key]
            guard let value else { continue }
            copy.values[key] = value.isNull ? nil : value
        }
        if let level = copy.compatibility { copy.values["compatibilityLevel"] = .string(level.rawValue) }
        return copy
    }
}
