public import ChangeModel

/// The seam between the platform and its log: the embedded commit log is one implementation, a Kafka cluster the other.
///
/// Contract: what a session commits becomes visible to readers in the order of its groups, each group wholly or not at
/// all, and only once it is durable by the log's policy. After a crash the log holds a prefix of the groups, and
/// `openSession` returns the state that the last group of this prefix carried: a source that resumes from that state
/// neither loses nor doubles anything. A Kafka cluster keeps the same contract with one transaction a group and the
/// state as a record of the same transaction.
public protocol RecordTransport: Sendable {
    associatedtype Session: SourceSession

    /// Creates the topic unless it exists, and returns how many partitions it has. Blocks; call it off the hot path.
    func ensureTopic(_ name: String, settings: TopicSettings) throws(TransportError) -> Int32

    /// The topic's `max.message.bytes`: how large a batch, and so a record, may be.
    func messageBytesMax(ofTopic name: String) throws(TransportError) -> Int

    /// Begins to write for `source`, fencing every earlier session under that name.
    /// - Parameter source: names the source's state record. Text that begins with `[` is the record's key as it stands,
    ///   Connect's form `["connector-name",{"server":"prefix"}]`; any other text stands for both names in that form.
    func openSession(source: String) async throws(TransportError) -> Session
}

/// One source's writer. Used by one task at a time.
public protocol SourceSession: Sendable {
    /// What the last durable group carried, or nil for a source that never committed one.
    var restoredState: [UInt8]? { get }

    /// Hands a group over and returns as soon as it is accepted: waits while the bounded queue is full. Groups become
    /// durable in order. A failure of an earlier group is thrown here, and the session is then unusable.
    func submit(_ group: RecordGroup) async throws(TransportError)

    /// Waits until every submitted group is durable.
    func flush() async throws(TransportError)

    /// The `position` of the newest durable group: what the source may acknowledge. Cheap; any thread.
    var durablePosition: LSN { get }

    /// How many records are durable since the session began. Cheap; any thread.
    var durableRecordCount: UInt64 { get }

    /// The sum of the durable groups' `changeCount` since the session began. Cheap; any thread.
    var durableChangeCount: UInt64 { get }

    /// True while the queue holds no group: handing one over now costs no waiting. Cheap; any thread.
    var isIdle: Bool { get }

    /// An emptied group for reuse where one is free, else a new one.
    func makeGroup() -> RecordGroup

    /// Flushes and gives the session up.
    func close() async throws(TransportError)
}

/// The settings a topic is created with; an existing topic keeps its own.
public struct TopicSettings: Sendable, Equatable {
    /// nil leaves the choice to the log's default.
    public var partitionCount: Int32?
    /// Kafka's topic configuration by its own names (`cleanup.policy`, `retention.ms`, …).
    public var configuration: [String: String]
    public init(partitionCount: Int32? = nil, configuration: [String: String] = [:]) {
        self.partitionCount = partitionCount
        self.configuration = configuration
    }
}
