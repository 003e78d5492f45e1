extension ClassicGroup {
    mutating func sync(_ sync: GroupEngine.Sync, token: GroupEngine.Token, into outbox: inout Outbox) {
        var error = check(sync.memberID, instanceID: sync.instanceID)
        if error == .none, sync.generation != generation { error = .illegalGeneration }
        if error == .none, differs(sync.protocolType, protocolType) || differs(sync.protocolName, protocolName) {
            error = .inconsistentGroupProtocol
        }
        guard error == .none else { return outbox.reply(token, .sync(.init(error: error))) }
        switch state {
        case .empty: outbox.reply(token, .sync(.init(error: .unknownMemberID)))
        case .preparingRebalance: outbox.reply(token, .sync(.init(error: .rebalanceInProgress)))
        case .stable:
            synced(sync.memberID)
            outbox.reply(token, .sync(syncReply(to: sync.memberID)))
        case .completingRebalance:
            if let lost = members[sync.memberID]?.syncToken {
                outbox.reply(lost, .sync(.init(error: .rebalanceInProgress)))
            }
            members[sync.memberID]?.syncToken = token
            synced(sync.memberID)
            guard isLeader(sync.memberID) else { return }
            var append = InFlight(group: id, records: [record(sync.assignments)])
            append.isApplied = true
            append.completion = .sync(generation: generation, assignments: sync.assignments)
            outbox.append(append)
        }
    }

    /// A client may leave the protocol out (before version 5); what it names must be the group's.
    private func differs(_ named: String?, _ own: String?) -> Bool { named != nil && named != own }

    private mutating func synced(_ memberID: String) {
        pendingSync.remove(memberID)
        if pendingSync.isEmpty { syncDeadline = nil }
    }

    /// The leader's assignment is in the log, or could not be put there.
    mutating func syncAppended(
        generation: Int32, assignments: [String: [UInt8]], error: GroupError, options: GroupOptions,
        into outbox: inout Outbox
    ) {
        // Somebody joined or left meanwhile: the next generation is under way.
        guard state == .completingRebalance, generation == self.generation else { return }
        guard error == .none else {
            answerSyncs(error, into: &outbox)
            return prepareRebalance(options, into: &outbox)
        }
        move(to: .stable, now: outbox.now)
        answerSyncs(.none, assignments: assignments, into: &outbox)
    }

    mutating func heartbeat(_ heartbeat: GroupEngine.Heartbeat, now: Int64) -> GroupError {
        let error = check(heartbeat.memberID, instanceID: heartbeat.instanceID)
        guard error == .none else { return error }
        guard heartbeat.generation == generation else { return .illegalGeneration }
        switch state {
        case .empty: return .unknownMemberID
        case .preparingRebalance:
            extendSession(of: heartbeat.memberID, now: now)
            return .rebalanceInProgress
        case .completingRebalance, .stable:
            extendSession(of: heartbeat.memberID, now: now)
            return .none
        }
    }

    mutating func leave(
        _ leaving: [GroupEngine.LeavingMember], options: GroupOptions, into outbox: inout Outbox
    ) -> [GroupEngine.LeaveReply.Member] {
        var replies: [GroupEngine.LeaveReply.Member] = []
        for member in leaving {
            var error = GroupError.none
            if member.memberID.isEmpty {
                if let instanceID = member.instanceID, let memberID = instances[instanceID] {
                    remove(memberID, into: &outbox)
                } else {
                    error = .unknownMemberID
                }
            } else if pendingMembers[member.memberID] != nil {
                remove(member.memberID, into: &outbox)
            } else {
                error = check(member.memberID, instanceID: member.instanceID)
                if error == .none { remove(member.memberID, into: &outbox) }
            }
            replies.append(.init(memberID: member.memberID, instanceID: member.instanceID, error: error))
        }
        if replies.contains(where: { $0.error == .none }) { membersLeft(options, into: &outbox) }
        return replies
    }

    func checkCommit(_ commit: GroupEngine.Commit) -> GroupError {
        let isTransactional = commit.producer != nil
        if commit.generation >= 0 || !commit.memberID.isEmpty || commit.instanceID != nil {
            let error = check(commit.memberID, instanceID: commit.instanceID)
            guard error == .none else { return error }
            if commit.generation != generation { return .illegalGeneration }
        } else if !isTransactional, state != .empty {
            return .unknownMemberID
        }
        return !isTransactional && state == .completingRebalance ? .rebalanceInProgress : .none
    }
}
