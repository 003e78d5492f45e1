public import ChangeModel

/// A consumer group as its coordinator describes it.
public struct ConsumerGroup: Sendable {
    public struct Member: Sendable {
        public var id: String
        public var clientID: String
        public var host: String
        /// The name of a static member.
        public var instanceID: String?
        public var assignment: [TopicPartition]
    }

    public var name: String
    /// Kafka's name: `Stable`, `PreparingRebalance`, `CompletingRebalance`, `Empty`, `Dead`, `Unknown`.
    public var state: String
    /// The partition assignor that the members agreed on; empty without members.
    public var assignor: String
    public var coordinator: Int32
    public var members: [Member]
}

/// A group's name and state, from a listing.
public struct ConsumerGroupListing: Sendable, Hashable {
    public var name: String
    /// `Unknown` where the broker is too old to say.
    public var state: String
    /// Has offsets but never had members that the coordinator assigned partitions to.
    public var isSimple: Bool
}
