internal import ByteCoding
internal import ChangeModel
public import CommitLog
internal import Compression
internal import Glibc
internal import KafkaProtocol
internal import Synchronization

/// The embedded commit log as a transport: topics and sources' states in one directory.
///
/// Safe to use from any task.
public final class EmbeddedTransport: RecordTransport {
    public struct Options: Sendable {
        public var flush: LogOptions.Flush = .commit
        /// The same for Kafka's clients; nil for no difference.
        public var clientFlush: LogOptions.Flush?
        /// The codec of topics whose `compression.type` is `producer`: `none`, `gzip`, `snappy`, `lz4` or `zstd`.
        public var compression = "lz4"
        /// Settings of topics that do not say otherwise, by Kafka's names.
        public var topicDefaults: [String: String] = [
            // A row with large values is one record, before and after; Kafka's default of 1 MiB would refuse it.
            "max.message.bytes": "134217728"
        ]
        public var defaultPartitionCount: Int32 = 1

        public init() {}
    }

    /// Kafka Connect's name for the topic that holds sources' positions, compacted by source.
    public static let stateTopic = "connect-offsets"

    /// The log underneath, for reading and administration.
    public let log: CommitLog<PosixFileSystem>
    private let compression: CompressionType
    private let sessions = Mutex<[String: EmbeddedSession]>([:])

    /// Opens or creates the log in `directory`. Blocks while it recovers.
    public init(directory: String, options: Options = Options()) throws(TransportError) {
        guard let compression = CompressionType(named: options.compression) else {
            throw TransportError(
                code: .invalidTopic,
                detail: "compression '\(options.compression)' is not known: use none, gzip, snappy, lz4 or zstd")
        }
        self.compression = compression
        var settings = LogOptions(now: { Self.now() }, makeCodec: { StandardCodec() })
        settings.flush = options.flush
        settings.clientFlush = options.clientFlush
        settings.topicDefaults = options.topicDefaults
        settings.defaultPartitionCount = options.defaultPartitionCount
        PosixFileSystem.raiseFileLimit()
        do throws(StorageError) {
            log = try CommitLog(directory: directory, files: PosixFileSystem(), options: settings)
        } catch {
            throw TransportError(error)
        }
    }

    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    public func ensureTopic(_ name: String, settings: TopicSettings) throws(TransportError) -> Int32 {
        if let topic = log.topic(name) { return topic.partitionCount }
        do throws(StorageError) {
            return try log.createTopic(
                name, partitionCount: settings.partitionCount, settings: settings.configuration
            ).partitionCount
        } catch {
            // Another session may have been faster.
            if error.code == .topicExists, let topic = log.topic(name) { return topic.partitionCount }
            throw TransportError(error)
        }
    }

    public func messageBytesMax(ofTopic name: String) throws(TransportError) -> Int {
        guard let topic = log.topic(name) else {
            throw TransportError(code: .invalidTopic, detail: "there is no topic '\(name)'")
        }
        return Int(topic.configuration.messageBytesMax)
    }

    public func openSession(source: String) async throws(TransportError) -> EmbeddedSession {
        let key = Self.stateKey(of: source)
        let partitionCount = try ensureTopic(
            Self.stateTopic,
            settings: TopicSettings(
                partitionCount: 1,
                configuration: [
                    // Small segments are compacted soon, and opening a session reads little.
                    "cleanup.policy": "compact", "segment.bytes": "8388608", "min.cleanable.dirty.ratio": "0.1",
                ]))
        let partition = TopicPartition(
            topic: Self.stateTopic, partition: Murmur2.partition(forKey: key.span, partitionCount: partitionCount))
        sessions.withLock { $0[source] }?.fence()
        // Whatever an earlier session had handed to the log is decided once this is answered.
        await barrier()
        let state: [UInt8]?
        do throws(StorageError) {
            state = try StateLookup(view: log.view(partition), codec: StandardCodec()).newestValue(ofKey: key)
        } catch {
            throw TransportError(error)
        }
        let session = EmbeddedSession(
            log: log, source: source, stateKey: key, statePartition: partition, restoredState: state,
            compression: compression)
        sessions.withLock { $0[source] = session }
        return session
    }

    private func barrier() async {
        await withCheckedContinuation { continuation in
            let request = CommitRequest()
            request.completion = { _ in continuation.resume() }
            log.enqueue(request)
        }
    }

    /// Ends every session, commits what they handed over, and gives the directory up. Blocks.
    public func close() throws(TransportError) {
        let open = sessions.withLock { sessions in
            defer { sessions.removeAll() }
            return Array(sessions.values)
        }
        for session in open { session.stop() }
        do throws(StorageError) { try log.close() } catch { throw TransportError(error) }
    }

    private static func stateKey(of source: String) -> [UInt8] {
        if source.hasPrefix("[") { return Array(source.utf8) }
        var key = ByteBuffer()
        key.append("[")
        key.append(jsonString: Array(source.utf8).span)
        key.append(",{\"server\":")
        key.append(jsonString: Array(source.utf8).span)
        key.append("}]")
        return key.array()
    }
}

extension TransportError {
    init(_ error: StorageError) {
        let code: Code
        switch error.code {
        case .diskFull: code = .diskFull
        case .batchTooLarge: code = .recordTooLarge
        case .unknownTopic, .topicExists, .invalidTopic, .invalidConfiguration: code = .invalidTopic
        case .offsetOutOfRange: code = .offsetOutOfRange
        case .closed: code = .closed
        case .inputOutput, .locked, .unsupportedVersion, .foreignDirectory, .readOnly, .corrupt, .notFound,
            .invalidBatch, .producerFenced, .coordinatorFenced, .invalidTransactionState:
            code = .inputOutput
        }
        self.init(code: code, detail: error.detail)
    }
}
