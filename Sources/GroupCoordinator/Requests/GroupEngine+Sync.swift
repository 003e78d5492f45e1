extension GroupEngine {
    /// SyncGroup.
    public struct Sync: Sendable, Equatable {
        public var groupID: String
        public var generation: Int32
        public var memberID: String
        public var instanceID: String?
        public var protocolType: String?
        public var protocolName: String?
        /// By member id, from the leader.
        public var assignments: [String: [UInt8]]

        public init(
            groupID: String, generation: Int32, memberID: String, instanceID: String? = nil,
            protocolType: String? = nil, protocolName: String? = nil, assignments: [String: [UInt8]] = [:]
        ) {
            self.groupID = groupID
            self.generation = generation
            self.memberID = memberID
            self.instanceID = instanceID
            self.protocolType = protocolType
            self.protocolName = protocolName
            self.assignments = assignments
        }
    }

    public struct SyncReply: Sendable, Equatable {
        public var error: GroupError
        public var protocolType: String?
        public var protocolName: String?
        public var assignment: [UInt8]

        public init(
            error: GroupError = .none, protocolType: String? = nil, protocolName: String? = nil,
            assignment: [UInt8] = []
        ) {
            self.error = error
            self.protocolType = protocolType
            self.protocolName = protocolName
            self.assignment = assignment
        }
    }

    /// Heartbeat of a classic group.
    public struct Heartbeat: Sendable, Equatable {
        public var groupID: String
        public var generation: Int32
        public var memberID: String
        public var instanceID: String?

        public init(groupID: String, generation: Int32, memberID: String, instanceID: String? = nil) {
            self.groupID = groupID
            self.generation = generation
            self.memberID = memberID
            self.instanceID = instanceID
        }
    }

    /// LeaveGroup: of one member, or of several by an administrator.
    public struct Leave: Sendable, Equatable {
        public var groupID: String
        public var members: [LeavingMember]
        public init(groupID: String, members: [LeavingMember]) {
            self.groupID = groupID
            self.members = members
        }
    }

    public struct LeavingMember: Sendable, Equatable {
        /// Empty when the instance id says who it is.
        public var memberID: String
        public var instanceID: String?
        public init(memberID: String, instanceID: String? = nil) {
            self.memberID = memberID
            self.instanceID = instanceID
        }
    }

    public struct LeaveReply: Sendable, Equatable {
        public var error: GroupError
        /// One for each of the request, in its order.
        public var members: [Member]

        public struct Member: Sendable, Equatable {
            public let memberID: String
            public let instanceID: String?
            public let error: GroupError
        }

        public init(error: GroupError = .none, members: [Member] = []) {
            self.error = error
            self.members = members
        }
    }
}
