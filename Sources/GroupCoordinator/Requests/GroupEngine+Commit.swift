extension GroupEngine {
    /// OffsetCommit and TxnOffsetCommit.
    public struct Commit: Sendable, Equatable {
        public var groupID: String
        /// The generation, or the member epoch in a consumer group; below 0 for a commit from outside the group.
        public var generation: Int32
        public var memberID: String
        public var instanceID: String?
        /// The client speaks a version that knows member epochs (OffsetCommit 9 on).
        public var knowsMemberEpochs: Bool
        /// Milliseconds; nil for the broker's own (OffsetCommit 2 to 4 may name one).
        public var retention: Int64?
        public var offsets: [Offset]
        /// Set for TxnOffsetCommit: the offsets count when the transaction is committed.
        public var producer: TransactionalProducer?

        public struct Offset: Sendable, Equatable {
            public var topic: String
            public var partition: Int32
            public var offset: Int64
            public var leaderEpoch: Int32
            public var metadata: String

            public init(topic: String, partition: Int32, offset: Int64, leaderEpoch: Int32 = -1, metadata: String = "")
            {
                self.topic = topic
                self.partition = partition
                self.offset = offset
                self.leaderEpoch = leaderEpoch
                self.metadata = metadata
            }
        }

        public init(
            groupID: String, generation: Int32 = -1, memberID: String = "", instanceID: String? = nil,
            knowsMemberEpochs: Bool = true, retention: Int64? = nil, offsets: [Offset],
            producer: TransactionalProducer? = nil
        ) {
            self.groupID = groupID
            self.generation = generation
            self.memberID = memberID
            self.instanceID = instanceID
            self.knowsMemberEpochs = knowsMemberEpochs
            self.retention = retention
            self.offsets = offsets
            self.producer = producer
        }
    }

    /// OffsetDelete.
    public struct DeleteOffsets: Sendable, Equatable {
        public var groupID: String
        public var partitions: [Partition]

        public struct Partition: Sendable, Equatable {
            public var topic: String
            public var partition: Int32
            public init(topic: String, partition: Int32) {
                self.topic = topic
                self.partition = partition
            }
        }

        public init(groupID: String, partitions: [Partition]) {
            self.groupID = groupID
            self.partitions = partitions
        }
    }

    public struct DeleteOffsetsReply: Sendable, Equatable {
        public var error: GroupError
        /// One for each of the request, in its order.
        public var outcomes: [PartitionOutcome]
        public init(error: GroupError = .none, outcomes: [PartitionOutcome] = []) {
            self.error = error
            self.outcomes = outcomes
        }
    }
}
