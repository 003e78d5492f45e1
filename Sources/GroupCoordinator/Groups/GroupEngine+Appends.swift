extension GroupEngine {
    /// The records are in the log: from now on they count.
    /// - Parameter baseOffset: of the first record.
    public mutating func appendCompleted(_ id: AppendID, baseOffset: Int64, now: Int64) -> [Effect] {
        guard let append = inFlight.removeValue(forKey: id) else { return [] }
        var outbox = Outbox(now: now)
        if !append.isApplied {
            let partition = GroupPartition.index(of: append.group, partitionCount: options.partitionCount)
            for (index, record) in append.records.enumerated() {
                apply(record, partition: partition, producerID: append.producer?.id, offset: baseOffset + Int64(index))
            }
        }
        complete(append, error: .none, into: &outbox)
        return finish(&outbox)
    }

    /// The records are not in the log and will not come there.
    public mutating func appendFailed(_ id: AppendID, error: GroupError, now: Int64) -> [Effect] {
        guard let append = inFlight.removeValue(forKey: id) else { return [] }
        var outbox = Outbox(now: now)
        complete(append, error: error, into: &outbox)
        return finish(&outbox)
    }

    private mutating func complete(_ append: InFlight, error: GroupError, into outbox: inout Outbox) {
        let queued = append.blocksGroup ? waiting.removeValue(forKey: append.group) ?? [] : []
        switch append.completion {
        case .none: break
        case .reply(let token, let success, let failure):
            outbox.reply(token, error == .none ? success : failure(error))
        case .sync(let generation, let assignments):
            classicGroups[append.group]?.syncAppended(
                generation: generation, assignments: assignments, error: error, options: options, into: &outbox)
        case .staticJoin(let token, let memberID, let undo, let oldMemberID, var reply):
            if error != .none {
                classicGroups[append.group]?.undoReplacement(of: oldMemberID, by: memberID, undo)
                reply = JoinReply(error: error, memberID: "")
            }
            outbox.reply(token, .join(reply))
        case .consumerHeartbeat(let token, let memberID, let reply):
            if error == .none {
                consumerGroups[append.group]?.restartRebalanceTimer(of: memberID)
                if reply.memberEpoch >= 0 {
                    consumerGroups[append.group]?.setDeadlines(
                        of: memberID, session: outbox.now + Int64(options.consumerSessionTimeout), now: outbox.now)
                }
                outbox.reply(token, .consumerHeartbeat(reply))
            } else {
                outbox.reply(token, .consumerHeartbeat(.init(error: error, memberID: memberID)))
            }
        case .retry(let token, let request):
            if error == .none {
                decide(request, token: token, into: &outbox)
            } else {
                outbox.reply(token, request.failure(error))
            }
        }
        if let group = consumerGroups[append.group], group.wakeAt == nil || append.blocksGroup {
            consumerGroups[append.group]?.resetWake(notBefore: outbox.now)
        }
        settle(append.group)
        // What waited is decided in the order in which it came; the first that appends holds the others up again.
        for (token, request) in queued {
            if outbox.hasBlocking(append.group) {
                waiting[append.group, default: []].append((token, request))
            } else {
                decide(request, token: token, into: &outbox)
            }
        }
    }

    /// Applies a record, live or in a replay.
    mutating func apply(_ record: GroupRecord, partition: Int32, producerID: Int64?, offset: Int64) {
        let group = record.group
        switch record {
        case .offset(_, let topic, let topicPartition, let value?):
            if classicGroups[group] == nil, consumerGroups[group] == nil {
                classicGroups[group] = ClassicGroup(id: group)
            }
            let stored = OffsetStore.Stored(value: value, recordOffset: offset)
            if let producerID {
                offsets.commitPending(
                    .init(partition: partition, producerID: producerID), group, topic, topicPartition, stored)
            } else {
                offsets.commit(group, topic, topicPartition, stored)
            }
        case .offset(_, let topic, let topicPartition, nil): offsets.remove(group, topic, topicPartition)
        case .classicGroup(_, let value?): classicGroups[group] = ClassicGroup(id: group, value)
        case .classicGroup(_, nil): classicGroups[group] = nil
        case .consumerGroup(_, nil): consumerGroups[group] = nil
        case .consumerGroup(_, _?), .consumerMember(_, _, _?):
            if consumerGroups[group] == nil {
                consumerGroups[group] = ConsumerGroup(id: group)
                // Where only offsets were committed before, or a classic group has ended.
                if classicGroups[group]?.members.isEmpty ?? false { classicGroups[group] = nil }
            }
            consumerGroups[group]?.apply(record)
        default: consumerGroups[group]?.apply(record)
        }
    }

    // MARK: replay

    /// Applies a record of the log, in the log's order, before ``loaded(now:)``.
    /// - Parameters:
    ///   - partition: of `__consumer_offsets`.
    ///   - producerID: of a transactional batch, nil of another.
    public mutating func replay(_ record: GroupRecord, partition: Int32, producerID: Int64?, offset: Int64) {
        precondition(!isLoaded, "records are replayed before the groups are loaded")
        apply(record, partition: partition, producerID: producerID, offset: offset)
    }

    /// The whole log is replayed: requests are answered from now on, and everybody's session starts anew.
    public mutating func loaded(now: Int64) -> [Effect] {
        precondition(!isLoaded, "groups are loaded once")
        isLoaded = true
        nextRetentionCheck = now + options.offsetsRetentionCheckInterval
        var outbox = Outbox(now: now)
        for group in classicGroups.keys.sorted() {
            for memberID in classicGroups[group]?.members.keys ?? [] {
                classicGroups[group]?.extendSession(of: memberID, now: now)
            }
            if let count = classicGroups[group]?.members.count, count > options.classicSizeMax {
                classicGroups[group]?.prepareRebalance(options, into: &outbox)
            }
            settle(group)
        }
        for group in consumerGroups.keys.sorted() {
            for memberID in consumerGroups[group]?.members.keys ?? [] {
                consumerGroups[group]?.setDeadlines(
                    of: memberID, session: now + Int64(options.consumerSessionTimeout), now: now)
            }
            settle(group)
        }
        return finish(&outbox)
    }
}

extension Outbox {
    func hasBlocking(_ group: String) -> Bool {
        actions.contains { action in
            if case .append(let append) = action { append.blocksGroup && append.group == group } else { false }
        }
    }
}

extension ClassicGroup {
    /// The replacement of a static member could not be written down: the old id holds again.
    fileprivate mutating func undoReplacement(of oldID: String, by memberID: String, _ old: ClassicMember) {
        guard members.contains(memberID) else { return }
        rename(memberID, to: oldID)
        let deadline = members[oldID]?.deadline
        members[oldID] = old
        members[oldID]?.deadline = deadline
        if let instanceID = old.instanceID { instances[instanceID] = oldID }
    }
}
