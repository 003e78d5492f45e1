extension GroupEngine {
    /// ConsumerGroupHeartbeat (KIP-848). What is nil has not changed since the member's last heartbeat.
    public struct ConsumerHeartbeat: Sendable, Equatable {
        public var groupID: String
        /// Empty where version 0 lets the coordinator choose.
        public var memberID: String
        /// 0 joins, -1 leaves, -2 leaves for a while and keeps the static member's assignment.
        public var memberEpoch: Int32
        public var instanceID: String?
        public var rackID: String?
        /// Milliseconds; -1 for no change.
        public var rebalanceTimeout: Int32
        public var topicNames: [String]?
        public var topicRegex: String?
        public var serverAssignor: String?
        public var owned: Assignment?
        public var clientID: String
        public var clientHost: String

        public init(
            groupID: String, memberID: String, memberEpoch: Int32, instanceID: String? = nil, rackID: String? = nil,
            rebalanceTimeout: Int32 = -1, topicNames: [String]? = nil, topicRegex: String? = nil,
            serverAssignor: String? = nil, owned: Assignment? = nil, clientID: String = "", clientHost: String = ""
        ) {
            self.groupID = groupID
            self.memberID = memberID
            self.memberEpoch = memberEpoch
            self.instanceID = instanceID
            self.rackID = rackID
            self.rebalanceTimeout = rebalanceTimeout
            self.topicNames = topicNames
            self.topicRegex = topicRegex
            self.serverAssignor = serverAssignor
            self.owned = owned
            self.clientID = clientID
            self.clientHost = clientHost
        }
    }

    public struct ConsumerHeartbeatReply: Sendable, Equatable {
        public var error: GroupError
        public var message: String?
        public var memberID: String
        public var memberEpoch: Int32
        /// Milliseconds.
        public var heartbeatInterval: Int32
        /// nil for no change.
        public var assignment: Assignment?

        public init(
            error: GroupError = .none, message: String? = nil, memberID: String, memberEpoch: Int32 = 0,
            heartbeatInterval: Int32 = 0, assignment: Assignment? = nil
        ) {
            self.error = error
            self.message = message
            self.memberID = memberID
            self.memberEpoch = memberEpoch
            self.heartbeatInterval = heartbeatInterval
            self.assignment = assignment
        }
    }
}
