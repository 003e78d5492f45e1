extension ClassicGroup {
    mutating func join(
        _ join: GroupEngine.Join, token: GroupEngine.Token, options: GroupOptions, memberIDs: inout MemberIDSource,
        into outbox: inout Outbox
    ) {
        guard accepts(join.memberID, sizeMax: options.classicSizeMax) else {
            remove(join.memberID, into: &outbox)
            return outbox.reply(token, .join(.init(error: .groupMaxSizeReached, memberID: "")))
        }
        guard supports(join.protocolType, join.protocols) else {
            return outbox.reply(token, .join(.init(error: .inconsistentGroupProtocol, memberID: join.memberID)))
        }
        if join.memberID.isEmpty {
            let memberID = "\(join.instanceID ?? join.clientID)-\(memberIDs.uuid())"
            joinNew(join, as: memberID, token: token, options: options, into: &outbox)
        } else if pendingMembers[join.memberID] != nil, join.instanceID == nil {
            add(join, as: join.memberID, token: token, options: options, into: &outbox)
        } else {
            joinAgain(join, token: token, options: options, into: &outbox)
        }
    }

    private func accepts(_ memberID: String, sizeMax: Int) -> Bool {
        switch state {
        case .empty: true
        case .preparingRebalance: members[memberID]?.joinToken != nil || awaitingJoinCount < sizeMax
        case .completingRebalance, .stable: members.contains(memberID) || members.count < sizeMax
        }
    }

    private mutating func joinNew(
        _ join: GroupEngine.Join, as memberID: String, token: GroupEngine.Token, options: GroupOptions,
        into outbox: inout Outbox
    ) {
        if let instanceID = join.instanceID {
            guard let holder = instances[instanceID] else {
                return add(join, as: memberID, token: token, options: options, into: &outbox)
            }
            return replaceStatic(holder, with: memberID, join, token: token, options: options, into: &outbox)
        }
        guard join.canRejoin else {
            return add(join, as: memberID, token: token, options: options, into: &outbox)
        }
        // The answer may be lost: only a client that comes back with its id becomes a member.
        pendingMembers[memberID] = outbox.now + Int64(join.sessionTimeout)
        wake(outbox.now + Int64(join.sessionTimeout))
        outbox.reply(token, .join(.init(error: .memberIDRequired, memberID: memberID)))
    }

    private mutating func add(
        _ join: GroupEngine.Join, as memberID: String, token: GroupEngine.Token, options: GroupOptions,
        into outbox: inout Outbox
    ) {
        if members.isEmpty { protocolType = join.protocolType }
        if leaderID == nil { leaderID = memberID }
        pendingMembers[memberID] = nil
        if state == .preparingRebalance, previousState == .empty { isNewMemberAdded = true }
        let deadline = outbox.now + options.newMemberJoinTimeout
        members[memberID] = ClassicMember(
            id: memberID, instanceID: join.instanceID, clientID: join.clientID, clientHost: join.clientHost,
            rebalanceTimeout: join.rebalanceTimeout, sessionTimeout: join.sessionTimeout, protocols: join.protocols,
            joinToken: token, isNew: true, deadline: deadline)
        if let instanceID = join.instanceID { instances[instanceID] = memberID }
        wake(deadline)
        rebalanceOrCompleteJoin(options, into: &outbox)
    }

    private mutating func joinAgain(
        _ join: GroupEngine.Join, token: GroupEngine.Token, options: GroupOptions, into outbox: inout Outbox
    ) {
        let error = check(join.memberID, instanceID: join.instanceID)
        guard error == .none, let member = members[join.memberID] else {
            return outbox.reply(token, .join(.init(error: error, memberID: join.memberID)))
        }
        let isUnchanged = member.protocols == join.protocols
        switch state {
        case .completingRebalance where isUnchanged:
            // It did not get the answer to its join: it gets it again.
            outbox.reply(token, .join(reply(to: join.memberID)))
        case .stable where isUnchanged && !isLeader(join.memberID):
            var reply = reply(to: join.memberID)
            reply.members = []
            outbox.reply(token, .join(reply))
        case .empty:
            outbox.reply(token, .join(.init(error: .unknownMemberID, memberID: join.memberID)))
        case .preparingRebalance, .completingRebalance, .stable:
            update(join.memberID, join, token: token, into: &outbox)
            rebalanceOrCompleteJoin(options, into: &outbox)
        }
    }

    private mutating func update(
        _ memberID: String, _ join: GroupEngine.Join, token: GroupEngine.Token?, into outbox: inout Outbox
    ) {
        if let lost = members[memberID]?.joinToken {
            outbox.reply(lost, .join(.init(error: .rebalanceInProgress, memberID: memberID)))
        }
        members[memberID]?.protocols = join.protocols
        members[memberID]?.rebalanceTimeout = join.rebalanceTimeout
        members[memberID]?.sessionTimeout = join.sessionTimeout
        members[memberID]?.joinToken = token
    }

    /// A static member came back: it takes its predecessor's place, who is fenced from now on.
    private mutating func replaceStatic(
        _ oldID: String, with memberID: String, _ join: GroupEngine.Join, token: GroupEngine.Token,
        options: GroupOptions, into outbox: inout Outbox
    ) {
        guard let predecessor = members[oldID], let instanceID = join.instanceID else { return }
        if let token = predecessor.joinToken {
            outbox.reply(token, .join(.init(error: .fencedInstanceID, memberID: oldID)))
        }
        if let token = predecessor.syncToken { outbox.reply(token, .sync(.init(error: .fencedInstanceID))) }
        let oldLeader = leaderID
        rename(oldID, to: memberID)
        instances[instanceID] = memberID
        members[memberID]?.joinToken = nil
        members[memberID]?.syncToken = nil
        update(memberID, join, token: token, into: &outbox)
        members[memberID]?.deadline = outbox.now + Int64(join.sessionTimeout)
        wake(outbox.now + Int64(join.sessionTimeout))
        switch state {
        case .stable where protocolName == selectProtocol() && hasSameTopics(predecessor, join):
            var undo = predecessor
            undo.joinToken = nil
            undo.syncToken = nil
            var answer = reply(to: memberID)
            if join.canSkipAssignment {
                answer.skipAssignment = isLeader(memberID)
            } else {
                // It must not share out anew: it is told the old leader's name.
                answer.leader = oldLeader ?? ""
                answer.members = []
            }
            // It waits for its record, not for a generation.
            members[memberID]?.joinToken = nil
            let assignments = Dictionary(uniqueKeysWithValues: members.values.map { ($0.id, $0.assignment) })
            var append = InFlight(group: id, records: [record(assignments)])
            append.isApplied = true
            append.blocksGroup = true
            append.completion = .staticJoin(
                token, memberID: memberID, undo: undo, oldMemberID: oldID, reply: answer)
            outbox.append(append)
        case .stable, .completingRebalance: prepareRebalance(options, into: &outbox)
        case .preparingRebalance: completeJoinIfPossible(options, into: &outbox)
        case .empty: preconditionFailure("an empty group has no static member")
        }
    }

    /// Kafka asks for the protocol only; where a consumer now wants other topics, its old assignment is of no use.
    private func hasSameTopics(_ predecessor: ClassicMember, _ join: GroupEngine.Join) -> Bool {
        guard protocolType == ConsumerSubscription.protocolType,
            let before = ConsumerSubscription.topics(in: predecessor.metadata(of: protocolName)),
            let metadata = join.protocols.first(where: { $0.name == protocolName })?.metadata,
            let after = ConsumerSubscription.topics(in: metadata)
        else { return true }
        return before == after
    }

    mutating func rename(_ oldID: String, to newID: String) {
        members.rename(oldID, to: newID)
        members[newID]?.id = newID
        if leaderID == oldID { leaderID = newID }
        if pendingSync.remove(oldID) != nil { pendingSync.insert(newID) }
    }

    /// What a member is told of the generation.
    func reply(to memberID: String) -> GroupEngine.JoinReply {
        var reply = GroupEngine.JoinReply(
            generation: generation, protocolType: protocolType, protocolName: protocolName, leader: leaderID ?? "",
            memberID: memberID)
        if isLeader(memberID) {
            reply.members = members.values.map {
                .init(id: $0.id, instanceID: $0.instanceID, metadata: $0.metadata(of: protocolName))
            }
        }
        return reply
    }
}
