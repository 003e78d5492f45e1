extension GroupEngine {
    mutating func decideConsumerHeartbeat(_ heartbeat: ConsumerHeartbeat, token: Token, into outbox: inout Outbox) {
        if let refusal = heartbeat.refusal { return outbox.reply(token, .consumerHeartbeat(refusal)) }
        do {
            if heartbeat.memberEpoch < 0 {
                try decideConsumerLeave(heartbeat, token: token, into: &outbox)
            } else {
                try decideConsumerStay(heartbeat, token: token, into: &outbox)
            }
        } catch {
            outbox.reply(
                token,
                .consumerHeartbeat(
                    ConsumerHeartbeatReply(error: error, message: nil, memberID: heartbeat.memberID)))
        }
    }

    private mutating func decideConsumerStay(
        _ heartbeat: ConsumerHeartbeat, token: Token, into outbox: inout Outbox
    ) throws(GroupError) {
        var tombstones: [GroupRecord] = []
        if let classic = classicGroups[heartbeat.groupID] {
            // An empty classic group gives way; one with members does not.
            guard heartbeat.memberEpoch == 0, classic.state == .empty, classic.pendingMembers.isEmpty else {
                throw .groupIDNotFound
            }
            tombstones = [.classicGroup(group: heartbeat.groupID, nil)]
        }
        let group = consumerGroups[heartbeat.groupID]
        if group == nil, heartbeat.memberEpoch != 0 { throw .groupIDNotFound }
        var change = ConsumerGroupChange(
            of: group ?? ConsumerGroup(id: heartbeat.groupID), topics: topics, now: outbox.now)
        let memberID = heartbeat.memberID.isEmpty ? memberIDs.uuid() : heartbeat.memberID
        if change.group.members.count >= options.consumerSizeMax, !change.group.members.contains(memberID) {
            throw .groupMaxSizeReached
        }
        let before = change.group.members[memberID]
        try change.admit(memberID, heartbeat)
        let hasNewSubscription = try change.describe(memberID, heartbeat)
        if hasNewSubscription || change.group.isMetadataStale {
            change.resolveExpressions(anew: change.group.isMetadataStale)
            let hash = topics.hash(of: change.group.subscribedTopics)
            if hasNewSubscription || hash != change.group.metadataHash { change.advanceEpoch() }
            consumerGroups[heartbeat.groupID]?.isMetadataStale = false
        }
        change.updateTarget()
        change.reconcile(memberID, owned: heartbeat.owned)
        guard let member = change.group.members[memberID] else { throw .unknownServerError }
        // An old epoch says that an answer was lost, and what was in it.
        let needsAssignment =
            heartbeat.isFull || before?.assigned != member.assigned || before?.epoch != heartbeat.memberEpoch
        let reply = ConsumerHeartbeatReply(
            memberID: memberID, memberEpoch: member.epoch, heartbeatInterval: options.consumerHeartbeatInterval,
            assignment: needsAssignment ? member.assigned : nil)
        guard !change.records.isEmpty else {
            consumerGroups[heartbeat.groupID]?.setDeadlines(
                of: memberID, session: outbox.now + Int64(options.consumerSessionTimeout), now: outbox.now)
            settle(heartbeat.groupID)
            return outbox.reply(token, .consumerHeartbeat(reply))
        }
        propose(tombstones + change.records, heartbeat.groupID, token, memberID, reply, into: &outbox)
    }

    private mutating func decideConsumerLeave(
        _ heartbeat: ConsumerHeartbeat, token: Token, into outbox: inout Outbox
    ) throws(GroupError) {
        guard let group = consumerGroups[heartbeat.groupID] else { throw .groupIDNotFound }
        if let instanceID = heartbeat.instanceID {
            guard let holder = group.instances[instanceID] else { throw .unknownMemberID }
            if holder != heartbeat.memberID { throw .fencedInstanceID }
        }
        guard let member = group.members[heartbeat.memberID] else { throw .unknownMemberID }
        var change = ConsumerGroupChange(of: group, topics: topics, now: outbox.now)
        if heartbeat.memberEpoch == ConsumerGroup.leaveForAWhileEpoch {
            var current = member.current
            current.memberEpoch = ConsumerGroup.leaveForAWhileEpoch
            current.pendingRevocation = Assignment()
            change.emit(.currentAssignment(group: group.id, member: heartbeat.memberID, current))
        } else {
            change.remove([heartbeat.memberID])
        }
        let reply = ConsumerHeartbeatReply(memberID: heartbeat.memberID, memberEpoch: heartbeat.memberEpoch)
        propose(change.records, heartbeat.groupID, token, heartbeat.memberID, reply, into: &outbox)
    }

    private mutating func propose(
        _ records: [GroupRecord], _ groupID: String, _ token: Token, _ memberID: String,
        _ reply: ConsumerHeartbeatReply, into outbox: inout Outbox
    ) {
        var append = InFlight(group: groupID, records: records)
        append.blocksGroup = true
        append.completion = .consumerHeartbeat(token, memberID: memberID, reply: reply)
        outbox.append(append)
    }

    /// Members that were not heard from, or did not give up in time what they had to, are taken out.
    mutating func consumerTimePassed(_ groupID: String, into outbox: inout Outbox) {
        guard waiting[groupID] == nil, let group = consumerGroups[groupID] else {
            // An append is under way; its end looks again.
            return
        }
        let expired = group.expiredMembers(now: outbox.now)
        // Should the append fail, it is tried again after a second.
        consumerGroups[groupID]?.resetWake(notBefore: outbox.now + (expired.isEmpty ? 1 : 1_000))
        settle(groupID)
        guard !expired.isEmpty else { return }
        var change = ConsumerGroupChange(of: group, topics: topics, now: outbox.now)
        change.remove(expired)
        var append = InFlight(group: groupID, records: change.records)
        append.blocksGroup = true
        outbox.append(append)
    }

    /// Tells which topics there are now. Consumer groups look again at what they are subscribed to.
    public mutating func topicsChanged(_ catalog: TopicCatalog) {
        guard catalog != topics else { return }
        topics = catalog
        for group in consumerGroups.keys { consumerGroups[group]?.isMetadataStale = true }
    }
}

extension ConsumerGroupChange {
    /// Finds the member, or takes it in.
    fileprivate mutating func admit(_ memberID: String, _ heartbeat: GroupEngine.ConsumerHeartbeat) throws(GroupError) {
        let isJoin = heartbeat.memberEpoch == 0
        if let instanceID = heartbeat.instanceID {
            if let holder = group.instances[instanceID], holder != memberID {
                guard isJoin else { throw .fencedInstanceID }
                guard let old = group.members[holder], old.epoch == ConsumerGroup.leaveForAWhileEpoch else {
                    throw .unreleasedInstanceID
                }
                // It is back under a new id: the new one takes over what the old one had.
                let target = group.targets[holder] ?? Assignment()
                var current = old.current
                current.memberEpoch = 0
                current.previousEpoch = 0
                for record in group.tombstones(ofMember: holder) { emit(record) }
                emit(.consumerMember(group: group.id, member: memberID, old.value))
                emit(.targetAssignment(group: group.id, member: memberID, target))
                emit(.currentAssignment(group: group.id, member: memberID, current))
                return
            }
            if group.instances[instanceID] == nil, !isJoin { throw .unknownMemberID }
        }
        guard let member = group.members[memberID] else {
            if isJoin { return }
            throw .unknownMemberID
        }
        // A member that begins anew has given everything up.
        if isJoin || heartbeat.memberEpoch == member.epoch { return }
        // The answer with the new epoch may have been lost.
        guard heartbeat.memberEpoch == member.previousEpoch, heartbeat.memberEpoch < member.epoch,
            heartbeat.owned?.isSubset(of: member.assigned) == true
        else { throw .fencedMemberEpoch }
    }

    /// Writes down what the member says of itself.
    /// - Returns: whether it is subscribed to something else now.
    fileprivate mutating func describe(
        _ memberID: String, _ heartbeat: GroupEngine.ConsumerHeartbeat
    ) throws(GroupError) -> Bool {
        let old = group.members[memberID]?.value
        var value =
            old
            ?? ConsumerMemberValue(
                instanceID: nil, rackID: nil, clientID: "", clientHost: "", topicNames: [], topicRegex: nil,
                rebalanceTimeout: -1, serverAssignor: nil)
        if let instanceID = heartbeat.instanceID { value.instanceID = instanceID }
        if let rackID = heartbeat.rackID { value.rackID = rackID }
        if heartbeat.rebalanceTimeout >= 0 { value.rebalanceTimeout = heartbeat.rebalanceTimeout }
        if let names = heartbeat.topicNames { value.topicNames = Set(names).sorted() }
        if let regex = heartbeat.topicRegex { value.topicRegex = regex.isEmpty ? nil : regex }
        if let assignor = heartbeat.serverAssignor { value.serverAssignor = assignor }
        value.clientID = heartbeat.clientID
        value.clientHost = heartbeat.clientHost
        if let pattern = value.topicRegex, pattern != old?.topicRegex, TopicPattern(pattern) == nil {
            throw .invalidRegularExpression
        }
        guard value != old else { return false }
        emit(.consumerMember(group: group.id, member: memberID, value))
        return old == nil || value.topicNames != old?.topicNames || value.topicRegex != old?.topicRegex
    }
}

extension GroupEngine.ConsumerHeartbeat {
    /// All that a heartbeat can say is said: the answer is whole as well.
    var isFull: Bool {
        memberEpoch == 0 || (rebalanceTimeout != -1 && (topicNames != nil || topicRegex != nil) && owned != nil)
    }

    /// Why the request makes no sense, nil when it does.
    var refusal: GroupEngine.ConsumerHeartbeatReply? {
        func refuse(_ error: GroupError, _ message: String) -> GroupEngine.ConsumerHeartbeatReply {
            .init(error: error, message: message, memberID: memberID)
        }
        let names = [groupID, memberID, instanceID ?? "", rackID ?? "", clientID]
        if names.contains(where: { $0.utf8.count > Int(Int16.max) }) || topicRegex?.utf8.count ?? 0 > 4_096 {
            return refuse(.invalidRequest, "A name is too long.")
        }
        if groupID.isEmpty { return refuse(.invalidRequest, "GroupId can't be empty.") }
        if instanceID == "" { return refuse(.invalidRequest, "InstanceId can't be empty.") }
        if rackID == "" { return refuse(.invalidRequest, "RackId can't be empty.") }
        if memberEpoch < ConsumerGroup.leaveForAWhileEpoch { return refuse(.invalidRequest, "MemberEpoch is invalid.") }
        if memberEpoch != 0, memberID.isEmpty { return refuse(.invalidRequest, "MemberId can't be empty.") }
        if memberEpoch == ConsumerGroup.leaveForAWhileEpoch, instanceID == nil {
            return refuse(.invalidRequest, "InstanceId can't be null.")
        }
        if memberEpoch == 0 {
            if rebalanceTimeout < 0 {
                return refuse(.invalidRequest, "RebalanceTimeoutMs must be provided in first request.")
            }
            if owned?.isEmpty != true {
                return refuse(.invalidRequest, "TopicPartitions must be empty when (re-)joining.")
            }
            if topicNames?.isEmpty ?? true, topicRegex?.isEmpty ?? true {
                return refuse(
                    .invalidRequest,
                    "Either SubscribedTopicNames or SubscribedTopicRegex must be non-empty in first request.")
            }
        }
        if let serverAssignor, PartitionAssignor(rawValue: serverAssignor) == nil {
            let known = PartitionAssignor.allCases.map(\.rawValue).joined(separator: ", ")
            return refuse(.unsupportedAssignor, "ServerAssignor is not supported. Supported assignors: \(known).")
        }
        return nil
    }
}
