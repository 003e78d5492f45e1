extension GroupEngine {
    mutating func decideCommit(_ commit: Commit, token: Token, into outbox: inout Outbox) {
        let error = checkCommit(commit)
        guard error == .none else {
            return outbox.reply(token, .commit(commit.offsets.map { PartitionOutcome($0, error) }))
        }
        if !commit.memberID.isEmpty, let group = classicGroups[commit.groupID] {
            // A commit is a sign of life.
            if group.state == .stable || group.state == .preparingRebalance, commit.producer == nil {
                classicGroups[commit.groupID]?.extendSession(of: commit.memberID, now: outbox.now)
                settle(commit.groupID)
            }
        }
        var outcomes: [PartitionOutcome] = []
        var records: [GroupRecord] = []
        for offset in commit.offsets {
            guard offset.metadata.utf8.count <= min(options.offsetMetadataBytesMax, Int(Int16.max)) else {
                outcomes.append(PartitionOutcome(offset, .offsetMetadataTooLarge))
                continue
            }
            guard offset.topic.utf8.count <= 249 else {
                outcomes.append(PartitionOutcome(offset, .invalidRequest))
                continue
            }
            outcomes.append(PartitionOutcome(offset, .none))
            records.append(
                .offset(
                    group: commit.groupID, topic: offset.topic, partition: offset.partition,
                    OffsetValue(
                        offset: offset.offset, leaderEpoch: offset.leaderEpoch, metadata: offset.metadata,
                        commitTimestamp: outbox.now,
                        expireTimestamp: commit.retention.map { outbox.now + $0 })))
        }
        guard !records.isEmpty else { return outbox.reply(token, .commit(outcomes)) }
        var append = InFlight(group: commit.groupID, records: records)
        append.producer = commit.producer
        append.completion = .reply(
            token, success: .commit(outcomes),
            failure: { [outcomes] error in
                .commit(
                    outcomes.map {
                        .init(topic: $0.topic, partition: $0.partition, error: $0.error == .none ? error : $0.error)
                    })
            })
        outbox.append(append)
    }

    private func checkCommit(_ commit: Commit) -> GroupError {
        guard commit.groupID.utf8.count <= Int(Int16.max) else { return .invalidGroupID }
        if let group = classicGroups[commit.groupID] { return group.checkCommit(commit) }
        if let group = consumerGroups[commit.groupID] { return group.checkCommit(commit) }
        if commit.generation < 0 { return .none }
        return commit.knowsMemberEpochs && commit.producer == nil ? .groupIDNotFound : .illegalGeneration
    }

    mutating func decideDeleteOffsets(_ request: DeleteOffsets, token: Token, into outbox: inout Outbox) {
        if let group = classicGroups[request.groupID] {
            // What other kinds of members work on cannot be told.
            guard group.members.isEmpty || group.protocolType == ConsumerSubscription.protocolType else {
                return outbox.reply(token, .deleteOffsets(.init(error: .nonEmptyGroup)))
            }
        } else if consumerGroups[request.groupID] == nil {
            return outbox.reply(token, .deleteOffsets(.init(error: .groupIDNotFound)))
        }
        var outcomes: [PartitionOutcome] = []
        var records: [GroupRecord] = []
        for each in request.partitions {
            guard !isSubscribed(request.groupID, to: each.topic) else {
                outcomes.append(
                    .init(topic: each.topic, partition: each.partition, error: .groupSubscribedToTopic))
                continue
            }
            outcomes.append(.init(topic: each.topic, partition: each.partition, error: .none))
            if offsets.offset(request.groupID, each.topic, each.partition) != nil
                || offsets.isPending(request.groupID, each.topic, each.partition)
            {
                records.append(.offset(group: request.groupID, topic: each.topic, partition: each.partition, nil))
            }
        }
        let reply = DeleteOffsetsReply(outcomes: outcomes)
        guard !records.isEmpty else { return outbox.reply(token, .deleteOffsets(reply)) }
        var append = InFlight(group: request.groupID, records: records)
        append.completion = .reply(
            token, success: .deleteOffsets(reply), failure: { .deleteOffsets(.init(error: $0)) })
        outbox.append(append)
    }

    func isSubscribed(_ group: String, to topic: String) -> Bool {
        classicGroups[group]?.isSubscribed(to: topic) ?? consumerGroups[group]?.isSubscribed(to: topic) ?? false
    }

    mutating func decideDelete(_ group: String, token: Token, into outbox: inout Outbox) {
        guard classicGroups[group] != nil || consumerGroups[group] != nil else {
            return outbox.reply(token, .deleteGroup(.groupIDNotFound))
        }
        guard classicGroups[group]?.state ?? .empty == .empty, consumerGroups[group]?.members.isEmpty ?? true else {
            return outbox.reply(token, .deleteGroup(.nonEmptyGroup))
        }
        var append = InFlight(group: group, records: offsetTombstones(of: group) + groupTombstones(of: group))
        append.blocksGroup = true
        append.completion = .reply(token, success: .deleteGroup(.none), failure: { .deleteGroup($0) })
        outbox.append(append)
    }

    private func offsetTombstones(of group: String) -> [GroupRecord] {
        offsets.partitions(of: group).map { .offset(group: group, topic: $0.topic, partition: $0.partition, nil) }
    }

    func groupTombstones(of group: String) -> [GroupRecord] {
        consumerGroups[group]?.tombstones() ?? [.classicGroup(group: group, nil)]
    }

    /// Forgets the offsets that nobody has needed for the retention time, and the empty groups without offsets.
    mutating func expireOffsets(into outbox: inout Outbox) {
        for group in classicGroups.keys.sorted() + consumerGroups.keys.sorted() where waiting[group] == nil {
            var records: [GroupRecord] = []
            var isEmpty = offsets.open[group] == nil
            for (topic, partition) in offsets.partitions(of: group) {
                guard let value = offsets.offset(group, topic, partition), !isSubscribed(group, to: topic),
                    !offsets.isPending(group, topic, partition), isExpired(value, of: group, now: outbox.now)
                else {
                    isEmpty = false
                    continue
                }
                records.append(.offset(group: group, topic: topic, partition: partition, nil))
            }
            let hasMembers = classicGroups[group].map { $0.state != .empty || !$0.pendingMembers.isEmpty }
            let isIdle = !(hasMembers ?? (consumerGroups[group]?.members.isEmpty == false))
            if isEmpty, isIdle { records += groupTombstones(of: group) }
            guard !records.isEmpty else { continue }
            var append = InFlight(group: group, records: records)
            append.blocksGroup = true
            outbox.append(append)
        }
    }

    /// Offsets of a group with members stay for the topics it is subscribed to; when the group is empty, the time counts
    /// from then.
    private func isExpired(_ value: OffsetValue, of groupID: String, now: Int64) -> Bool {
        if let expiry = value.expireTimestamp { return now >= expiry }
        if let group = classicGroups[groupID], group.protocolType != nil {
            switch group.state {
            case .empty: return now - (group.stateTimestamp ?? value.commitTimestamp) >= options.offsetsRetention
            case .stable where group.subscribedTopics != nil: break
            default: return false
            }
        }
        return now - value.commitTimestamp >= options.offsetsRetention
    }

    /// Topics are gone: so are the offsets committed for them.
    public mutating func topicsDeleted(_ names: Set<String>, now: Int64) -> [Effect] {
        guard isLoaded else { return [] }
        var outbox = Outbox(now: now)
        for group in offsets.groups().sorted() {
            let records = offsets.partitions(of: group).filter { names.contains($0.topic) }
                .map { GroupRecord.offset(group: group, topic: $0.topic, partition: $0.partition, nil) }
            if !records.isEmpty { outbox.append(InFlight(group: group, records: records)) }
        }
        return finish(&outbox)
    }

    /// The marker of a producer's transaction is in a partition of `__consumer_offsets`.
    public mutating func transactionEnded(producerID: Int64, partition: Int32, isCommit: Bool) {
        offsets.end(.init(partition: partition, producerID: producerID), isCommit: isCommit)
    }
}
