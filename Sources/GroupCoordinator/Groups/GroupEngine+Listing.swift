extension GroupEngine {
    public struct ListedGroup: Sendable, Equatable {
        public let id: String
        public let protocolType: String
        /// Kafka's name: `Stable`, `Empty`, ….
        public let state: String
        /// `classic` or `consumer`.
        public let type: String
    }

    /// ListGroups, in the order of the ids; nil while the groups are being loaded.
    public func listGroups() -> [ListedGroup]? {
        guard isLoaded else { return nil }
        let classic = classicGroups.values.map {
            ListedGroup(id: $0.id, protocolType: $0.protocolType ?? "", state: $0.state.rawValue, type: "classic")
        }
        let consumer = consumerGroups.values.map {
            ListedGroup(id: $0.id, protocolType: "consumer", state: $0.state, type: "consumer")
        }
        return (classic + consumer).sorted { $0.id < $1.id }
    }

    /// The generation of a classic group, nil when there is no such group.
    public func classicGeneration(_ groupID: String) -> Int32? { classicGroups[groupID]?.generation }

    /// A classic group as DescribeGroups tells it.
    public struct ClassicDescription: Sendable, Equatable {
        public let state: String
        public let protocolType: String
        public let protocolName: String
        public let members: [Member]

        public struct Member: Sendable, Equatable {
            public let id: String
            public let instanceID: String?
            public let clientID: String
            public let clientHost: String
            public let metadata: [UInt8]
            public let assignment: [UInt8]
        }
    }

    /// DescribeGroups, of one group.
    /// - Throws: ``GroupError/groupIDNotFound`` also for a group of the consumer protocol.
    public func describeClassic(_ groupID: String) throws(GroupError) -> ClassicDescription {
        guard isLoaded else { throw .coordinatorLoadInProgress }
        guard let group = classicGroups[groupID] else { throw .groupIDNotFound }
        // What members sent and got is of a generation: there is none while they are joining.
        let isStable = group.state == .stable
        return ClassicDescription(
            state: group.state.rawValue, protocolType: group.protocolType ?? "",
            protocolName: isStable ? group.protocolName ?? "" : "",
            members: group.members.values.map {
                .init(
                    id: $0.id, instanceID: $0.instanceID, clientID: $0.clientID, clientHost: $0.clientHost,
                    metadata: isStable ? $0.metadata(of: group.protocolName) : [],
                    assignment: isStable ? $0.assignment : [])
            })
    }

    /// A group of the consumer protocol as ConsumerGroupDescribe tells it.
    public struct ConsumerDescription: Sendable, Equatable {
        public let state: String
        public let epoch: Int32
        public let assignmentEpoch: Int32
        public let assignor: String
        public let members: [Member]

        public struct Member: Sendable, Equatable {
            public let id: String
            public let epoch: Int32
            public let value: ConsumerMemberValue
            public let assigned: Assignment
            public let target: Assignment
        }
    }

    /// ConsumerGroupDescribe, of one group.
    /// - Throws: ``GroupError/groupIDNotFound`` also for a classic group.
    public func describeConsumer(_ groupID: String) throws(GroupError) -> ConsumerDescription {
        guard isLoaded else { throw .coordinatorLoadInProgress }
        guard let group = consumerGroups[groupID] else { throw .groupIDNotFound }
        return ConsumerDescription(
            state: group.state, epoch: group.epoch, assignmentEpoch: group.targetEpoch,
            assignor: group.assignor.rawValue,
            members: group.members.keys.compactMap { id in
                group.members[id].map {
                    .init(
                        id: id, epoch: $0.epoch, value: $0.value, assigned: $0.assigned,
                        target: group.targets[id] ?? Assignment())
                }
            })
    }
}
