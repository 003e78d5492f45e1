internal import ChangeModel

/// How the coordinator shares partitions out among the members of a consumer group.
public enum PartitionAssignor: String, Sendable, CaseIterable {
    /// As even as it can be, and as little moved as it can be.
    case uniform
    /// Neighbouring partitions of each topic to one member, the same numbers of equal topics to the same member.
    case range

    struct Member {
        let id: String
        let instanceID: String?
        let topics: Set<TopicID>
        let previous: Assignment
    }

    /// - Parameter partitionCounts: of every topic that a member names.
    func assign(_ members: [Member], partitionCounts: [TopicID: Int32]) -> [String: Assignment] {
        switch self {
        case .uniform: uniform(members, partitionCounts)
        case .range: range(members, partitionCounts)
        }
    }

    private func sorted(_ topics: some Sequence<TopicID>) -> [TopicID] {
        topics.sorted { ($0.high, $0.low) < ($1.high, $1.low) }
    }

    private func range(_ members: [Member], _ counts: [TopicID: Int32]) -> [String: Assignment] {
        var result = Dictionary(uniqueKeysWithValues: members.map { ($0.id, Assignment()) })
        // Static members keep their place in the order when they come back under a new id.
        let ordered = members.sorted { ($0.instanceID ?? $0.id, $0.id) < ($1.instanceID ?? $1.id, $1.id) }
        for topic in sorted(counts.keys) {
            let subscribers = ordered.filter { $0.topics.contains(topic) }
            guard !subscribers.isEmpty else { continue }
            let count = Int(counts[topic] ?? 0)
            var next = 0
            for (index, member) in subscribers.enumerated() {
                let share = count / subscribers.count + (index < count % subscribers.count ? 1 : 0)
                for partition in next..<next + share { result[member.id]?.insert(topic, Int32(partition)) }
                next += share
            }
        }
        return result
    }

    private func uniform(_ members: [Member], _ counts: [TopicID: Int32]) -> [String: Assignment] {
        var shares = UniformShares(members, counts, topics: sorted(counts.keys))
        shares.keepPrevious()
        shares.handOut()
        shares.balance()
        return shares.result
    }
}

/// The uniform assignor at work.
private struct UniformShares {
    private let members: [PartitionAssignor.Member]
    private let counts: [TopicID: Int32]
    private let topics: [TopicID]
    private let isHomogeneous: Bool
    private var owned: [[TopicPartitionID]]
    private var taken: Set<TopicPartitionID> = []

    struct TopicPartitionID: Hashable {
        let topic: TopicID
        let partition: Int32
    }

    init(_ members: [PartitionAssignor.Member], _ counts: [TopicID: Int32], topics: [TopicID]) {
        self.members = members.sorted { $0.id < $1.id }
        self.counts = counts
        self.topics = topics
        isHomogeneous = members.allSatisfy { $0.topics == members[0].topics }
        owned = Array(repeating: [], count: members.count)
    }

    var result: [String: Assignment] {
        var result: [String: Assignment] = [:]
        for (index, member) in members.enumerated() {
            var assignment = Assignment()
            for each in owned[index] { assignment.insert(each.topic, each.partition) }
            result[member.id] = assignment
        }
        return result
    }

    /// Everybody keeps what they had, as far as it is still theirs to have and not more than their share.
    mutating func keepPrevious() {
        let total = topics.reduce(0) { total, topic in
            members.contains { $0.topics.contains(topic) } ? total + Int(counts[topic] ?? 0) : total
        }
        var quota = Int.max
        var larger = 0
        if isHomogeneous, !members.isEmpty {
            quota = total / members.count
            larger = total % members.count
        }
        for (index, member) in members.enumerated() {
            for (topic, partitions) in member.previous.sorted where member.topics.contains(topic) {
                for partition in partitions where partition < counts[topic] ?? 0 {
                    if owned[index].count >= quota {
                        guard larger > 0, owned[index].count == quota else { continue }
                        larger -= 1
                    }
                    let id = TopicPartitionID(topic: topic, partition: partition)
                    if taken.insert(id).inserted { owned[index].append(id) }
                }
            }
        }
    }

    /// What nobody has goes to whoever has least among those who may have it; scarce topics first.
    mutating func handOut() {
        let subscribers = Dictionary(
            uniqueKeysWithValues: topics.map { topic in
                (topic, members.indices.filter { members[$0].topics.contains(topic) })
            })
        let order = topics.enumerated().sorted {
            (subscribers[$0.element]?.count ?? 0, $0.offset) < (subscribers[$1.element]?.count ?? 0, $1.offset)
        }
        for (_, topic) in order {
            guard let candidates = subscribers[topic], !candidates.isEmpty else { continue }
            for partition in 0..<(counts[topic] ?? 0) {
                let id = TopicPartitionID(topic: topic, partition: partition)
                guard !taken.contains(id),
                    let poorest = candidates.min(by: { (owned[$0].count, $0) < (owned[$1].count, $1) })
                else { continue }
                taken.insert(id)
                owned[poorest].append(id)
            }
        }
    }

    /// Moves single partitions from who has more to who has at least two less, until nobody does.
    mutating func balance() {
        guard !isHomogeneous else { return }
        var hasMoved = true
        while hasMoved {
            hasMoved = false
            for rich in members.indices.sorted(by: { (owned[$0].count, $0) > (owned[$1].count, $1) }) {
                var position = owned[rich].count - 1
                while position >= 0 {
                    let id = owned[rich][position]
                    let poorest = members.indices.filter { members[$0].topics.contains(id.topic) }
                        .min { (owned[$0].count, $0) < (owned[$1].count, $1) }
                    if let poorest, owned[poorest].count + 2 <= owned[rich].count {
                        owned[rich].remove(at: position)
                        owned[poorest].append(id)
                        hasMoved = true
                    }
                    position -= 1
                }
            }
        }
    }
}
