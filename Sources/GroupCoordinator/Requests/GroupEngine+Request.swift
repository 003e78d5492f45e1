extension GroupEngine {
    /// Whom a reply is for; chosen by the caller, never looked into.
    public struct Token: RawRepresentable, Hashable, Sendable {
        public let rawValue: UInt64
        public init(rawValue: UInt64) { self.rawValue = rawValue }
    }

    /// Names an append until its outcome is known.
    public struct AppendID: RawRepresentable, Hashable, Sendable {
        public let rawValue: UInt64
        public init(rawValue: UInt64) { self.rawValue = rawValue }
    }

    public enum Request: Sendable, Equatable {
        case join(Join)
        case sync(Sync)
        case heartbeat(Heartbeat)
        case leave(Leave)
        case commit(Commit)
        case deleteGroup(String)
        case deleteOffsets(DeleteOffsets)
        case consumerHeartbeat(ConsumerHeartbeat)

        public var groupID: String {
            switch self {
            case .join(let request): request.groupID
            case .sync(let request): request.groupID
            case .heartbeat(let request): request.groupID
            case .leave(let request): request.groupID
            case .commit(let request): request.groupID
            case .deleteGroup(let groupID): groupID
            case .deleteOffsets(let request): request.groupID
            case .consumerHeartbeat(let request): request.groupID
            }
        }

        /// Commits go on while a group's records are on their way: they are appended behind them.
        var waitsForAppends: Bool { if case .commit = self { false } else { true } }

        /// The reply that says only `error`.
        public func failure(_ error: GroupError) -> Reply {
            switch self {
            case .join(let request): .join(JoinReply(error: error, memberID: request.memberID))
            case .sync: .sync(SyncReply(error: error))
            case .heartbeat: .heartbeat(error)
            case .leave: .leave(LeaveReply(error: error))
            case .commit(let request): .commit(request.offsets.map { ($0, error) }.map(PartitionOutcome.init))
            case .deleteGroup: .deleteGroup(error)
            case .deleteOffsets: .deleteOffsets(DeleteOffsetsReply(error: error))
            case .consumerHeartbeat(let request):
                .consumerHeartbeat(ConsumerHeartbeatReply(error: error, memberID: request.memberID))
            }
        }
    }

    /// The answer to a ``Request``, of the same name.
    public enum Reply: Sendable, Equatable {
        case join(JoinReply)
        case sync(SyncReply)
        case heartbeat(GroupError)
        case leave(LeaveReply)
        /// One outcome for each partition of the request, in its order.
        case commit([PartitionOutcome])
        case deleteGroup(GroupError)
        case deleteOffsets(DeleteOffsetsReply)
        case consumerHeartbeat(ConsumerHeartbeatReply)
    }

    /// What the caller does, in the order given.
    public enum Effect: Sendable, Equatable {
        case reply(Token, Reply)
        /// Append the records to a partition of `__consumer_offsets` as one batch, behind all appends asked for before,
        /// and then call ``GroupEngine/appendCompleted(_:baseOffset:now:)`` or
        /// ``GroupEngine/appendFailed(_:error:now:)``, for each partition in the order of the appends.
        case append(AppendID, Append)
    }

    public struct Append: Sendable, Equatable {
        /// Of `__consumer_offsets`.
        public let partition: Int32
        public let records: [GroupRecord]
        /// Set when the batch is part of this producer's transaction.
        public let producer: TransactionalProducer?
    }

    public struct TransactionalProducer: Sendable, Hashable {
        public let id: Int64
        public let epoch: Int16
        public init(id: Int64, epoch: Int16) {
            self.id = id
            self.epoch = epoch
        }
    }

    /// What became of one partition of a request.
    public struct PartitionOutcome: Sendable, Equatable {
        public let topic: String
        public let partition: Int32
        public let error: GroupError

        public init(topic: String, partition: Int32, error: GroupError) {
            self.topic = topic
            self.partition = partition
            self.error = error
        }

        init(_ offset: Commit.Offset, _ error: GroupError) {
            self.init(topic: offset.topic, partition: offset.partition, error: error)
        }
    }
}
