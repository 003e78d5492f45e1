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
    public private(set) var indexIntervalBytes: Int64 = 4096
    public private(set) var compactionLagMillisecondsMax: Int64 = .max
    public private(set) var messageBytesMax: Int64 = 1_048_588
    public private(set) var cleanableDirtyRatioMin: Double = 0.5
    public private(set) var compactionLagMillisecondsMin: Int64 = 0
    /// -1 for no bound.
    public private(set) var retentionBytes: Int64 = -1
    /// -1 for no bound.
    public private(set) var retentionMilliseconds: Int64 = 604_800_000
    public private(set) var segmentBytes: Int64 = 1_073_741_824
    public private(set) var segmentMilliseconds: Int64 = 604_800_000

    public init() {}

    /// - Throws: ``StorageError/Code/invalidConfiguration``, naming the setting, the value and what is acceptable.
    public init(_ settings: [String: String]) throws(StorageError) {
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) { try set(name, to: value) }
    }

    /// The names that are understood, for messages and for describing a topic.
    public static let names = [
        "cleanup.policy", "compression.type", "delete.retention.ms", "index.interval.bytes", "max.compaction.lag.ms",
        "max.message.bytes", "min.cleanable.dirty.ratio", "min.compaction.lag.ms", "min.insync.replicas",
        "retention.bytes", "retention.ms", "segment.bytes", "segment.ms",
    ]

    /// Every setting and its value in force, in the order of ``names``.
    public var effective: [(name: String, value: String)] {
        Self.names.map { name in (name, value(of: name)) }
    }

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
        case "index.interval.bytes": indexIntervalBytes = try Self.integer(name, value, 0...)
        case "max.compaction.lag.ms": compactionLagMillisecondsMax = try Self.integer(name, value, 1...)
        case "max.message.bytes": messageBytesMax = try Self.integer(name, value, 0...2_000_000_000)
        case "min.cleanable.dirty.ratio":
            guard let ratio = Double(value), (0...1).contains(ratio) else {
                throw Self.invalid(name, value, "must be a number from 0 to 1")
            }
            cleanableDirtyRatioMin = ratio
        case "min.compaction.lag.ms": compactionLagMillisecondsMin = try Self.integer(name, value, 0...)
        case "min.insync.replicas":
            guard value == "1" else { throw Self.invalid(name, value, "must be 1: the embedded log has one replica") }
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

    private func value(of name: String) -> String {
        if let set = overrides[name] { return set }
        switch name {
        case "cleanup.policy": return "delete"
        case "compression.type": return "producer"
        case "delete.retention.ms": return String(deleteRetentionMilliseconds)
        case "index.interval.bytes": return String(indexIntervalBytes)
        case "max.compaction.lag.ms": return String(compactionLagMillisecondsMax)
        case "max.message.bytes": return String(messageBytesMax)
        case "min.cleanable.dirty.ratio": return String(cleanableDirtyRatioMin)
        case "min.compaction.lag.ms": return String(compactionLagMillisecondsMin)
        case "min.insync.replicas": return "1"
        case "retention.bytes": return String(retentionBytes)
        case "retention.ms": return String(retentionMilliseconds)
        case "segment.bytes": return String(segmentBytes)
        default: return String(segmentMilliseconds)
        }
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
