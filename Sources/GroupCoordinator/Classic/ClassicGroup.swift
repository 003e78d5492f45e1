/// One group of the classic protocol: members join, a leader shares out the work, everybody syncs.
///
/// Empty → PreparingRebalance (members are joining) → CompletingRebalance (the leader is sharing out) → Stable. Only what
/// a generation ended with is a record; who is joining is not, and is asked again after a crash.
struct ClassicGroup: Sendable {
    enum State: String, Sendable {
        case empty = "Empty"
        case preparingRebalance = "PreparingRebalance"
        case completingRebalance = "CompletingRebalance"
        case stable = "Stable"
    }

    let id: String
    private(set) var state = State.empty
    private(set) var previousState = State.empty
    /// Milliseconds since 1970, nil when unknown.
    var stateTimestamp: Int64?
    var generation: Int32 = 0
    /// What kind of work is shared: `consumer`, `connect`, or anything else; nil where only offsets were ever committed.
    var protocolType: String?
    var protocolName: String?
    var leaderID: String?
    var members = OrderedTable<ClassicMember>()
    /// Member ids by group instance id.
    var instances: [String: String] = [:]
    /// Ids that were given out and have not come back, with the time at which they are forgotten.
    var pendingMembers: [String: Int64] = [:]
    /// Members of this generation that have not synced yet.
    var pendingSync: Set<String> = []
    /// The topics of the consumers' subscriptions; nil when they are not known.
    var subscribedTopics: Set<String>?

    /// When the join phase ends at the latest.
    var joinDeadline: Int64?
    /// In the first rebalance of an empty group: how much longer it may be extended, in milliseconds.
    var initialRemaining: Int64?
    var isNewMemberAdded = false
    var syncDeadline: Int64?
    /// Not after the earliest deadline in here.
    private(set) var wakeAt: Int64?

    init(id: String) { self.id = id }

    /// Nothing would be lost with it but what is being joined right now.
    var isUnused: Bool { generation == 0 && members.isEmpty && pendingMembers.isEmpty }

    mutating func move(to next: State, now: Int64?) {
        previousState = state
        state = next
        stateTimestamp = now
    }

    /// Notes a deadline that was set.
    mutating func wake(_ deadline: Int64) { wakeAt = min(wakeAt ?? .max, deadline) }

    mutating func resetWake() {
        var next = Int64.max
        for member in members.values { next = min(next, member.deadline ?? .max) }
        for deadline in pendingMembers.values { next = min(next, deadline) }
        next = min(next, joinDeadline ?? .max, syncDeadline ?? .max)
        wakeAt = next == .max ? nil : next
    }

    // MARK: members

    func isLeader(_ memberID: String) -> Bool { leaderID == memberID }

    /// The largest of the members', in milliseconds.
    var rebalanceTimeout: Int64 { Int64(members.values.map(\.rebalanceTimeout).max() ?? 0) }

    var awaitingJoinCount: Int { members.values.reduce(0) { $0 + ($1.joinToken == nil ? 0 : 1) } }

    var hasAllMembersJoined: Bool {
        pendingMembers.isEmpty && !members.contains { $0.joinToken == nil }
    }

    /// Whether a member that offers these protocols can be part of the group.
    func supports(_ type: String, _ protocols: [GroupEngine.MemberProtocol]) -> Bool {
        if members.isEmpty { return !type.isEmpty && !protocols.isEmpty }
        return type == protocolType && protocols.contains { candidateProtocols.contains($0.name) }
    }

    /// What all members support.
    var candidateProtocols: Set<String> {
        var candidates: Set<String>?
        for member in members.values {
            let names = Set(member.protocols.map(\.name))
            candidates = candidates?.intersection(names) ?? names
        }
        return candidates ?? []
    }

    /// The candidate with the most votes; the first member's preference decides between equals.
    func selectProtocol() -> String? {
        let candidates = candidateProtocols
        var votes: [String: Int] = [:]
        for member in members.values {
            if let vote = member.vote(among: candidates) { votes[vote, default: 0] += 1 }
        }
        guard let most = votes.values.max(), let first = members.values.first else { return nil }
        return first.vote(among: Set(votes.filter { $0.value == most }.keys))
            ?? votes.filter { $0.value == most }.keys.min()
    }

    func computeSubscribedTopics() -> Set<String>? {
        guard protocolType == ConsumerSubscription.protocolType else { return nil }
        if members.isEmpty { return [] }
        var topics: Set<String> = []
        for member in members.values {
            guard let own = ConsumerSubscription.topics(in: member.metadata(of: protocolName)) else { return nil }
            topics.formUnion(own)
        }
        return topics
    }

    func isSubscribed(to topic: String) -> Bool { subscribedTopics?.contains(topic) ?? false }

    /// - Returns: why a request in the member's name is refused, `none` when it is not.
    func check(_ memberID: String, instanceID: String?) -> GroupError {
        if let instanceID {
            guard let holder = instances[instanceID] else { return .unknownMemberID }
            if holder != memberID { return .fencedInstanceID }
        }
        return members.contains(memberID) ? .none : .unknownMemberID
    }

    /// Takes a member out, answering what it waits for.
    mutating func remove(_ memberID: String, into outbox: inout Outbox) {
        pendingMembers[memberID] = nil
        pendingSync.remove(memberID)
        guard let member = members[memberID] else { return }
        if let token = member.joinToken {
            outbox.reply(token, .join(GroupEngine.JoinReply(error: .unknownMemberID, memberID: "")))
        }
        if let token = member.syncToken { outbox.reply(token, .sync(GroupEngine.SyncReply(error: .unknownMemberID))) }
        if let instanceID = member.instanceID, instances[instanceID] == memberID { instances[instanceID] = nil }
        members[memberID] = nil
        if leaderID == memberID { leaderID = members.keys.first }
    }

    /// The group as its record says it, with these assignments.
    func record(_ assignments: [String: [UInt8]]) -> GroupRecord {
        .classicGroup(
            group: id,
            ClassicGroupValue(
                protocolType: protocolType ?? "", generation: generation, protocolName: protocolName,
                leader: leaderID, stateTimestamp: stateTimestamp ?? -1,
                members: members.values.map { member in
                    ClassicGroupValue.Member(
                        id: member.id, instanceID: member.instanceID, clientID: member.clientID,
                        clientHost: member.clientHost, rebalanceTimeout: member.rebalanceTimeout,
                        sessionTimeout: member.sessionTimeout, subscription: member.metadata(of: protocolName),
                        assignment: assignments[member.id] ?? [])
                }))
    }

    /// The group as a record left it.
    init(id: String, _ value: ClassicGroupValue) {
        self.init(id: id)
        generation = value.generation
        protocolType = value.protocolType.isEmpty ? nil : value.protocolType
        protocolName = value.protocolName
        leaderID = value.leader
        state = value.members.isEmpty ? .empty : .stable
        previousState = state
        stateTimestamp = value.stateTimestamp < 0 ? nil : value.stateTimestamp
        for member in value.members {
            members[member.id] = ClassicMember(
                id: member.id, instanceID: member.instanceID, clientID: member.clientID, clientHost: member.clientHost,
                rebalanceTimeout: member.rebalanceTimeout, sessionTimeout: member.sessionTimeout,
                protocols: [.init(name: value.protocolName ?? "", metadata: member.subscription)],
                assignment: member.assignment)
            if let instanceID = member.instanceID { instances[instanceID] = member.id }
        }
        subscribedTopics = computeSubscribedTopics()
    }
}
