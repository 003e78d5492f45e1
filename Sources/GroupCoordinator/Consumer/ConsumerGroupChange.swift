internal import ChangeModel

/// A change of a consumer group in the making: records are collected, and each is applied at once to a copy, so that the
/// next step sees it. The group itself changes when the records are in the log.
struct ConsumerGroupChange {
    private(set) var group: ConsumerGroup
    private(set) var records: [GroupRecord] = []
    let topics: TopicCatalog
    let now: Int64

    init(of group: ConsumerGroup, topics: TopicCatalog, now: Int64) {
        self.group = group
        self.topics = topics
        self.now = now
    }

    mutating func emit(_ record: GroupRecord) {
        records.append(record)
        group.apply(record)
    }

    /// Takes members out. The others are told when the next of them is heard from.
    mutating func remove(_ memberIDs: [String]) {
        for memberID in memberIDs {
            for record in group.tombstones(ofMember: memberID) { emit(record) }
        }
        resolveExpressions(anew: false)
        advanceEpoch()
    }

    mutating func advanceEpoch() {
        let hash = topics.hash(of: group.subscribedTopics)
        emit(.consumerGroup(group: group.id, ConsumerGroupValue(epoch: group.epoch + 1, metadataHash: hash)))
    }

    /// Resolves the expressions that members use, and forgets the others.
    mutating func resolveExpressions(anew: Bool) {
        let used = Set(group.members.values.compactMap(\.value.topicRegex))
        for pattern in used.sorted() where anew || group.expressions[pattern] == nil {
            guard let expression = TopicPattern(pattern) else { continue }
            let names = topics.topics.keys.filter { !$0.hasPrefix("__") && expression.matches($0) }.sorted()
            let known = group.expressions[pattern]
            guard known?.topics != names else { continue }
            emit(
                .regularExpression(
                    group: group.id, pattern: pattern,
                    RegularExpressionValue(topics: names, version: (known?.version ?? 0) + 1, timestamp: now)))
        }
        for pattern in group.expressions.keys.sorted() where !used.contains(pattern) {
            emit(.regularExpression(group: group.id, pattern: pattern, nil))
        }
    }

    /// Shares out anew when the group is ahead of its target.
    mutating func updateTarget() {
        guard group.epoch > group.targetEpoch else { return }
        var counts: [TopicID: Int32] = [:]
        let members = group.members.keys.map { memberID in
            var ids: Set<TopicID> = []
            for name in group.members[memberID].map({ group.topics(of: $0.value) }) ?? [] {
                guard let topic = topics[name] else { continue }
                ids.insert(topic.id)
                counts[topic.id] = topic.partitionCount
            }
            return PartitionAssignor.Member(
                id: memberID, instanceID: group.members[memberID]?.value.instanceID, topics: ids,
                previous: group.targets[memberID] ?? Assignment())
        }
        let targets = group.assignor.assign(members, partitionCounts: counts)
        for memberID in group.members.keys where group.targets[memberID] != targets[memberID] {
            emit(.targetAssignment(group: group.id, member: memberID, targets[memberID] ?? Assignment()))
        }
        emit(.targetEpoch(group: group.id, group.epoch))
    }

    mutating func reconcile(_ memberID: String, owned: Assignment?) {
        guard let member = group.members[memberID], !member.isReconciled(to: group.targetEpoch) else { return }
        let others = group.members.keys.filter { $0 != memberID }.compactMap { group.members[$0] }
        let next = Reconciliation(
            target: group.targets[memberID] ?? Assignment(), targetEpoch: group.targetEpoch, owned: owned,
            isTaken: { topic, partition in
                others.contains {
                    $0.assigned.contains(topic, partition) || $0.pendingRevocation.contains(topic, partition)
                }
            }
        ).next(of: member)
        if next != member.current { emit(.currentAssignment(group: group.id, member: memberID, next)) }
    }
}
