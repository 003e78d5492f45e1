public import ChangeModel
public import KafkaProtocol

/// How a log behaves. Time and chance come in here, so that tests decide them.
public struct LogOptions: Sendable {
    /// When a commit is answered, and what a power cut can then take. A process that dies loses nothing under any of
    /// them: the operating system has the bytes.
    public enum Flush: Sendable, Equatable {
        /// After the disk has it: nothing that was acknowledged is lost.
        case commit
        /// At once; the disk gets it within this time: a power cut may take the last commits, each whole.
        case interval(Duration)
        /// At once; the operating system decides: a power cut may take the last half minute or so, each commit whole.
        case never
    }

    /// For capture and the other writers of this process.
    public var flush: Flush = .commit
    /// For Kafka's clients and the coordinators; nil for the same as ``flush``. Kafka's own brokers leave it to the
    /// operating system and to replicas; topics can ask for more by `flush.messages` and `flush.ms`.
    public var clientFlush: Flush?
    /// What a topic gets where its own settings are silent.
    public var topicDefaults: [String: String] = [:]
    public var defaultPartitionCount: Int32 = 1
    /// Under the `commit` policy, commits of up to this many bytes become durable with one sync, that of the journal, which
    /// then holds their batches too; larger ones with a sync for each partition. 0 for never.
    public var journaledByteCountMax = 64 << 10
    /// When the commit journal has grown to this many bytes, a new one is begun.
    public var journalByteCountMax: Int64 = 32 << 20
    /// A new journal is begun as well when so many bytes were written since the last: recovery after a crash reads no more
    /// than these.
    public var checkpointByteCountMax: Int64 = 256 << 20
    /// How long a partition remembers a producer that writes nothing (`producer.id.expiration.ms`).
    public var producerExpirationMilliseconds: Int64 = 86_400_000
    /// How often retention and compaction look for work.
    public var maintenanceInterval: Duration = .seconds(30)
    /// Milliseconds since 1970.
    public var now: @Sendable () -> Int64
    public var makeTopicID: @Sendable () -> TopicID = { TopicID.random() }
    /// Makes a codec for each thread that needs one; compaction reads and writes compressed batches.
    public var makeCodec: @Sendable () -> any BatchCodec

    func flush(of request: CommitRequest) -> Flush {
        request.batches.contains { $0.origin == .source } ? flush : clientFlush ?? flush
    }

    public init(now: @escaping @Sendable () -> Int64, makeCodec: @escaping @Sendable () -> any BatchCodec) {
        self.now = now
        self.makeCodec = makeCodec
    }
}
