extension TopicSetting {
    /// The greatest long, which Kafka uses for "no bound".
    private static let unbounded = "9223372036854775807"

    /// Every topic setting of Kafka 4, by name.
    public static let all: [TopicSetting] = [
        TopicSetting(
            "cleanup.policy", .list, "delete", broker: "log.cleanup.policy",
            "What becomes of old records: 'delete' removes them by time and size, 'compact' keeps the newest of each key."
        ),
        TopicSetting(
            "compression.gzip.level", .int, "-1", broker: "compression.gzip.level",
            "Only the library's own level, -1, is supported."),
        TopicSetting(
            "compression.lz4.level", .int, "9", broker: "compression.lz4.level",
            "Only Kafka's own level, 9, is accepted; batches that the log compresses anew use the library's fast level."
        ),
        TopicSetting(
            "compression.type", .string, "producer", broker: "compression.type",
            "The codec that record batches are kept in; 'producer' keeps each as it came."),
        TopicSetting(
            "compression.zstd.level", .int, "3", broker: "compression.zstd.level",
            "Only the library's own level, 3, is supported."),
        TopicSetting(
            "delete.retention.ms", .long, "86400000", broker: "log.cleaner.delete.retention.ms",
            "How long compaction keeps a tombstone after it first saw it, in milliseconds."),
        TopicSetting(
            "file.delete.delay.ms", .long, "60000", broker: "log.segment.delete.delay.ms",
            "No meaning here: files are removed at once, and readers that have them open go on reading them."),
        TopicSetting(
            "flush.messages", .long, unbounded, broker: "log.flush.interval.messages",
            "After how many records at most the log makes them durable; it does so at every commit unless told otherwise."
        ),
        TopicSetting(
            "flush.ms", .long, unbounded, broker: "log.flush.interval.ms",
            "After how many milliseconds at most the log makes records durable; see flush.messages."),
        TopicSetting(
            "follower.replication.throttled.replicas", .list, "", broker: nil,
            "No meaning here: one node has no followers."),
        TopicSetting(
            "index.interval.bytes", .int, "4096", broker: "log.index.interval.bytes",
            "How many bytes of batches lie between two index entries."),
        TopicSetting(
            "leader.replication.throttled.replicas", .list, "", broker: nil,
            "No meaning here: one node has no followers."),
        TopicSetting(
            "local.retention.bytes", .long, "-2", broker: "log.local.retention.bytes",
            "Counts only with remote storage, which there is none of."),
        TopicSetting(
            "local.retention.ms", .long, "-2", broker: "log.local.retention.ms",
            "Counts only with remote storage, which there is none of."),
        TopicSetting(
            "max.compaction.lag.ms", .long, unbounded, broker: "log.cleaner.max.compaction.lag.ms",
            "How old a record may become, in milliseconds, before it is compacted however little there is to gain."),
        TopicSetting(
            "max.message.bytes", .int, "1048588", broker: "message.max.bytes",
            "The largest record batch that is taken, in bytes as the producer sends it."),
        TopicSetting(
            "message.timestamp.after.max.ms", .long, "3600000", broker: "log.message.timestamp.after.max.ms",
            "How far a record's timestamp may lie in the future, in milliseconds."),
        TopicSetting(
            "message.timestamp.before.max.ms", .long, unbounded, broker: "log.message.timestamp.before.max.ms",
            "How far a record's timestamp may lie in the past, in milliseconds."),
        TopicSetting(
            "message.timestamp.type", .string, "CreateTime", broker: "log.message.timestamp.type",
            "Whose time a record has: the producer's, 'CreateTime', or the log's, 'LogAppendTime'."),
        TopicSetting(
            "min.cleanable.dirty.ratio", .double, "0.5", broker: "log.cleaner.min.cleanable.ratio",
            "Which part of the log must be new before it is compacted, from 0 to 1."),
        TopicSetting(
            "min.compaction.lag.ms", .long, "0", broker: "log.cleaner.min.compaction.lag.ms",
            "How long a record stays uncompacted at least, in milliseconds."),
        TopicSetting(
            "min.insync.replicas", .int, "1", broker: "min.insync.replicas",
            "How many replicas must have a batch whose producer wants all of them to; there is one, so more refuse it."),
        TopicSetting(
            "preallocate", .boolean, "false", broker: "log.preallocate",
            "Only 'false' is supported: segments grow as they are written."),
        TopicSetting(
            "remote.log.copy.disable", .boolean, "false", broker: nil,
            "Counts only with remote storage, which there is none of."),
        TopicSetting(
            "remote.log.delete.on.disable", .boolean, "false", broker: nil,
            "Counts only with remote storage, which there is none of."),
        TopicSetting(
            "remote.storage.enable", .boolean, "false", broker: nil,
            "Only 'false' is supported: there is no remote storage."),
        TopicSetting(
            "retention.bytes", .long, "-1", broker: "log.retention.bytes",
            "How many bytes a partition keeps before its oldest segments go; -1 for no bound."),
        TopicSetting(
            "retention.ms", .long, "604800000", broker: "log.retention.ms",
            "How old a record becomes, in milliseconds, before its segment may go; -1 for no bound."),
        TopicSetting(
            "segment.bytes", .int, "1073741824", broker: "log.segment.bytes",
            "How large a segment becomes, in bytes, before the next one is begun."),
        TopicSetting(
            "segment.index.bytes", .int, "10485760", broker: "log.index.size.max.bytes",
            "How large an index becomes, in bytes, before the next segment is begun."),
        TopicSetting(
            "segment.jitter.ms", .long, "0", broker: "log.roll.jitter.ms",
            "By how much segment.ms may be shortened, so that segments of many partitions do not end all at once."),
        TopicSetting(
            "segment.ms", .long, "604800000", broker: "log.roll.ms",
            "How many milliseconds of records a segment holds before the next one is begun."),
        TopicSetting(
            "unclean.leader.election.enable", .boolean, "false", broker: "unclean.leader.election.enable",
            "No meaning here: one node never elects another."),
    ]

    static let byName: [String: TopicSetting] = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
}
