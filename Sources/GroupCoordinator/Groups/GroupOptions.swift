/// The settings of the group coordinator, named in Kafka's words; times are milliseconds.
public struct GroupOptions: Sendable, Equatable {
    /// `offsets.topic.num.partitions`: fixed once the topic exists.
    public var partitionCount: Int32 = 50
    /// `group.initial.rebalance.delay.ms`: how long a group that was empty waits for more members before its first
    /// generation. Kafka waits 3 s; the wait is most of a consumer's start, and members that come together come within
    /// a few milliseconds.
    public var initialRebalanceDelay: Int64 = 50
    /// `group.min.session.timeout.ms`
    public var sessionTimeoutMin: Int32 = 6_000
    /// `group.max.session.timeout.ms`
    public var sessionTimeoutMax: Int32 = 1_800_000
    /// `group.max.size`: members of one classic group.
    public var classicSizeMax = Int(Int32.max)
    /// How long a new member may wait for its first generation before it is taken for dead.
    public var newMemberJoinTimeout: Int64 = 300_000
    /// `group.consumer.max.size`
    public var consumerSizeMax = Int(Int32.max)
    /// `group.consumer.session.timeout.ms`
    public var consumerSessionTimeout: Int32 = 45_000
    /// `group.consumer.heartbeat.interval.ms`
    public var consumerHeartbeatInterval: Int32 = 5_000
    /// `offset.metadata.max.bytes`, of one committed offset.
    public var offsetMetadataBytesMax = 4_096
    /// `offsets.retention.minutes`, here in milliseconds.
    public var offsetsRetention: Int64 = 7 * 24 * 3_600_000
    /// `offsets.retention.check.interval.ms`
    public var offsetsRetentionCheckInterval: Int64 = 600_000

    public init() {}
}
