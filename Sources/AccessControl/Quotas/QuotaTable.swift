/// The quotas that administrators have set.
public struct QuotaTable: Sendable {
    public private(set) var quotas: [QuotaEntity: [QuotaKind: Double]] = [:]

    public init() {}

    /// Replaces an entity's quotas; none removes it.
    public mutating func set(_ values: [QuotaKind: Double], of entity: QuotaEntity) {
        quotas[entity] = values.isEmpty ? nil : values
    }

    /// The limit for a connection and the entity that shares it; nil where there is none.
    public func limit(_ kind: QuotaKind, user: String, clientID: String) -> (entity: QuotaEntity, value: Double)? {
        guard !quotas.isEmpty else { return nil }
        for entity in QuotaEntity.candidates(user: user, clientID: clientID) {
            if let value = quotas[entity]?[kind] { return (entity, value) }
        }
        return nil
    }
}
