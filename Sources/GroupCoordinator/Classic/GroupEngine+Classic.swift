extension GroupEngine {
    mutating func decideJoin(_ join: Join, token: Token, into outbox: inout Outbox) {
        func refuse(_ error: GroupError) {
            outbox.reply(token, .join(JoinReply(error: error, memberID: join.memberID)))
        }
        let names = [join.groupID, join.memberID, join.instanceID ?? "", join.clientID, join.protocolType]
        if join.groupID.isEmpty { return refuse(.invalidGroupID) }
        if (names + join.protocols.map(\.name)).contains(where: { $0.utf8.count > Int(Int16.max) - 64 }) {
            return refuse(.invalidRequest)
        }
        guard (options.sessionTimeoutMin...options.sessionTimeoutMax).contains(join.sessionTimeout) else {
            return refuse(.invalidSessionTimeout)
        }
        if let group = consumerGroups[join.groupID] {
            guard group.members.isEmpty else { return refuse(.inconsistentGroupProtocol) }
            // An empty consumer group gives way: first its records go, then the join is decided again.
            var append = InFlight(group: join.groupID, records: group.tombstones())
            append.blocksGroup = true
            append.completion = .retry(token, .join(join))
            return outbox.append(append)
        }
        if classicGroups[join.groupID] == nil {
            guard join.memberID.isEmpty else { return refuse(.unknownMemberID) }
            classicGroups[join.groupID] = ClassicGroup(id: join.groupID)
        }
        classicGroups[join.groupID]?.join(
            join, token: token, options: options, memberIDs: &memberIDs, into: &outbox)
        settle(join.groupID)
    }

    mutating func decideSync(_ sync: Sync, token: Token, into outbox: inout Outbox) {
        guard !sync.groupID.isEmpty else { return outbox.reply(token, .sync(SyncReply(error: .invalidGroupID))) }
        guard classicGroups[sync.groupID] != nil else {
            return outbox.reply(token, .sync(SyncReply(error: .unknownMemberID)))
        }
        classicGroups[sync.groupID]?.sync(sync, token: token, into: &outbox)
        settle(sync.groupID)
    }

    mutating func decideHeartbeat(_ heartbeat: Heartbeat, token: Token, into outbox: inout Outbox) {
        guard !heartbeat.groupID.isEmpty else { return outbox.reply(token, .heartbeat(.invalidGroupID)) }
        let error = classicGroups[heartbeat.groupID]?.heartbeat(heartbeat, now: outbox.now) ?? .unknownMemberID
        settle(heartbeat.groupID)
        outbox.reply(token, .heartbeat(error))
    }

    mutating func decideLeave(_ leave: Leave, token: Token, into outbox: inout Outbox) {
        guard !leave.groupID.isEmpty else { return outbox.reply(token, .leave(LeaveReply(error: .invalidGroupID))) }
        if consumerGroups[leave.groupID] != nil {
            return decideConsumerRemoval(leave, token: token, into: &outbox)
        }
        guard
            let members = classicGroups[leave.groupID]?.leave(leave.members, options: options, into: &outbox)
        else {
            let replies = leave.members.map {
                LeaveReply.Member(memberID: $0.memberID, instanceID: $0.instanceID, error: .unknownMemberID)
            }
            return outbox.reply(token, .leave(LeaveReply(members: replies)))
        }
        settle(leave.groupID)
        outbox.reply(token, .leave(LeaveReply(members: members)))
    }

    /// An administrator takes members out of a consumer group.
    private mutating func decideConsumerRemoval(_ leave: Leave, token: Token, into outbox: inout Outbox) {
        guard let group = consumerGroups[leave.groupID] else { return }
        var removed: [String] = []
        let replies = leave.members.map { member in
            let holder = member.instanceID.flatMap { group.instances[$0] }
            let memberID = member.memberID.isEmpty ? holder ?? "" : member.memberID
            var error = GroupError.none
            if group.members[memberID] == nil {
                error = .unknownMemberID
            } else if member.instanceID != nil, holder != memberID {
                error = .fencedInstanceID
            } else if !removed.contains(memberID) {
                removed.append(memberID)
            }
            return LeaveReply.Member(memberID: member.memberID, instanceID: member.instanceID, error: error)
        }
        let reply = Reply.leave(LeaveReply(members: replies))
        guard !removed.isEmpty else { return outbox.reply(token, reply) }
        var change = ConsumerGroupChange(of: group, topics: topics, now: outbox.now)
        change.remove(removed)
        var append = InFlight(group: leave.groupID, records: change.records)
        append.blocksGroup = true
        append.completion = .reply(token, success: reply, failure: { .leave(LeaveReply(error: $0)) })
        outbox.append(append)
    }
}
