/// Whom a quota limits: a user, a client id, or both. `.default` stands for everyone who has none of their own.
public struct QuotaEntity: Hashable, Sendable {
    public enum Name: Hashable, Sendable {
        case exactly(String)
        case `default`
    }

    public let user: Name?
    public let clientID: Name?

    /// nil leaves that side out; not both.
    public init(user: Name?, clientID: Name?) {
        precondition(user != nil || clientID != nil, "a quota limits a user, a client id or both")
        self.user = user
        self.clientID = clientID
    }

    /// The entities whose quota may apply to a connection, the most particular first, as Kafka orders them.
    static func candidates(user: String, clientID: String) -> [QuotaEntity] {
        let user = Name.exactly(user)
        let client = Name.exactly(clientID)
        return [
            QuotaEntity(user: user, clientID: client), QuotaEntity(user: user, clientID: .default),
            QuotaEntity(user: user, clientID: nil), QuotaEntity(user: .default, clientID: client),
            QuotaEntity(user: .default, clientID: .default), QuotaEntity(user: .default, clientID: nil),
            QuotaEntity(user: nil, clientID: client), QuotaEntity(user: nil, clientID: .default),
        ]
    }
}
