public import ChangeModel
internal import KafkaProtocol

/// Gathers encoders' records into the open ``RecordGroup``: partition by key, batch by partition.
///
/// A record costs a hash of its key and a copy of its bytes. One owner, one thread at a time. Where a batch is full the
/// next one of its partition begins, so that no batch grows beyond the topic's `max.message.bytes` or ``batchByteCountMax``
/// unless a single record does.
public struct RecordGroupWriter: RecordSink, ~Copyable {
    /// A batch is closed at this size, uncompressed, so that readers get their data in pieces.
    public static let batchByteCountMax = 1 << 20

    private struct Topic {
        let name: String
        let partitions: [TopicPartition]
        let batchByteCountMax: Int
        let recordByteCountMax: Int
        /// Each partition's slot in `open`.
        let firstSlot: Int
        /// Where records without a key go; it moves on with every group, so that batches stay whole.
        var stickyPartition: Int32 = 0
    }

    /// What a topic is to a writer.
    public struct TopicLimits: Sendable {
        public let partitionCount: Int32
        /// The topic's `max.message.bytes`.
        public let messageBytesMax: Int
        public init(partitionCount: Int32, messageBytesMax: Int) {
            self.partitionCount = partitionCount
            self.messageBytesMax = messageBytesMax
        }
    }

    private let ensureTopic: (String) throws(TransportError) -> TopicLimits
    private var handles: [String: TopicHandle] = [:]
    private var topics: [Topic] = []
    /// The open batch of each partition, where it has one in the present group.
    private var open: [RecordBatchBuilder?] = []
    private var group: RecordGroup
    private var failure: TransportError?

    /// - Parameters:
    ///   - group: an empty group, from `SourceSession.makeGroup()`.
    ///   - ensureTopic: creates a topic unless it exists; asked once for each name.
    public init(group: RecordGroup, ensureTopic: @escaping (String) throws(TransportError) -> TopicLimits) {
        self.group = group
        self.ensureTopic = ensureTopic
    }

    /// A writer for `transport`, whose new topics get what `settings` answers for their name.
    public init(
        group: RecordGroup, transport: some RecordTransport,
        settings: @escaping (String) -> TopicSettings = { _ in TopicSettings() }
    ) {
        self.init(group: group) { name throws(TransportError) in
            let partitionCount = try transport.ensureTopic(name, settings: settings(name))
            return TopicLimits(
                partitionCount: partitionCount, messageBytesMax: try transport.messageBytesMax(ofTopic: name))
        }
    }

    public var recordCount: Int { group.recordCount }
    /// The gathered records' bytes, uncompressed.
    public var byteCount: Int { group.byteCount }

    public mutating func topic(named name: String) throws(TopicError) -> TopicHandle {
        if let handle = handles[name] { return handle }
        let limits: TopicLimits
        do throws(TransportError) {
            limits = try ensureTopic(name)
        } catch {
            throw TopicError(topic: name, reason: error.description)
        }
        let handle = TopicHandle(rawValue: Int32(topics.count))
        // The batch's header, and what a codec may add to bytes that do not compress.
        let recordByteCountMax = limits.messageBytesMax - 128 - limits.messageBytesMax / 200
        topics.append(
            Topic(
                name: name,
                partitions: (0..<limits.partitionCount).map { TopicPartition(topic: name, partition: $0) },
                batchByteCountMax: min(Self.batchByteCountMax, recordByteCountMax),
                recordByteCountMax: recordByteCountMax, firstSlot: open.count))
        open.append(contentsOf: repeatElement(nil, count: Int(limits.partitionCount)))
        handles[name] = handle
        return handle
    }

    public mutating func append(
        to topic: TopicHandle, timestamp: Int64, key: Span<UInt8>, hasKey: Bool, value: Span<UInt8>, hasValue: Bool,
        headers: Span<UInt8>
    ) {
        let number = Int(topic.rawValue)
        let partitionCount = topics[number].partitions.count
        let partition: Int
        if partitionCount == 1 {
            partition = 0
        } else if hasKey {
            partition = Int(Murmur2.partition(forKey: key, partitionCount: Int32(partitionCount)))
        } else {
            partition = Int(topics[number].stickyPartition)
        }
        let slot = topics[number].firstSlot + partition
        // Varints and attributes take at most this much.
        let size = key.count + value.count + headers.count + 32
        if let builder = open[slot], builder.byteCount + size <= topics[number].batchByteCountMax {
            builder.append(
                timestamp: timestamp, key: key, hasKey: hasKey, value: value, hasValue: hasValue, headers: headers)
        } else {
            if size > topics[number].recordByteCountMax, failure == nil {
                failure = TransportError(
                    code: .recordTooLarge,
                    detail: "a record of \(size - 32) bytes for topic '\(topics[number].name)' is larger than the "
                        + "topic takes: raise its max.message.bytes above \(size + size / 100 + 256)")
            }
            let builder = group.begin(topics[number].partitions[partition])
            open[slot] = builder
            builder.append(
                timestamp: timestamp, key: key, hasKey: hasKey, value: value, hasValue: hasValue, headers: headers)
        }
        group.recordCount += 1
        group.byteCount += size
    }

    /// Takes the gathered group, for `SourceSession.submit`, and goes on with `next`, which must be empty.
    /// - Throws: ``TransportError/Code/recordTooLarge`` when a record since the last call was; the group is then lost
    ///   and must not be passed over.
    public mutating func takeGroup(replacingWith next: RecordGroup) throws(TransportError) -> RecordGroup {
        if let failure { throw failure }
        let taken = group
        group = next
        for index in open.indices { open[index] = nil }
        for index in topics.indices where topics[index].partitions.count > 1 {
            topics[index].stickyPartition =
                (topics[index].stickyPartition + 1) % Int32(topics[index].partitions.count)
        }
        return taken
    }
}
