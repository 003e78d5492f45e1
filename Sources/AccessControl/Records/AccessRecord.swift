internal import Foundation

/// What access control keeps in the internal topic `__tailrace_access`, which is compacted: one record for each ACL, SCRAM
/// credential and quota entity, and one for the producer ids that are reserved.
///
/// Key and value are JSON objects. The key's `type` tells which kind it is, and the newest value of a key counts; no
/// value removes it. Fields that are not known are ignored, types that are not known are skipped: so it is extended.
public enum AccessRecord: Sendable, Equatable {
    /// The internal topic's name.
    public static let topic = "__tailrace_access"

    case rule(AccessRule, isPresent: Bool)
    case credential(user: String, ScramMechanism, ScramVerifier?)
    case quota(QuotaEntity, [QuotaKind: Double])
    /// Every producer id below the limit may be in use.
    case producerIDs(below: Int64)

    private struct Key: Codable {
        var type: String
        var resourceType: Int8?
        var resourceName: String?
        var patternType: Int8?
        var principal: String?
        var host: String?
        var operation: Int8?
        var permission: Int8?
        var user: String?
        var clientID: String?
        var userDefault: Bool?
        var clientIDDefault: Bool?
        var mechanism: String?
    }

    private struct Value: Codable {
        var verifier: String?
        var quotas: [String: Double]?
        var next: Int64?
    }

    public func encode() -> (key: [UInt8], value: [UInt8]?) {
        switch self {
        case .rule(let rule, let isPresent):
            var key = Key(type: "acl")
            key.resourceType = rule.resourceType.rawValue
            key.resourceName = rule.resourceName
            key.patternType = rule.patternType.rawValue
            key.principal = rule.principal
            key.host = rule.host
            key.operation = rule.operation.rawValue
            key.permission = rule.permission.rawValue
            return (Self.json(key), isPresent ? Self.json(Value()) : nil)
        case .credential(let user, let mechanism, let verifier):
            return (
                Self.json(Key(type: "scram", user: user, mechanism: mechanism.name)),
                verifier.map { Self.json(Value(verifier: $0.text)) }
            )
        case .quota(let entity, let values):
            var key = Key(type: "quota")
            switch entity.user {
            case .exactly(let name): key.user = name
            case .default: key.userDefault = true
            case nil: break
            }
            switch entity.clientID {
            case .exactly(let name): key.clientID = name
            case .default: key.clientIDDefault = true
            case nil: break
            }
            let named = Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) })
            return (Self.json(key), values.isEmpty ? nil : Self.json(Value(quotas: named)))
        case .producerIDs(let limit):
            return (Self.json(Key(type: "producer-ids")), Self.json(Value(next: limit)))
        }
    }

    /// - Returns: nil for a record of a type that this version does not know, or that is broken.
    public static func decode(key: [UInt8], value: [UInt8]?) -> AccessRecord? {
        let decoder = JSONDecoder()
        guard let key = try? decoder.decode(Key.self, from: Data(key)) else { return nil }
        let content = value.flatMap { try? decoder.decode(Value.self, from: Data($0)) }
        if value != nil, content == nil { return nil }
        switch key.type {
        case "acl":
            guard let rule = rule(of: key), rule.problem == nil else { return nil }
            return .rule(rule, isPresent: value != nil)
        case "scram":
            guard let user = key.user,
                let mechanism = ScramMechanism.allCases.first(where: { $0.name == key.mechanism })
            else { return nil }
            guard let content else { return .credential(user: user, mechanism, nil) }
            guard let verifier = ScramVerifier(mechanism: mechanism, text: content.verifier ?? "") else { return nil }
            return .credential(user: user, mechanism, verifier)
        case "quota":
            let user = key.userDefault == true ? QuotaEntity.Name.default : key.user.map { .exactly($0) }
            let client = key.clientIDDefault == true ? QuotaEntity.Name.default : key.clientID.map { .exactly($0) }
            guard user != nil || client != nil else { return nil }
            var values: [QuotaKind: Double] = [:]
            for (name, value) in content?.quotas ?? [:] {
                if let kind = QuotaKind(rawValue: name) { values[kind] = value }
            }
            return .quota(QuotaEntity(user: user, clientID: client), values)
        case "producer-ids":
            return content?.next.map { .producerIDs(below: $0) }
        default:
            return nil
        }
    }

    private static func rule(of key: Key) -> AccessRule? {
        guard let type = key.resourceType.flatMap(ResourceType.init), let name = key.resourceName,
            let pattern = key.patternType.flatMap(PatternType.init), let principal = key.principal,
            let host = key.host, let operation = key.operation.flatMap(AccessOperation.init),
            let permission = key.permission.flatMap(AccessPermission.init)
        else { return nil }
        return AccessRule(
            resourceType: type, resourceName: name, patternType: pattern, principal: principal, host: host,
            operation: operation, permission: permission)
    }

    /// Sorted keys: the same thing always has the same bytes, on which compaction rests.
    private static func json(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(value) else {
            preconditionFailure("texts and numbers can always be written as JSON")
        }
        return Array(data)
    }
}
