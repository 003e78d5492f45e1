extension GroupEngine {
    /// OffsetFetch, for one group.
    public struct FetchOffsets: Sendable, Equatable {
        public var groupID: String
        /// In a consumer group: who asks (OffsetFetch 9 on).
        public var memberID: String?
        public var memberEpoch: Int32
        /// nil for all that the group has committed.
        public var partitions: [(topic: String, partitions: [Int32])]?
        /// Refuse a partition whose offset a transaction is about to change.
        public var requireStable: Bool

        public init(
            groupID: String, memberID: String? = nil, memberEpoch: Int32 = -1,
            partitions: [(topic: String, partitions: [Int32])]? = nil, requireStable: Bool = false
        ) {
            self.groupID = groupID
            self.memberID = memberID
            self.memberEpoch = memberEpoch
            self.partitions = partitions
            self.requireStable = requireStable
        }

        public static func == (a: Self, b: Self) -> Bool {
            a.groupID == b.groupID && a.memberID == b.memberID && a.memberEpoch == b.memberEpoch
                && a.requireStable == b.requireStable && (a.partitions == nil) == (b.partitions == nil)
                && (a.partitions ?? []).elementsEqual(b.partitions ?? [], by: ==)
        }
    }

    public struct FetchOffsetsReply: Sendable, Equatable {
        public var error: GroupError = .none
        public var topics: [Topic] = []

        public struct Topic: Sendable, Equatable {
            public let name: String
            public let partitions: [Partition]
        }

        public struct Partition: Sendable, Equatable {
            public let partition: Int32
            public let error: GroupError
            /// nil when nothing is committed.
            public let value: OffsetValue?

            public init(partition: Int32, error: GroupError, value: OffsetValue?) {
                self.partition = partition
                self.error = error
                self.value = value
            }
        }
    }

    public func fetchOffsets(_ request: FetchOffsets) -> FetchOffsetsReply {
        guard isLoaded else { return FetchOffsetsReply(error: .coordinatorLoadInProgress) }
        if let group = consumerGroups[request.groupID] {
            let error = group.checkFetch(memberID: request.memberID, memberEpoch: request.memberEpoch)
            guard error == .none else { return FetchOffsetsReply(error: error) }
        }
        let asked = request.partitions ?? allPartitions(of: request.groupID)
        return FetchOffsetsReply(
            topics: asked.map { topic, partitions in
                .init(
                    name: topic,
                    partitions: partitions.map { partition in
                        if request.requireStable, offsets.isPending(request.groupID, topic, partition) {
                            return .init(partition: partition, error: .unstableOffsetCommit, value: nil)
                        }
                        return .init(
                            partition: partition, error: .none,
                            value: offsets.offset(request.groupID, topic, partition))
                    })
            })
    }

    private func allPartitions(of group: String) -> [(topic: String, partitions: [Int32])] {
        let topics = offsets.committed[group] ?? [:]
        return topics.keys.sorted().map { ($0, (topics[$0] ?? [:]).keys.sorted()) }
    }
}
