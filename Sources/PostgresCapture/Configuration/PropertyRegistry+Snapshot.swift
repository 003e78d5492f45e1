extension PropertyRegistry {
    private static let count = 1...Int(Int32.max)
    private static let noCustomClass = PropertyDefinition.Support.refused(
        "it names a Java class, and Tailrace runs none")

    static let snapshot: [PropertyDefinition] = [
        .init(
            "snapshot.mode", .snapshot,
            .choice(SnapshotSettings.Mode.allCases.map(\.rawValue) + ["never"]), default: "initial",
            "When the tables are read before their changes are; never is the former name of no_data."),
        .init(
            "snapshot.mode.configuration.based.snapshot.data", .snapshot, .boolean, default: "false",
            "With configuration_based: whether rows are read."),
        .init(
            "snapshot.mode.configuration.based.snapshot.schema", .snapshot, .boolean, default: "false",
            "With configuration_based: whether tables' schemas are read."),
        .init(
            "snapshot.mode.configuration.based.start.stream", .snapshot, .boolean, default: "false",
            "With configuration_based: whether changes are streamed afterwards."),
        .init(
            "snapshot.mode.configuration.based.snapshot.on.schema.error", .snapshot, .boolean, default: "false",
            "With configuration_based: whether rows are read again when schemas are lost."),
        .init(
            "snapshot.mode.configuration.based.snapshot.on.data.error", .snapshot, .boolean, default: "false",
            "With configuration_based: whether rows are read again when the slot lost the position."),
        .init("snapshot.mode.custom.name", .snapshot, noCustomClass, "A snapshot mode of your own."),
        .init(
            "snapshot.locking.mode", .snapshot, .choice(["none", "shared", "custom"]), default: "none",
            .only(["none", "shared"], "custom names a Java class, and Tailrace runs none"),
            "Whether tables are locked against schema changes while their schemas are read."),
        .init("snapshot.locking.mode.custom.name", .snapshot, noCustomClass, "A locking mode of your own."),
        .init(
            "snapshot.lock.timeout.ms", .snapshot, .milliseconds, default: "10000",
            "How long such a lock may take."),
        .init(
            "snapshot.isolation.mode", .snapshot,
            .choice(["serializable", "repeatable_read", "read_committed", "read_uncommitted"]),
            default: "serializable",
            .only(
                ["serializable", "repeatable_read"],
                "a weaker isolation would let rows slip between the snapshot and the stream"),
            "The isolation of the snapshot's transactions; both read the snapshot that the slot exported."),
        .init(
            "snapshot.query.mode", .snapshot, .choice(["select_all", "custom"]), default: "select_all",
            .only(["select_all"], "custom names a Java class, and Tailrace runs none"), "How rows are selected."),
        .init("snapshot.query.mode.custom.name", .snapshot, noCustomClass, "A query mode of your own."),
        .init("snapshot.delay.ms", .snapshot, .milliseconds, default: "0", "A wait before the snapshot."),
        .init(
            "streaming.delay.ms", .snapshot, .milliseconds, default: "0",
            "A wait between the snapshot and the stream."),
        .init(
            "snapshot.include.collection.list", .snapshot, .expressions,
            "Captured tables that the snapshot reads, as schema.table; all when empty."),
        .init(
            "snapshot.select.statement.overrides", .snapshot, .list,
            "Tables that the snapshot reads with statements of your own."),
        .init(
            "snapshot.select.statement.overrides.<table>", .snapshot, "The statement for one of these tables."),
        .init(
            "snapshot.tables.order.by.row.count", .snapshot, .choice(["disabled", "ascending", "descending"]),
            default: "disabled", "Whether tables are read in the order of their sizes."),
        .init(
            "snapshot.max.threads", .snapshot, .integer(1...64), default: "1",
            "How many connections read at once; one keeps the tables in order."),
        .init(
            "snapshot.max.threads.multiplier", .snapshot, .integer(1...1000), default: "1",
            .noEffect("tables are cut into pieces by their size"),
            "How many pieces a table is cut into for each thread."),
        .init(
            "legacy.snapshot.max.threads", .snapshot, .boolean, default: "false",
            .only(["false"], "tables are always cut into pieces"), "One thread a table instead of pieces."),
        .init(
            "snapshot.fetch.size", .snapshot, .integer(count),
            .noEffect("rows are read with COPY, which needs no fetch size"), "Rows fetched at once."),
        .init(
            "query.fetch.size", .snapshot, .integer(0...Int(Int32.max)), default: "0",
            .noEffect("rows are read with COPY, which needs no fetch size"), "Rows fetched at once in other queries."),
        .init(
            "incremental.snapshot.chunk.size", .snapshot, .integer(count), default: "1024",
            "Rows in a chunk of an incremental snapshot."),
        .init(
            "incremental.snapshot.watermarking.strategy", .snapshot, .choice(["insert_insert", "insert_delete"]),
            default: "insert_insert", "Whether a chunk's closing mark is a row of its own or a deletion."),
        .init(
            "incremental.snapshot.allow.schema.changes", .snapshot, .boolean, default: "false",
            .noEffect("each chunk is read with the schema of its time"),
            "Whether a table's schema may change during an incremental snapshot."),
        .init(
            "read.only", .snapshot, .boolean, default: "false",
            "Whether incremental snapshots leave the source unwritten, with marks from transaction ids."),
    ]

    static let signals: [PropertyDefinition] = [
        .init("signal.data.collection", .signals, "The signal table, as schema.table."),
        .init(
            "signal.enabled.channels", .signals, .choices(["source", "file"]), default: "source",
            "Where signals may come from."),
        .init(
            "signal.poll.interval.ms", .signals, .milliseconds, default: "5000",
            "How often channels other than the table are looked at."),
        .init(
            "signal.file", .signals, default: "file-signals.txt", "The file of the file channel: a signal a line."),
        .init(
            "signal.kafka.<setting>", .signals,
            .refused("the kafka signal channel is not available in this version"), "The kafka channel's settings."),
        .init(
            "signal.consumer.<setting>", .signals,
            .refused("the kafka signal channel is not available in this version"), "The kafka channel's consumer."),
        .init(
            "notification.enabled.channels", .signals, .choices(["sink", "log"]),
            "Where notifications go."),
        .init(
            "notification.sink.topic.name", .signals, "The topic of the sink channel."),
        .init(
            "heartbeat.interval.ms", .signals, .milliseconds, default: "0",
            "How often heartbeat events are sent; 0 is never."),
        .init("heartbeat.action.query", .signals, "A statement run with each heartbeat."),
    ]
}
