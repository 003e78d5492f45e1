internal import GroupCoordinator

extension GroupOptions {
    /// The coordinator's settings as the broker's configuration has them.
    init(_ configuration: BrokerConfiguration) {
        self.init()
        partitionCount = Int32(configuration.integer("offsets.topic.num.partitions"))
        initialRebalanceDelay = Int64(configuration.integer("group.initial.rebalance.delay.ms"))
        sessionTimeoutMin = Int32(configuration.integer("group.min.session.timeout.ms"))
        sessionTimeoutMax = max(sessionTimeoutMin, Int32(configuration.integer("group.max.session.timeout.ms")))
        classicSizeMax = configuration.integer("group.max.size")
        consumerSizeMax = configuration.integer("group.consumer.max.size")
        consumerSessionTimeout = Int32(configuration.integer("group.consumer.session.timeout.ms"))
        consumerHeartbeatInterval = Int32(configuration.integer("group.consumer.heartbeat.interval.ms"))
        offsetMetadataBytesMax = configuration.integer("offset.metadata.max.bytes")
        offsetsRetention = Int64(configuration.integer("offsets.retention.minutes")) * 60_000
    }
}
