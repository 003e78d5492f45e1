extension GroupEngine {
    /// JoinGroup.
    public struct Join: Sendable, Equatable {
        public var groupID: String
        /// Empty at first.
        public var memberID: String
        public var instanceID: String?
        public var clientID: String
        /// As Java prints an address: `/127.0.0.1`.
        public var clientHost: String
        /// Milliseconds.
        public var sessionTimeout: Int32
        /// Milliseconds; the session timeout where version 0 has none.
        public var rebalanceTimeout: Int32
        public var protocolType: String
        /// In the order of the member's preference.
        public var protocols: [MemberProtocol]
        /// The client can come back with the id it is given (version 4 on).
        public var canRejoin: Bool
        /// The client knows `skipAssignment` (version 9 on).
        public var canSkipAssignment: Bool

        public init(
            groupID: String, memberID: String = "", instanceID: String? = nil, clientID: String = "",
            clientHost: String = "", sessionTimeout: Int32, rebalanceTimeout: Int32, protocolType: String,
            protocols: [MemberProtocol], canRejoin: Bool = true, canSkipAssignment: Bool = true
        ) {
            self.groupID = groupID
            self.memberID = memberID
            self.instanceID = instanceID
            self.clientID = clientID
            self.clientHost = clientHost
            self.sessionTimeout = sessionTimeout
            self.rebalanceTimeout = rebalanceTimeout
            self.protocolType = protocolType
            self.protocols = protocols
            self.canRejoin = canRejoin
            self.canSkipAssignment = canSkipAssignment
        }
    }

    /// A way to share work that a member offers, with its subscription in that protocol's own form.
    public struct MemberProtocol: Sendable, Equatable {
        public var name: String
        public var metadata: [UInt8]
        public init(name: String, metadata: [UInt8]) {
            self.name = name
            self.metadata = metadata
        }
    }

    public struct JoinReply: Sendable, Equatable {
        public var error: GroupError
        public var generation: Int32
        public var protocolType: String?
        public var protocolName: String?
        public var leader: String
        public var skipAssignment: Bool
        public var memberID: String
        /// For the leader only.
        public var members: [JoinedMember]

        public init(
            error: GroupError = .none, generation: Int32 = -1, protocolType: String? = nil, protocolName: String? = nil,
            leader: String = "", skipAssignment: Bool = false, memberID: String, members: [JoinedMember] = []
        ) {
            self.error = error
            self.generation = generation
            self.protocolType = protocolType
            self.protocolName = protocolName
            self.leader = leader
            self.skipAssignment = skipAssignment
            self.memberID = memberID
            self.members = members
        }
    }

    public struct JoinedMember: Sendable, Equatable {
        public let id: String
        public let instanceID: String?
        public let metadata: [UInt8]
    }
}
