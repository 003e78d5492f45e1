internal import ChangeModel
internal import CommitLog

/// Topics as clients see them: looked up, created on demand, described. Any thread; what creates blocks.
final class TopicDirectory: Sendable {
    private let log: CommitLog<PosixFileSystem>
    private let configuration: BrokerConfiguration

    init(log: CommitLog<PosixFileSystem>, configuration: BrokerConfiguration) {
        self.log = log
        self.configuration = configuration
    }

    /// The topics that are Kafka's own, which clients are told not to touch.
    static func isInternal(_ name: String) -> Bool { name == "__consumer_offsets" || name == "__transaction_state" }

    subscript(_ name: String) -> TopicDescription? { log.topic(name) }
    subscript(_ id: TopicID) -> TopicDescription? { log.topics.first { $0.id == id } }

    var all: [TopicDescription] { log.topics }

    /// Which epoch writes to a partition, as clients are told.
    func leaderEpoch(of partition: TopicPartition) -> Int32 { 0 }

    /// Creates a topic as a client asks for it. Blocks.
    /// - Throws: ``StorageError``, among them that it exists.
    @discardableResult
    func create(
        _ name: String, partitionCount: Int32?, settings: [String: String]
    ) throws(StorageError) -> TopicDescription {
        var settings = settings
        // What capture writes may be larger than what clients are used to being refused.
        if settings["max.message.bytes"] == nil {
            settings["max.message.bytes"] = configuration.value("message.max.bytes")
        }
        return try log.createTopic(
            name, partitionCount: partitionCount ?? Int32(configuration.integer("num.partitions")), settings: settings)
    }

    /// Creates one of the coordinators' topics unless it is there. Blocks.
    func ensureInternal(
        _ name: String, partitionCount: Int32, settings: [String: String]
    ) throws(StorageError) -> TopicDescription {
        if let topic = log.topic(name) { return topic }
        do throws(StorageError) {
            return try log.createTopic(name, partitionCount: partitionCount, settings: settings)
        } catch {
            // Somebody else may have been faster.
            if error.code == .topicExists, let topic = log.topic(name) { return topic }
            throw error
        }
    }
}
