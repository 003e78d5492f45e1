public import ChangeModel

/// Partitions by topic: what a member of a consumer group is to have, or has.
public struct Assignment: Sendable, Equatable {
    /// No topic without a partition.
    public private(set) var partitions: [TopicID: Set<Int32>] = [:]

    public init() {}

    public init(_ partitions: [TopicID: Set<Int32>]) { self.partitions = partitions.filter { !$0.value.isEmpty } }

    public var isEmpty: Bool { partitions.isEmpty }
    public var partitionCount: Int { partitions.values.reduce(0) { $0 + $1.count } }

    public subscript(topic: TopicID) -> Set<Int32> {
        get { partitions[topic] ?? [] }
        set { partitions[topic] = newValue.isEmpty ? nil : newValue }
    }

    public func contains(_ topic: TopicID, _ partition: Int32) -> Bool {
        partitions[topic]?.contains(partition) ?? false
    }

    public mutating func insert(_ topic: TopicID, _ partition: Int32) {
        partitions[topic, default: []].insert(partition)
    }

    /// In an order that does not depend on the process: by topic id, then by partition.
    public var sorted: [(topic: TopicID, partitions: [Int32])] {
        partitions.keys.sorted { ($0.high, $0.low) < ($1.high, $1.low) }.map { ($0, self[$0].sorted()) }
    }

    func isSubset(of other: Assignment) -> Bool {
        partitions.allSatisfy { $0.value.isSubset(of: other[$0.key]) }
    }

    func intersects(_ other: Assignment) -> Bool {
        partitions.contains { !$0.value.isDisjoint(with: other[$0.key]) }
    }
}
