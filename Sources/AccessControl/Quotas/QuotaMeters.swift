/// The flows that quotas limit, each shared by all connections of its entity.
public struct QuotaMeters: Sendable {
    private struct Key: Hashable {
        let kind: QuotaKind
        let entity: QuotaEntity
        /// Who shares the meter of an entity that speaks of everyone: each their own.
        let user: String
        let clientID: String
    }

    private var meters: [Key: RateMeter] = [:]

    public init() {}

    /// Counts bytes of a connection against its quota.
    /// - Parameter now: milliseconds since 1970.
    /// - Returns: how many milliseconds the client is to pause; 0 where it has no quota or is below it.
    public mutating func record(
        _ byteCount: Int, of kind: QuotaKind, user: String, clientID: String, quotas: QuotaTable, now: Int64
    ) -> Int32 {
        guard let limit = quotas.limit(kind, user: user, clientID: clientID), limit.value > 0 else { return 0 }
        let key = Key(
            kind: kind, entity: limit.entity, user: limit.entity.user == nil ? "" : user,
            clientID: limit.entity.clientID == nil ? "" : clientID)
        if meters[key] == nil, meters.count >= 10_000 { meters = meters.filter { !$0.value.isIdle(now: now) } }
        return meters[key, default: RateMeter(now: now)].record(byteCount, rate: limit.value, now: now)
    }
}
