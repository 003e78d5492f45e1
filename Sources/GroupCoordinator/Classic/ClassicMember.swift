/// A member of a classic group.
struct ClassicMember: Sendable, Equatable {
    var id: String
    var instanceID: String?
    var clientID: String
    var clientHost: String
    /// Milliseconds.
    var rebalanceTimeout: Int32
    /// Milliseconds.
    var sessionTimeout: Int32
    var protocols: [GroupEngine.MemberProtocol]
    var assignment: [UInt8] = []

    /// The JoinGroup that waits for the generation.
    var joinToken: GroupEngine.Token?
    /// The SyncGroup that waits for the leader's assignment.
    var syncToken: GroupEngine.Token?
    /// It has not been part of a generation yet, and may be taken for dead even while it waits.
    var isNew = false
    /// When its session ends without a sign of life; nil while it waits for a generation.
    var deadline: Int64?

    func metadata(of protocolName: String?) -> [UInt8] {
        protocols.first { $0.name == protocolName }?.metadata ?? []
    }

    /// The protocol it likes best among `candidates`.
    func vote(among candidates: Set<String>) -> String? { protocols.first { candidates.contains($0.name) }?.name }
}
