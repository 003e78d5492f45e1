public import KafkaProtocol

/// A topic's settings, by Kafka's names and with Kafka's defaults.
public struct TopicConfiguration: Sendable, Equatable {
    /// What was set, by name; the rest are defaults.
    public private(set) var overrides: [String: String] = [:]

    public private(set) var isCompacted = false
    public private(set) var isDeleted = true
    /// nil keeps the producer's codec.
    public private(set) var compression: CompressionType?
    public private(set) var deleteRetentionMilliseconds: Int64 = 86_400_000
    /// How many records may wait for the disk where a commit does not make them durable.
    public private(set) var flushRecordCount: Int64 = .max
    /// How long records may wait for the disk where a commit does not make them durable.
    public private(set) var flushMilliseconds: Int64 = .max
    public private(set) var indexIntervalBytes: Int64 = 4096
    public private(set) var compactionLagMillisecondsMax: Int64 = .max
    public private(set) var messageBytesMax: Int64 = 1_048_588
    /// How far a record's time may lie in the future.
    public private(set) var timestampAfterMillisecondsMax: Int64 = 3_600_000
    /// How far a record's time may lie in the past.
    public private(set) var timestampBeforeMillisecondsMax: Int64 = .max
    /// Whether records get the log's time in place of the producer's.
    public private(set) var usesLogAppendTime = false
    public private(set) var cleanableDirtyRatioMin: Double = 0.5
    public private(set) var compactionLagMillisecondsMin: Int64 = 0
    /// There is one replica; more make batches fail whose producers want all of them to have it.
    public private(set) var inSyncReplicaCountMin: Int64 = 1
    /// -1 for no bound.
    public private(set) var retentionBytes: Int64 = -1
    /// -1 for no bound.
    public private(set) var retentionMilliseconds: Int64 = 604_800_000
    public private(set) var segmentBytes: Int64 = 1_073_741_824
    public private(set) var segmentIndexBytes: Int64 = 10_485_760
    public private(set) var segmentJitterMilliseconds: Int64 = 0
    public private(set) var segmentMilliseconds: Int64 = 604_800_000

    public init() {}

    /// - Throws: ``StorageError/Code/invalidConfiguration``, naming the setting, the value and what is acceptable.
    public init(_ settings: [String: String]) throws(StorageError) {
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) { try set(name, to: value) }
    }

    /// The names that are understood, for messages and for describing a topic.
    public static var names: [String] { TopicSetting.all.map(\.name) }

    /// Every setting and its value in force, by name.
    public var effective: [(name: String, value: String)] {
        TopicSetting.all.map { ($0.name, overrides[$0.name] ?? $0.defaultValue) }
    }

    /// Sets one value.
    /// - Throws: ``StorageError/Code/invalidConfiguration``.
    public mutating func set(_ name: String, to value: String) throws(StorageError) {
        switch name {
        case "cleanup.policy":
            let policies = value.split(separator: ",").map { $0.trimmed }
            guard !policies.isEmpty, policies.allSatisfy({ $0 == "compact" || $0 == "delete" }) else {
                throw Self.invalid(name, value, "must be 'delete', 'compact' or 'compact,delete'")
            }
            isCompacted = policies.contains("compact")
            isDeleted = policies.contains("delete")
        case "compression.type":
            if value == "producer" {
                compression = nil
            } else if let type = CompressionType(named: value), value != "none" {
                compression = type
            } else {
                throw Self.invalid(
                    name, value, "must be 'producer', 'uncompressed', 'gzip', 'snappy', 'lz4' or 'zstd'")
            }
        case "delete.retention.ms": deleteRetentionMilliseconds = try Self.integer(name, value, 0...)
        case "compression.gzip.level": try Self.constant(name, value, "-1")
        case "compression.lz4.level": try Self.constant(name, value, "9")
        case "compression.zstd.level": try Self.constant(name, value, "3")
        case "file.delete.delay.ms": _ = try Self.integer(name, value, 0...)
        case "flush.messages": flushRecordCount = try Self.integer(name, value, 1...)
        case "flush.ms": flushMilliseconds = try Self.integer(name, value, 0...)
        case "follower.replication.throttled.replicas", "leader.replication.throttled.replicas":
            try Self.checkReplicas(name, value)
        case "local.retention.bytes", "local.retention.ms": _ = try Self.integer(name, value, (-2)...)
        case "message.timestamp.after.max.ms": timestampAfterMillisecondsMax = try Self.integer(name, value, 0...)
        case "message.timestamp.before.max.ms": timestampBeforeMillisecondsMax = try Self.integer(name, value, 0...)
        case "message.timestamp.type":
            guard value == "CreateTime" || value == "LogAppendTime" else {
                throw Self.invalid(name, value, "must be 'CreateTime' or 'LogAppendTime'")
            }
            usesLogAppendTime = value == "LogAppendTime"
        case "preallocate", "remote.storage.enable": try Self.constant(name, value.lowercased(), "false")
        case "remote.log.copy.disable", "remote.log.delete.on.disable", "unclean.leader.election.enable":
            guard ["true", "false"].contains(value.lowercased()) else {
                throw Self.invalid(name, value, "must be 'true' or 'false'")
            }
        case "segment.index.bytes": segmentIndexBytes = try Self.integer(name, value, 12...2_147_483_647)
        case "segment.jitter.ms": segmentJitterMilliseconds = try Self.integer(name, value, 0...)
        case "index.interval.bytes": indexIntervalBytes = try Self.integer(name, value, 0...2_147_483_647)
        case "max.compaction.lag.ms": compactionLagMillisecondsMax = try Self.integer(name, value, 1...)
        case "max.message.bytes": messageBytesMax = try Self.integer(name, value, 0...2_000_000_000)
        case "min.cleanable.dirty.ratio":
            guard let ratio = Double(value), (0...1).contains(ratio) else {
                throw Self.invalid(name, value, "must be a number from 0 to 1")
            }
            cleanableDirtyRatioMin = ratio
        case "min.compaction.lag.ms": compactionLagMillisecondsMin = try Self.integer(name, value, 0...)
        case "min.insync.replicas":
            inSyncReplicaCountMin = try Self.integer(name, value, 1...2_147_483_647)
        case "retention.bytes": retentionBytes = try Self.integer(name, value, (-1)...)
        case "retention.ms": retentionMilliseconds = try Self.integer(name, value, (-1)...)
        case "segment.bytes": segmentBytes = try Self.integer(name, value, 14...2_147_483_647)
        case "segment.ms": segmentMilliseconds = try Self.integer(name, value, 1...)
        default:
            throw StorageError(
                .invalidConfiguration,
                "topic setting '\(name)' is not known to the embedded log; did you mean '\(Self.closest(to: name))'?")
        }
        overrides[name] = value
    }

    private static func constant(_ name: String, _ value: String, _ only: String) throws(StorageError) {
        guard value == only else { throw invalid(name, value, "must be \(only): the embedded log knows nothing else") }
    }

    /// `*`, or `partition:broker` pairs separated by commas.
    private static func checkReplicas(_ name: String, _ value: String) throws(StorageError) {
        let isValid =
            value == "*"
            || value.split(separator: ",").allSatisfy { pair in
                let parts = pair.split(separator: ":", omittingEmptySubsequences: false)
                return parts.count == 2 && parts.allSatisfy { Int32($0.trimmed) != nil }
            }
        guard isValid else { throw invalid(name, value, "must be '*' or pairs such as '0:1', separated by commas") }
    }

    private static func integer(
        _ name: String, _ value: String, _ range: PartialRangeFrom<Int64>
    ) throws(StorageError) -> Int64 {
        guard let number = Int64(value), range.contains(number) else {
            throw invalid(name, value, "must be a whole number, \(range.lowerBound) or more")
        }
        return number
    }

    private static func integer(
        _ name: String, _ value: String, _ range: ClosedRange<Int64>
    ) throws(StorageError) -> Int64 {
        guard let number = Int64(value), range.contains(number) else {
            throw invalid(name, value, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func invalid(_ name: String, _ value: String, _ rule: String) -> StorageError {
        StorageError(.invalidConfiguration, "topic setting '\(name)': '\(value)' \(rule)")
    }

    private static func closest(to name: String) -> String {
        names.min { distance($0, name) < distance($1, name) } ?? names[0]
    }

    /// The number of insertions, removals and replacements that turn one text into the other.
    private static func distance(_ a: String, _ b: String) -> Int {
        let b = Array(b.utf8)
        var row = Array(0...b.count)
        for (i, x) in a.utf8.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let above = row[j + 1]
                row[j + 1] = min(above + 1, row[j] + 1, diagonal + (x == b[j] ? 0 : 1))
                diagonal = above
            }
        }
        return row[b.count]
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }
}
