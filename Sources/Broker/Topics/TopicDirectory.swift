internal import AccessControl
internal import ChangeModel
internal import CommitLog
internal import Synchronization

/// Topics as clients see them: looked up, created on demand, described. Any thread; what creates blocks.
final class TopicDirectory: Sendable {
    private let log: CommitLog<PosixFileSystem>
    private let live: LiveConfiguration
    private let observers = Mutex<[@Sendable (Change) -> Void]>([])

    /// What an administrator did to a topic.
    enum Change: Sendable {
        case created(TopicDescription)
        case grown(TopicDescription)
        case deleted(TopicDescription)
    }

    init(log: CommitLog<PosixFileSystem>, live: LiveConfiguration) {
        self.log = log
        self.live = live
    }

    /// Has `observer` called, on any thread, after each change that clients ask for. What capture does to topics in this
    /// process is not told.
    func observe(_ observer: @escaping @Sendable (Change) -> Void) { observers.withLock { $0.append(observer) } }

    private func tell(_ change: Change) {
        for observer in observers.withLock({ $0 }) { observer(change) }
    }

    /// The topics that are Kafka's own, which clients are told not to touch.
    static func isInternal(_ name: String) -> Bool {
        name == "__consumer_offsets" || name == "__transaction_state" || isHidden(name)
    }

    /// The topic with verifiers of passwords in it, which no client gets to see.
    static func isHidden(_ name: String) -> Bool { name == AccessRecord.topic }

    subscript(_ name: String) -> TopicDescription? { Self.isHidden(name) ? nil : log.topic(name) }
    subscript(_ id: TopicID) -> TopicDescription? { log.topic(id).flatMap { Self.isHidden($0.name) ? nil : $0 } }

    var all: [TopicDescription] { log.topics.filter { !Self.isHidden($0.name) } }

    /// Which epoch writes to a partition, as clients are told.
    func leaderEpoch(of partition: TopicPartition) -> Int32 { (try? log.view(partition))?.leaderEpoch ?? 0 }

    /// Creates a topic as a client asks for it. Blocks.
    /// - Throws: ``StorageError``, among them that it exists.
    @discardableResult
    func create(
        _ name: String, partitionCount: Int32?, settings: [String: String]
    ) throws(StorageError) -> TopicDescription {
        let topic = try log.createTopic(
            name, partitionCount: partitionCount ?? defaultPartitionCount, settings: completed(settings))
        tell(.created(topic))
        return topic
    }

    /// What `create` would make; nothing is made.
    func preview(
        _ name: String, partitionCount: Int32?, settings: [String: String]
    ) throws(StorageError) -> (partitionCount: Int32, configuration: TopicConfiguration) {
        try TopicDescription.validate(name: name)
        guard log.topic(name) == nil else { throw StorageError(.topicExists, "topic '\(name)' exists") }
        return (partitionCount ?? defaultPartitionCount, try TopicConfiguration(completed(settings)))
    }

    /// Blocks.
    func delete(_ name: String) throws(StorageError) {
        guard let topic = log.topic(name) else { throw StorageError(.unknownTopic, "there is no topic '\(name)'") }
        try log.deleteTopic(name)
        tell(.deleted(topic))
    }

    /// Blocks.
    func grow(_ name: String, to partitionCount: Int32) throws(StorageError) {
        tell(.grown(try log.addPartitions(topic: name, to: partitionCount)))
    }

    private var defaultPartitionCount: Int32 { Int32(live.current.integer("num.partitions")) }

    /// What a topic's setting is where the topic does not say, if that is not the log's own default.
    func inheritedValue(of setting: String) -> String? {
        // What capture writes may be larger than what clients are used to being refused.
        setting == "max.message.bytes" ? live.current.value("message.max.bytes") : nil
    }

    private func completed(_ settings: [String: String]) -> [String: String] {
        guard settings["max.message.bytes"] == nil else { return settings }
        var settings = settings
        settings["max.message.bytes"] = inheritedValue(of: "max.message.bytes")
        return settings
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
