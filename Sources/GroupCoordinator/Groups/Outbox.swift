/// What decisions collect on their way: replies and appends, in order.
struct Outbox {
    let now: Int64
    var actions: [Action] = []

    enum Action {
        case reply(GroupEngine.Token, GroupEngine.Reply)
        case append(InFlight)
    }

    init(now: Int64) { self.now = now }

    mutating func reply(_ token: GroupEngine.Token, _ reply: GroupEngine.Reply) { actions.append(.reply(token, reply)) }
    mutating func append(_ append: InFlight) { actions.append(.append(append)) }
}

/// Records on their way into the log, and what happens when they are there.
struct InFlight: Sendable {
    let group: String
    let records: [GroupRecord]
    var producer: GroupEngine.TransactionalProducer?
    /// The group's next decision needs this outcome: its requests wait.
    var blocksGroup = false
    /// The records describe what a classic group already is: they are not applied again.
    var isApplied = false
    var completion: Completion = .none

    enum Completion: Sendable {
        case none
        case reply(GroupEngine.Token, success: GroupEngine.Reply, failure: @Sendable (GroupError) -> GroupEngine.Reply)
        /// The leader's assignment of a classic group's generation.
        case sync(generation: Int32, assignments: [String: [UInt8]])
        /// A static member of a stable classic group came back under a new id.
        case staticJoin(
            GroupEngine.Token, memberID: String, undo: ClassicMember, oldMemberID: String, reply: GroupEngine.JoinReply)
        /// A member's heartbeat to a consumer group: from now on its session counts.
        case consumerHeartbeat(GroupEngine.Token, memberID: String, reply: GroupEngine.ConsumerHeartbeatReply)
        /// A classic join that first had to remove an empty consumer group.
        case retry(GroupEngine.Token, GroupEngine.Request)
    }
}
