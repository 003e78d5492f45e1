/// All that access control knows: the ACLs, the users and the quotas. A value, changed by its records alone, live and at
/// start alike.
public struct AccessState: Sendable {
    public internal(set) var authorizer: Authorizer
    public internal(set) var credentials: CredentialStore
    public internal(set) var quotas = QuotaTable()
    /// Every producer id below may be in use.
    public internal(set) var nextProducerID: Int64 = 0

    public init(authorizer: Authorizer = Authorizer(), credentials: CredentialStore = CredentialStore()) {
        self.authorizer = authorizer
        self.credentials = credentials
    }

    public mutating func apply(_ record: AccessRecord) {
        switch record {
        case .rule(let rule, true): authorizer.insert(rule)
        case .rule(let rule, false): authorizer.remove(rule)
        case .credential(let user, let mechanism, let verifier):
            credentials.setManaged(verifier, of: user, mechanism: mechanism)
        case .quota(let entity, let values): quotas.set(values, of: entity)
        case .producerIDs(let limit): nextProducerID = max(nextProducerID, limit)
        }
    }
}
