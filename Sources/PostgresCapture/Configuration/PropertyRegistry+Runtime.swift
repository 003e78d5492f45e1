extension PropertyRegistry {
    private static let count = 1...Int(Int32.max)
    private static let boundedByGroups = "what waits for the log is a few groups of about a megabyte each"
    private static let noMBeans = "Tailrace has no JVM; its metrics are at /metrics"

    static let topics: [PropertyDefinition] = [
        .init(
            "topic.naming.strategy", .topics,
            .choice([
                "io.debezium.schema.SchemaTopicNamingStrategy", "io.debezium.schema.DefaultTopicNamingStrategy",
            ]), default: "io.debezium.schema.SchemaTopicNamingStrategy", "How topics are named."),
        .init("topic.delimiter", .topics, default: ".", "What stands between the parts of a topic's name."),
        .init("topic.transaction", .topics, default: "transaction", "The last part of the transaction topic's name."),
        .init(
            "topic.heartbeat.prefix", .topics, default: "__debezium-heartbeat",
            "The first part of the heartbeat topic's name."),
        .init(
            "heartbeat.topics.prefix", .topics, default: "__debezium-heartbeat",
            "Former name of topic.heartbeat.prefix."),
        .init(
            "topic.cache.size", .topics, .integer(count), default: "10000",
            .noEffect("each table's topic is looked up once"), "How many topic names are kept."),
        .init(
            "topic.creation.enable", .topics, .boolean, default: "true",
            .only(["true"], "topics are always created when they are missing"), "Whether missing topics are created."),
        .init("topic.creation.groups", .topics, .list, "Names of groups of topics with settings of their own."),
        .init(
            "topic.creation.<name>.include", .topics, .expressions, "The topics that belong to a group."),
        .init(
            "topic.creation.<name>.exclude", .topics, .expressions, "Topics that do not belong to a group."),
        .init(
            "topic.creation.<name>.partitions", .topics, .integer(-1...10_000),
            "Partitions of a new topic; -1 takes the log's default."),
        .init(
            "topic.creation.<name>.replication.factor", .topics, .integer(-1...32767),
            .only(["-1", "1"], "the embedded log keeps one copy"), "Copies of a new topic."),
        .init(
            "topic.creation.<name>.<configuration>", .topics,
            "A topic configuration of a new topic by Kafka's name, for instance retention.ms."),
    ]

    static let runtime: [PropertyDefinition] = [
        .init(
            "max.batch.size", .runtime, .integer(count), default: "2048",
            .noEffect(boundedByGroups), "Most records handed over at once."),
        .init(
            "max.queue.size", .runtime, .integer(count), default: "8192", .noEffect(boundedByGroups),
            "Most records waiting."),
        .init(
            "max.queue.size.in.bytes", .runtime, .integer(0...Int(Int64.max)), default: "0",
            .noEffect(boundedByGroups), "Most bytes waiting."),
        .init(
            "poll.interval.ms", .runtime, .milliseconds, default: "500",
            .noEffect("events go to the log as soon as it takes them"),
            "The longest wait for more records while none come."),
        .init(
            "errors.max.retries", .runtime, .integer(-1...Int(Int32.max)), default: "-1",
            "How often the connector restarts after a failure that may pass; -1 is always."),
        .init(
            "retriable.restart.connector.wait.ms", .runtime, .milliseconds, default: "10000",
            "The wait before such a restart."),
        .init(
            "event.processing.failure.handling.mode", .runtime, .choice(["fail", "warn", "skip", "ignore"]),
            default: "fail", .only(["fail"], "an event that cannot be made must not be lost"),
            "What happens when an event cannot be made."),
        .init(
            "errors.tolerance", .runtime, .choice(["none", "all"]), default: "none",
            .only(["none"], "an event that cannot be converted must not be lost"),
            "Whether records that cannot be converted are dropped."),
        .init(
            "errors.retry.timeout", .runtime, .integer(-1...Int(Int32.max)), default: "0",
            .noEffect("conversions do not fail and succeed later"), "How long a failed conversion is repeated."),
        .init(
            "errors.retry.delay.max.ms", .runtime, .milliseconds, default: "60000",
            .noEffect("conversions do not fail and succeed later"), "The longest wait between such attempts."),
        .init(
            "errors.log.enable", .runtime, .boolean, default: "false",
            .noEffect("errors are always logged"), "Whether errors are logged."),
        .init(
            "errors.log.include.messages", .runtime, .boolean, default: "false",
            .only(["false"], "the log never shows row values"), "Whether the log shows records that failed."),
        .init(
            "executor.shutdown.timeout.ms", .runtime, .milliseconds, default: "4000",
            .noEffect("a stop waits until everything read is durable"), "How long a stop may take."),
        .init(
            "custom.metric.tags", .runtime, .list, .refused(noMBeans), "Tags of the connector's MBeans."),
        .init(
            "statistics.metrics.enabled", .runtime, .boolean, default: "true", .noEffect(noMBeans),
            "Whether statistics are among the MBeans."),
        .init(
            "custom.sanitize.pattern", .runtime, .noEffect("property values are never logged"),
            "Which properties are masked in the log."),
        .init(
            "memory.management.schemas.class", .runtime,
            .noEffect("Tailrace keeps a few hundred bytes for a table"), "Where schemas are kept."),
        .init(
            "memory.management.tables.class", .runtime,
            .noEffect("Tailrace keeps a few hundred bytes for a table"), "Where tables are kept."),
        .init(
            "openlineage.integration.enabled", .runtime, .boolean, default: "false",
            .only(["false"], "OpenLineage is not available"), "Whether lineage events are sent."),
        .init(
            "openlineage.integration.<setting>", .runtime,
            .noEffect("openlineage.integration.enabled is false"), "OpenLineage's settings."),
        .init(
            "producer.override.<setting>", .runtime,
            .refused("records go to the embedded log, not through a Kafka producer"), "Kafka producer settings."),
        .init(
            "internal.<setting>", .runtime,
            .refused("internal properties are Debezium's own"), "Debezium's internal settings."),
    ]
}
