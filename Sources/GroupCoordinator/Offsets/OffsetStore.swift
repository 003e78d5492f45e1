/// The committed offsets of all groups, and those that wait for the end of a transaction.
struct OffsetStore: Sendable, Equatable {
    /// By topic and partition.
    typealias Offsets = [String: [Int32: Stored]]

    struct Stored: Sendable, Equatable {
        var value: OffsetValue
        /// Of the record in `__consumer_offsets`: the later one counts when a transaction ends.
        var recordOffset: Int64
    }

    /// A producer's transaction in one partition of `__consumer_offsets`.
    struct Transaction: Hashable, Sendable {
        let partition: Int32
        let producerID: Int64
    }

    private(set) var committed: [String: Offsets] = [:]
    private(set) var pending: [Transaction: [String: Offsets]] = [:]
    /// The transactions that hold offsets of a group.
    private(set) var open: [String: Set<Transaction>] = [:]

    func offset(_ group: String, _ topic: String, _ partition: Int32) -> OffsetValue? {
        committed[group]?[topic]?[partition]?.value
    }

    func isPending(_ group: String, _ topic: String, _ partition: Int32) -> Bool {
        guard let transactions = open[group] else { return false }
        return transactions.contains { pending[$0]?[group]?[topic]?[partition] != nil }
    }

    func hasAny(_ group: String) -> Bool { committed[group] != nil || open[group] != nil }

    mutating func commit(_ group: String, _ topic: String, _ partition: Int32, _ stored: Stored) {
        committed[group, default: [:]][topic, default: [:]][partition] = stored
    }

    mutating func commitPending(
        _ transaction: Transaction, _ group: String, _ topic: String, _ partition: Int32, _ stored: Stored
    ) {
        pending[transaction, default: [:]][group, default: [:]][topic, default: [:]][partition] = stored
        open[group, default: []].insert(transaction)
    }

    mutating func remove(_ group: String, _ topic: String, _ partition: Int32) {
        committed[group]?[topic]?[partition] = nil
        if committed[group]?[topic]?.isEmpty == true { committed[group]?[topic] = nil }
        if committed[group]?.isEmpty == true { committed[group] = nil }
        for transaction in open[group] ?? [] { pending[transaction]?[group]?[topic]?[partition] = nil }
    }

    /// A marker was written: the transaction's offsets count from now on, or never.
    mutating func end(_ transaction: Transaction, isCommit: Bool) {
        guard let groups = pending.removeValue(forKey: transaction) else { return }
        for (group, topics) in groups {
            open[group]?.remove(transaction)
            if open[group]?.isEmpty == true { open[group] = nil }
            guard isCommit else { continue }
            for (topic, partitions) in topics {
                for (partition, stored) in partitions {
                    let known = committed[group]?[topic]?[partition]
                    if known == nil || stored.recordOffset > known!.recordOffset {
                        commit(group, topic, partition, stored)
                    }
                }
            }
        }
    }

    /// All of a group's partitions with an offset, committed or pending, in order.
    func partitions(of group: String) -> [(topic: String, partition: Int32)] {
        var found: [String: Set<Int32>] = [:]
        for (topic, partitions) in committed[group] ?? [:] { found[topic, default: []].formUnion(partitions.keys) }
        for transaction in open[group] ?? [] {
            for (topic, partitions) in pending[transaction]?[group] ?? [:] {
                found[topic, default: []].formUnion(partitions.keys)
            }
        }
        return found.keys.sorted().flatMap { topic in (found[topic] ?? []).sorted().map { (topic, $0) } }
    }

    /// Every group with an offset of one of the topics.
    func groups() -> Set<String> { Set(committed.keys).union(open.keys) }
}
