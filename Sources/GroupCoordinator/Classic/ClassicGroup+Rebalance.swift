extension ClassicGroup {
    mutating func rebalanceOrCompleteJoin(_ options: GroupOptions, into outbox: inout Outbox) {
        if state == .preparingRebalance {
            completeJoinIfPossible(options, into: &outbox)
        } else {
            prepareRebalance(options, into: &outbox)
        }
    }

    mutating func completeJoinIfPossible(_ options: GroupOptions, into outbox: inout Outbox) {
        // A group that was empty waits its time for members that are about to come.
        guard state == .preparingRebalance, initialRemaining == nil, hasAllMembersJoined else { return }
        completeJoin(options, into: &outbox)
    }

    mutating func prepareRebalance(_ options: GroupOptions, into outbox: inout Outbox) {
        if state == .completingRebalance { answerSyncs(.rebalanceInProgress, into: &outbox) }
        pendingSync = []
        syncDeadline = nil
        let isInitial = state == .empty
        move(to: .preparingRebalance, now: outbox.now)
        if isInitial {
            isNewMemberAdded = false
            initialRemaining = max(rebalanceTimeout - options.initialRebalanceDelay, 0)
            awaitJoins(for: options.initialRebalanceDelay, now: outbox.now)
        } else if hasAllMembersJoined {
            completeJoin(options, into: &outbox)
        } else {
            awaitJoins(for: rebalanceTimeout, now: outbox.now)
        }
    }

    private mutating func awaitJoins(for timeout: Int64, now: Int64) {
        joinDeadline = now + timeout
        wake(now + timeout)
    }

    /// Ends the join phase: those who came make the next generation.
    mutating func completeJoin(_ options: GroupOptions, into outbox: inout Outbox) {
        joinDeadline = nil
        initialRemaining = nil
        // A static member keeps its place until its session ends.
        for member in members.values where member.joinToken == nil && member.instanceID == nil {
            remove(member.id, into: &outbox)
        }
        if !members.isEmpty, !electLeader() { return awaitJoins(for: rebalanceTimeout, now: outbox.now) }
        generation = generation == .max ? 1 : generation + 1
        pendingSync = []
        guard !members.isEmpty else {
            protocolName = nil
            leaderID = nil
            subscribedTopics = computeSubscribedTopics()
            move(to: .empty, now: outbox.now)
            var append = InFlight(group: id, records: [record([:])])
            append.isApplied = true
            return outbox.append(append)
        }
        protocolName = selectProtocol()
        subscribedTopics = computeSubscribedTopics()
        move(to: .completingRebalance, now: outbox.now)
        for memberID in members.keys {
            let token = members[memberID]?.joinToken
            members[memberID]?.joinToken = nil
            members[memberID]?.isNew = false
            extendSession(of: memberID, now: outbox.now)
            pendingSync.insert(memberID)
            if let token { outbox.reply(token, .join(reply(to: memberID))) }
        }
        syncDeadline = outbox.now + rebalanceTimeout
        wake(outbox.now + rebalanceTimeout)
    }

    /// - Returns: whether somebody who joined can lead.
    private mutating func electLeader() -> Bool {
        if let leaderID, members[leaderID]?.joinToken != nil { return true }
        guard let candidate = members.first(where: { $0.joinToken != nil }) else { return false }
        leaderID = candidate.key
        return true
    }

    mutating func extendSession(of memberID: String, now: Int64) {
        guard let timeout = members[memberID]?.sessionTimeout else { return }
        members[memberID]?.deadline = now + Int64(timeout)
        wake(now + Int64(timeout))
    }

    /// Ends the sync phase: with the leader's assignments, or with an error.
    mutating func answerSyncs(
        _ error: GroupError, assignments: [String: [UInt8]] = [:], into outbox: inout Outbox
    ) {
        for memberID in members.keys {
            members[memberID]?.assignment = assignments[memberID] ?? []
            guard let token = members[memberID]?.syncToken else { continue }
            members[memberID]?.syncToken = nil
            extendSession(of: memberID, now: outbox.now)
            outbox.reply(token, .sync(error == .none ? syncReply(to: memberID) : .init(error: error)))
        }
    }

    func syncReply(to memberID: String) -> GroupEngine.SyncReply {
        .init(
            protocolType: protocolType, protocolName: protocolName, assignment: members[memberID]?.assignment ?? [])
    }

    /// Somebody is gone: the others share anew, or go on with the join that waited for it.
    mutating func membersLeft(_ options: GroupOptions, into outbox: inout Outbox) {
        switch state {
        case .stable, .completingRebalance: prepareRebalance(options, into: &outbox)
        case .preparingRebalance: completeJoinIfPossible(options, into: &outbox)
        case .empty: break
        }
    }

    mutating func timePassed(_ options: GroupOptions, into outbox: inout Outbox) {
        let now = outbox.now
        if let deadline = joinDeadline, deadline <= now {
            if let remaining = initialRemaining, isNewMemberAdded, remaining > 0 {
                // Members are still coming: wait once more, up to the rebalance timeout in all.
                isNewMemberAdded = false
                let delay = min(options.initialRebalanceDelay, remaining)
                initialRemaining = remaining - delay
                awaitJoins(for: delay, now: now)
            } else {
                completeJoin(options, into: &outbox)
            }
        }
        if let deadline = syncDeadline, deadline <= now {
            syncDeadline = nil
            if !pendingSync.isEmpty, state == .completingRebalance || state == .stable {
                for memberID in members.keys where pendingSync.contains(memberID) { remove(memberID, into: &outbox) }
                prepareRebalance(options, into: &outbox)
            }
        }
        for (memberID, deadline) in pendingMembers.sorted(by: { $0.key < $1.key }) where deadline <= now {
            remove(memberID, into: &outbox)
            if state == .preparingRebalance { completeJoinIfPossible(options, into: &outbox) }
        }
        for memberID in members.keys {
            guard let member = members[memberID], let deadline = member.deadline, deadline <= now else { continue }
            guard member.isNew || (member.joinToken == nil && member.syncToken == nil) else {
                // Who waits for an answer is alive; the clock starts again with the answer.
                members[memberID]?.deadline = nil
                continue
            }
            remove(memberID, into: &outbox)
            membersLeft(options, into: &outbox)
        }
        resetWake()
    }
}
