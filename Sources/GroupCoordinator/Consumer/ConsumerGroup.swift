internal import ChangeModel

/// One group of the consumer protocol (KIP-848): the coordinator shares the partitions out, and each member moves towards
/// its target at its own pace.
///
/// All of it is records, but for when sessions end: ``apply(_:)`` is how a group changes, live and in a replay.
struct ConsumerGroup: Sendable {
    /// A member that leaves for good.
    static let leaveEpoch: Int32 = -1
    /// A static member that will be back.
    static let leaveForAWhileEpoch: Int32 = -2

    let id: String
    private(set) var epoch: Int32 = 0
    private(set) var metadataHash: Int64 = 0
    private(set) var members = OrderedTable<ConsumerMember>()
    /// Member ids by group instance id.
    private(set) var instances: [String: String] = [:]
    private(set) var targetEpoch: Int32 = 0
    private(set) var targets: [String: Assignment] = [:]
    private(set) var expressions: [String: RegularExpressionValue] = [:]

    /// The topics have changed since the subscriptions were last resolved.
    var isMetadataStale = true
    private(set) var wakeAt: Int64?

    init(id: String) { self.id = id }

    /// Kafka's name of the group's state.
    var state: String {
        if members.isEmpty { return "Empty" }
        if epoch > targetEpoch { return "Assigning" }
        if members.contains(where: { !$0.isReconciled(to: targetEpoch) }) { return "Reconciling" }
        return "Stable"
    }

    /// The topics that members name or whose names match a member's expression.
    var subscribedTopics: Set<String> {
        var topics: Set<String> = []
        for member in members.values { topics.formUnion(self.topics(of: member.value)) }
        return topics
    }

    func topics(of member: ConsumerMemberValue) -> Set<String> {
        var topics = Set(member.topicNames)
        if let pattern = member.topicRegex { topics.formUnion(expressions[pattern]?.topics ?? []) }
        return topics
    }

    func isSubscribed(to topic: String) -> Bool {
        members.contains { $0.value.topicNames.contains(topic) }
            || expressions.values.contains { $0.topics.contains(topic) }
    }

    /// The assignor that most members ask for.
    var assignor: PartitionAssignor {
        var votes: [PartitionAssignor: Int] = [:]
        for member in members.values {
            if let vote = member.value.serverAssignor.flatMap(PartitionAssignor.init) { votes[vote, default: 0] += 1 }
        }
        return votes.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }?.key ?? .uniform
    }

    /// Applies a record of this group. The group is gone when its own record is a tombstone: that is for the owner.
    mutating func apply(_ record: GroupRecord) {
        switch record {
        case .consumerGroup(_, let value?):
            epoch = value.epoch
            metadataHash = value.metadataHash
        case .consumerMember(_, let member, let value?):
            if let instanceID = value.instanceID { instances[instanceID] = member }
            if members[member] == nil {
                members[member] = ConsumerMember(value)
            } else {
                members[member]?.value = value
            }
        case .consumerMember(_, let member, nil):
            if let instanceID = members[member]?.value.instanceID, instances[instanceID] == member {
                instances[instanceID] = nil
            }
            members[member] = nil
            targets[member] = nil
        case .targetEpoch(_, let value?): targetEpoch = value
        case .targetAssignment(_, let member, let assignment): targets[member] = assignment
        case .currentAssignment(_, let member, let value):
            guard members[member] != nil else { return }
            members[member]?.current =
                value
                ?? CurrentAssignmentValue(
                    memberEpoch: Self.leaveEpoch, previousEpoch: Self.leaveEpoch, state: .stable,
                    assigned: Assignment(), pendingRevocation: Assignment())
        case .regularExpression(_, let pattern, let value): expressions[pattern] = value
        case .consumerGroup(_, nil), .targetEpoch(_, nil), .offset, .classicGroup: break
        }
    }

    /// What removes every trace of the (empty) group.
    func tombstones() -> [GroupRecord] {
        var records: [GroupRecord] = []
        for member in members.keys { records += tombstones(ofMember: member) }
        for pattern in expressions.keys.sorted() {
            records.append(.regularExpression(group: id, pattern: pattern, nil))
        }
        return records + [.targetEpoch(group: id, nil), .consumerGroup(group: id, nil)]
    }

    func tombstones(ofMember member: String) -> [GroupRecord] {
        [
            .currentAssignment(group: id, member: member, nil), .targetAssignment(group: id, member: member, nil),
            .consumerMember(group: id, member: member, nil),
        ]
    }

    // MARK: time

    mutating func setDeadlines(of member: String, session: Int64, now: Int64) {
        guard let current = members[member] else { return }
        members[member]?.deadline = session
        wakeAt = min(wakeAt ?? .max, session)
        guard current.state == .unrevokedPartitions else {
            members[member]?.rebalanceDeadline = nil
            return
        }
        guard current.rebalanceDeadline == nil else { return }
        let deadline = now + Int64(current.value.rebalanceTimeout)
        members[member]?.rebalanceDeadline = deadline
        wakeAt = min(wakeAt ?? .max, deadline)
    }

    /// The member moved on: what it has to give up now has its own time.
    mutating func restartRebalanceTimer(of member: String) { members[member]?.rebalanceDeadline = nil }

    func expiredMembers(now: Int64) -> [String] {
        members.keys.filter {
            members[$0]?.deadline ?? .max <= now || members[$0]?.rebalanceDeadline ?? .max <= now
        }
    }

    mutating func resetWake(notBefore: Int64) {
        var next = Int64.max
        for member in members.values { next = min(next, member.deadline ?? .max, member.rebalanceDeadline ?? .max) }
        wakeAt = next == .max ? nil : max(next, notBefore)
    }

    // MARK: checks

    func checkCommit(_ commit: GroupEngine.Commit) -> GroupError {
        if commit.generation < 0, members.isEmpty { return .none }
        guard let member = members[commit.memberID] else { return .unknownMemberID }
        let isTransactional = commit.producer != nil
        if !isTransactional, !commit.knowsMemberEpochs { return .unsupportedVersion }
        guard commit.generation != member.epoch else { return .none }
        return isTransactional ? .illegalGeneration : .staleMemberEpoch
    }

    func checkFetch(memberID: String?, memberEpoch: Int32) -> GroupError {
        if memberID ?? "" == "", memberEpoch < 0 { return .none }
        guard let memberID, let member = members[memberID] else { return .unknownMemberID }
        return member.epoch == memberEpoch ? .none : .staleMemberEpoch
    }
}
