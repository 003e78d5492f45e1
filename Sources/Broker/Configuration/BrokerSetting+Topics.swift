extension BrokerSetting {
    /// Topics and what is written to them.
    static let topics: [BrokerSetting] = [
        .init(
            "auto.create.topics.enable", .boolean, "true",
            "Whether a topic that a client asks for and that is not there is created."),
        .init(
            "num.partitions", .int(1...10_000), "1", dynamic: true, "Partitions of topics whose creator does not say."),
        .init("default.replication.factor", .int(1...1), "1", "Replicas of a partition; one broker has one."),
        .init("min.insync.replicas", .int(1...1), "1", "Replicas that must have a record; one broker has one."),
        .init("delete.topic.enable", .boolean, "true", "Whether topics can be deleted."),
        .init(
            "message.max.bytes", .int(0...2_000_000_000), "1048588", dynamic: true,
            "The largest record batch that topics made by clients take, unless they say otherwise."),
    ]

    /// Consumer groups.
    static let groups: [BrokerSetting] = [
        .init("offsets.topic.num.partitions", .int(1...1000), "50", "Partitions of __consumer_offsets."),
        .init("offsets.topic.replication.factor", .int(1...1), "1", "Replicas of __consumer_offsets."),
        .init(
            "offsets.retention.minutes", .int(1...Int64(Int32.max)), "10080", dynamic: true,
            "How long offsets are kept after their group got empty."),
        .init("offset.metadata.max.bytes", .int(0...1_048_576), "4096", "The longest text that goes with an offset."),
        .init(
            "group.initial.rebalance.delay.ms", .int(0...60_000), "50",
            "How long a new group waits for more members before its first assignment."),
        .init("group.min.session.timeout.ms", .int(1...Int64(Int32.max)), "6000", "The shortest session timeout."),
        .init("group.max.session.timeout.ms", .int(1...Int64(Int32.max)), "1800000", "The longest session timeout."),
        .init("group.max.size", .int(1...Int64(Int32.max)), "2147483647", "The most members of a group."),
        .init(
            "group.consumer.heartbeat.interval.ms", .int(1...Int64(Int32.max)), "5000", dynamic: true,
            "How often members of the consumer protocol report."),
        .init(
            "group.consumer.session.timeout.ms", .int(1...Int64(Int32.max)), "45000", dynamic: true,
            "After how much silence a member of the consumer protocol is removed."),
        .init(
            "group.consumer.max.size", .int(1...Int64(Int32.max)), "2147483647",
            "The most members of a group of the consumer protocol."),
    ]

    /// Producers' identities and transactions.
    static let transactions: [BrokerSetting] = [
        .init("transaction.state.log.num.partitions", .int(1...1000), "50", "Partitions of __transaction_state."),
        .init("transaction.state.log.replication.factor", .int(1...1), "1", "Replicas of __transaction_state."),
        .init("transaction.state.log.min.isr", .int(1...1), "1", "Replicas of __transaction_state that must have it."),
        .init(
            "transaction.max.timeout.ms", .int(1...Int64(Int32.max)), "900000",
            "The longest transaction timeout that a producer may ask for."),
        .init(
            "transactional.id.expiration.ms", .int(1...Int64(Int32.max)), "604800000",
            "How long an unused transactional id is remembered."),
        .init(
            "transaction.abort.timed.out.transaction.cleanup.interval.ms", .int(1...Int64(Int32.max)), "1000",
            "How often transactions that have run out of time are looked for."),
        .init(
            "producer.id.expiration.ms", .int(1...Int64(Int32.max)), "86400000", dynamic: true,
            "How long a partition remembers a producer that has stopped."),
    ]

    /// All of them, in the order in which they are documented.
    public static let all: [BrokerSetting] = network + tls + topics + groups + transactions + security

    static let byName: [String: BrokerSetting] = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
