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

    /// What a record needs to know of its topic: plain numbers, so that looking them up counts no references.
    private struct Route: BitwiseCopyable {
        let partitionCount: Int32
        /// The slot of partition 0 in `open` and `partitions`.
        let firstSlot: Int32
        let batchByteCountMax: Int
        let recordByteCountMax: Int
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
    private var routes: [Route] = []
    private var partitions: [TopicPartition] = []
    /// The open batch of each partition, where it has one in the present group, which owns it: a record that counted
    /// references here would pay as much for that as for the copy of its bytes.
    private var open: [Unmanaged<RecordBatchBuilder>?] = []
    private var group: RecordGroup
    public private(set) var recordCount = 0
    /// The gathered records' bytes, uncompressed.
    public private(set) var byteCount = 0
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

    public mutating func topic(named name: String) throws(TopicError) -> TopicHandle {
        if let handle = handles[name] { return handle }
        let limits: TopicLimits
        do throws(TransportError) {
            limits = try ensureTopic(name)
        } catch {
            throw TopicError(topic: name, reason: error.description)
        }
        let handle = TopicHandle(rawValue: Int32(routes.count))
        // The batch's header, and what a codec may add to bytes that do not compress.
        let recordByteCountMax = limits.messageBytesMax - 128 - limits.messageBytesMax / 200
        routes.append(
            Route(
                partitionCount: limits.partitionCount, firstSlot: Int32(open.count),
                batchByteCountMax: min(Self.batchByteCountMax, recordByteCountMax),
                recordByteCountMax: recordByteCountMax))
        for number in 0..<limits.partitionCount {
            partitions.append(TopicPartition(topic: name, partition: number))
            open.append(nil)
        }
        handles[name] = handle
        return handle
    }

    public mutating func append(
        to topic: TopicHandle, timestamp: Int64, key: Span<UInt8>, hasKey: Bool, value: Span<UInt8>, hasValue: Bool,
        headers: Span<UInt8>
    ) {
        let route = routes[Int(topic.rawValue)]
        let partition: Int32
        if route.partitionCount == 1 {
            partition = 0
        } else if hasKey {
            partition = Murmur2.partition(forKey: key, partitionCount: route.partitionCount)
        } else {
            partition = route.stickyPartition
        }
        let slot = Int(route.firstSlot + partition)
        // Varints and attributes take at most 40 bytes.
        let size = key.count + value.count + headers.count + 40
        recordCount += 1
        byteCount += size
        // SAFETY: a batch stays in the group until `takeGroup`, which also empties `open`.
        if let builder = open[slot],
            builder._withUnsafeGuaranteedRef({
                $0.append(
                    timestamp: timestamp, key: key, hasKey: hasKey, value: value, hasValue: hasValue,
                    headers: headers, byteCountMax: route.batchByteCountMax)
            })
        {
            return
        }
        if size > route.recordByteCountMax { noteTooLarge(size, in: partitions[slot].topic) }
        let builder = group.begin(partitions[slot])
        open[slot] = Unmanaged.passUnretained(builder)
        builder.append(
            timestamp: timestamp, key: key, hasKey: hasKey, value: value, hasValue: hasValue, headers: headers)
    }

    private mutating func noteTooLarge(_ size: Int, in topic: String) {
        guard failure == nil else { return }
        failure = TransportError(
            code: .recordTooLarge,
            detail: "a record of \(size - 40) bytes for topic '\(topic)' is larger than the topic takes: "
                + "raise its max.message.bytes above \(size + size / 100 + 256)")
    }

    /// Takes the gathered group, for `SourceSession.submit`, and goes on with `next`, which must be empty.
    /// - Throws: ``TransportError/Code/recordTooLarge`` when a record since the last call was; the group is then lost
    ///   and must not be passed over.
    public mutating func takeGroup(replacingWith next: RecordGroup) throws(TransportError) -> RecordGroup {
        if let failure { throw failure }
        let taken = group
        taken.recordCount = recordCount
        taken.byteCount = byteCount
        recordCount = 0
        byteCount = 0
        group = next
        for index in open.indices { open[index] = nil }
        for index in routes.indices where routes[index].partitionCount > 1 {
            routes[index].stickyPartition = (routes[index].stickyPartition + 1) % routes[index].partitionCount
        }
        return taken
    }
}
