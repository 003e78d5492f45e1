public import ByteCoding
public import ChangeModel
public import KafkaProtocol
internal import Synchronization

/// A durable log of partitions in Kafka's format, in one directory, with commits that span partitions.
///
/// One thread of its own writes: it gathers the commits that wait, writes them all, makes them durable with one round of
/// syncs, records them in the journal, and only then shows them to readers and answers. Any thread may call anything
/// here; readers never wait for the writer.
public final class CommitLog<Files: FileSystem>: Sendable {
    private enum Work {
        case commit(CommitRequest)
        case command((LogStore<Files>) -> Void)
    }

    private struct Queue {
        var work: [Work] = []
        var isClosing = false
    }

    private struct Catalog {
        var topics: [String: TopicDescription] = [:]
        var names: [TopicID: String] = [:]
        var views: [TopicPartition: PartitionView<Files>] = [:]
    }

    /// How much one round of syncs may carry, in bytes, before what waits goes into the next.
    private static var roundByteCountMax: Int { 16 << 20 }

    public let directory: String
    public let recovery: RecoveryReport
    /// Raised after every commit.
    public let signal = CommitSignal()
    private let queue = Monitor(Queue())
    private let catalog: Mutex<Catalog>
    private let thread: Mutex<WorkerThread?>
    private let options: LogOptions
    private let files: Files
    private let maintenance: Mutex<WorkerThread?>
    private let isStopping = Monitor(false)
    private let observer: CommitObserver
    private let codecs: CodecPool

    /// Opens or creates the log in `directory`. Blocks while it recovers.
    /// - Throws: ``StorageError`` with ``StorageError/Code/locked``, ``StorageError/Code/foreignDirectory``,
    ///   ``StorageError/Code/unsupportedVersion``, ``StorageError/Code/readOnly``, ``StorageError/Code/diskFull`` or
    ///   ``StorageError/Code/corrupt``.
    public init(directory: String, files: Files, options: LogOptions) throws(StorageError) {
        let store: LogStore<Files>
        let observer = CommitObserver()
        do {
            store = try LogStore(directory: directory, files: files, options: options, observer: observer)
        } catch let error as StorageError {
            throw error
        } catch {
            throw StorageError(.inputOutput, "the log in '\(directory)' cannot be opened: \(error)")
        }
        self.directory = directory
        self.options = options
        self.files = files
        self.observer = observer
        codecs = CodecPool(make: options.makeCodec)
        maintenance = Mutex(nil)
        recovery = store.recovery
        catalog = Mutex(Self.catalog(of: store))
        thread = Mutex(nil)
        // SAFETY: the store goes over to the thread; nothing here keeps it.
        nonisolated(unsafe) let moved = store
        let (queue, signal) = (queue, signal)
        let worker = WorkerThread { unsafe Self.run(moved, queue: queue, signal: signal) }
        thread.withLock { $0 = worker }
        let (isStopping, interval) = (isStopping, options.maintenanceInterval)
        let upkeep = WorkerThread { [weak self] in
            while isStopping.wait(timeout: interval, { $0 ? true : nil }) == nil {
                // What fails now (a full disk, a file that vanished) is tried again next time; nothing is lost by it.
                try? self?.maintain()
            }
        }
        maintenance.withLock { $0 = upkeep }
    }

    /// Hands a request over; its `completion` is called when it is committed as far as the flush policy says, or has
    /// failed. Requests of one caller are committed in order. The caller bounds what it has under way.
    public func enqueue(_ request: CommitRequest) {
        let isClosing = queue.update { queue in
            if !queue.isClosing { queue.work.append(.commit(request)) }
            return queue.isClosing
        }
        if isClosing { request.fail(StorageError(.closed, "the log was closed")) }
    }

    /// Appends one batch from outside of this process, or from a coordinator, in the same rounds as everything else.
    ///
    /// Appends of one caller are made in the order of its calls. What a batch alone can be refused for is found on the
    /// caller's thread (``AppendOrigin/client(transactionVerified:acksAll:)`` reads every record, decompressing where it
    /// must), so `completion` may be called before this returns; otherwise it is called once, on the log's thread, which
    /// it must not hold up. The caller bounds what it has under way.
    /// - Parameter batch: exactly one record batch as it came, with base offset 0.
    public func append(
        _ batch: consuming ByteBuffer, to partition: TopicPartition, origin: AppendOrigin,
        completion: @escaping @Sendable (Result<AppendOutcome, AppendError>) -> Void
    ) {
        guard let topic = topic(partition.topic), (0..<topic.partitionCount).contains(partition.partition) else {
            return completion(.failure(.unknownTopicOrPartition(partition)))
        }
        var logAppendTime: Int64 = -1
        if case .client(_, let acksAll) = origin {
            do throws(AppendError) {
                if acksAll, topic.configuration.inSyncReplicaCountMin > 1 {
                    throw .notEnoughReplicas(
                        "min.insync.replicas of '\(topic.name)' is \(topic.configuration.inSyncReplicaCountMin), and "
                            + "there is one replica")
                }
                let validator = BatchValidator(configuration: topic.configuration, now: options.now())
                logAppendTime = try Self.validate(&batch, by: validator, codecs)
            } catch {
                return completion(.failure(error))
            }
        }
        let count = batch.count
        let request = CommitRequest(buffer: batch)
        request.logAppendTime = logAppendTime
        request.add(0..<count, for: partition, origin: origin)
        request.appendCompletion = completion
        enqueue(request)
    }

    private static func validate(
        _ batch: inout ByteBuffer, by validator: BatchValidator, _ codecs: CodecPool
    ) throws(AppendError) -> Int64 {
        let codec = codecs.take()
        defer { codecs.giveBack(codec) }
        return try validator.validate(&batch, codec: codec)
    }

    /// Ends a producer's transaction in one partition; see ``append(_:to:origin:completion:)``. Markers that must come
    /// together with other records go into one `CommitRequest`.
    public func append(
        _ marker: TransactionMarker, to partition: TopicPartition,
        completion: @escaping @Sendable (Result<AppendOutcome, AppendError>) -> Void
    ) {
        var batch = ByteBuffer(capacity: 128)
        marker.appendBatch(timestamp: options.now(), into: &batch)
        append(batch, to: partition, origin: .coordinator, completion: completion)
    }

    /// Calls `observer` with the partitions whose end, last stable offset or start has changed, or which are gone: on the
    /// log's thread, which it must not hold up, right after readers can see it. nil takes it away.
    public func setCommitObserver(_ observer: (@Sendable ([TopicPartition]) -> Void)?) { self.observer.set(observer) }

    /// The producers that a partition remembers, by id.
    /// - Throws: ``StorageError/Code/unknownTopic``.
    public func activeProducers(in partition: TopicPartition) throws(StorageError) -> [ActiveProducer] {
        try perform { store throws(StorageError) in
            guard let log = store.partitions[partition] else {
                throw StorageError(.unknownTopic, "there is no partition \(partition)")
            }
            return log.producers.activeProducers
        }
    }

    /// Creates a topic. Blocks.
    /// - Throws: ``StorageError/Code/topicExists``, ``StorageError/Code/invalidTopic``,
    ///   ``StorageError/Code/invalidConfiguration``.
    @discardableResult
    public func createTopic(
        _ name: String, partitionCount: Int32? = nil, settings: [String: String] = [:]
    ) throws(StorageError) -> TopicDescription {
        try perform { store throws(StorageError) in
            let description = try store.createTopic(name, partitionCount: partitionCount, settings: settings)
            self.refreshCatalog(store)
            return description
        }
    }

    /// Gives a topic more partitions, which are empty. Blocks.
    /// - Throws: ``StorageError/Code/unknownTopic``; ``StorageError/Code/invalidTopic`` when `count` is not more than
    ///   there are, or too many.
    @discardableResult
    public func addPartitions(topic: String, to count: Int32) throws(StorageError) -> TopicDescription {
        try perform { store throws(StorageError) in
            let description = try store.addPartitions(topic, count: count)
            self.refreshCatalog(store)
            return description
        }
    }

    /// Removes a topic and its records. Blocks.
    /// - Throws: ``StorageError/Code/unknownTopic``.
    public func deleteTopic(_ name: String) throws(StorageError) {
        try perform { store throws(StorageError) in
            defer { self.refreshCatalog(store) }
            try store.deleteTopic(name)
        }
    }

    /// Changes a topic's settings; a nil value takes one back to its default. Blocks.
    /// - Throws: ``StorageError/Code/unknownTopic``, ``StorageError/Code/invalidConfiguration``.
    @discardableResult
    public func alterTopic(_ name: String, settings: [String: String?]) throws(StorageError) -> TopicDescription {
        try perform { store throws(StorageError) in
            let description = try store.alterTopic(name, settings: settings)
            self.refreshCatalog(store)
            return description
        }
    }

    /// Makes `offset` the first that can be read and frees what lies before it, segment by segment. Blocks.
    /// - Returns: the partition's earliest offset afterwards.
    /// - Throws: ``StorageError/Code/unknownTopic``, ``StorageError/Code/offsetOutOfRange``.
    @discardableResult
    public func deleteRecords(before offset: Offset, in partition: TopicPartition) throws(StorageError) -> Offset {
        try perform { store throws(StorageError) in try store.deleteRecords(before: offset, in: partition) }
    }

    /// Applies retention and compaction once. Blocks; the log does it by itself every `maintenanceInterval`.
    public func maintain() throws(StorageError) {
        let now = options.now()
        let plans = try perform { store throws(StorageError) in
            try store.enforceRetention(now: now)
            store.expireProducers(now: now)
            return store.compactionPlans(now: now)
        }
        let codec = options.makeCodec()
        for plan in plans {
            var compactor = Compactor(plan: plan, files: files, codec: codec)
            let result: CompactionResult<Files>?
            do {
                result = try compactor.run()
            } catch let error as StorageError {
                throw error
            } catch {
                throw StorageError(.corrupt, "\(plan.id) cannot be compacted: \(error)")
            }
            if let result { try perform { store throws(StorageError) in try store.apply(result) } }
        }
    }

    /// The topic, or nil where there is none.
    public func topic(_ name: String) -> TopicDescription? { catalog.withLock { $0.topics[name] } }

    /// The topic with this identity, or nil where there is none.
    public func topic(_ id: TopicID) -> TopicDescription? {
        catalog.withLock { catalog in catalog.names[id].flatMap { catalog.topics[$0] } }
    }

    /// All topics, by name.
    public var topics: [TopicDescription] {
        catalog.withLock { Array($0.topics.values) }.sorted { $0.name < $1.name }
    }

    /// The readers' side of a partition.
    /// - Throws: ``StorageError/Code/unknownTopic``.
    public func view(_ partition: TopicPartition) throws(StorageError) -> PartitionView<Files> {
        guard let view = catalog.withLock({ $0.views[partition] }) else {
            throw StorageError(.unknownTopic, "there is no partition \(partition)")
        }
        return view
    }

    /// Returns when everything enqueued before has been answered. Blocks.
    public func drain() { try? perform { _ throws(StorageError) in } }

    /// Commits what waits, makes everything durable and gives the directory up. Blocks; a second call does nothing.
    public func close() throws(StorageError) {
        guard let worker = thread.withLock({ $0.take() }) else { return }
        stopMaintenance()
        let outcome = Mutex<StorageError?>(nil)
        queue.update { queue in
            queue.work.append(
                .command { store in
                    do throws(StorageError) { try store.close() } catch { outcome.withLock { $0 = error } }
                })
            queue.isClosing = true
        }
        worker.join()
        signal.raise()
        if let error = outcome.withLock({ $0 }) { throw error }
    }

    private func stopMaintenance() {
        isStopping.update { $0 = true }
        maintenance.withLock({ $0.take() })?.join()
    }

    deinit {
        stopMaintenance()
        if let worker = thread.withLock({ $0.take() }) {
            queue.update { $0.isClosing = true }
            worker.join()
        }
    }

    // MARK: The writing thread

    private func refreshCatalog(_ store: LogStore<Files>) {
        let fresh = Self.catalog(of: store)
        catalog.withLock { $0 = fresh }
    }

    private static func catalog(of store: LogStore<Files>) -> Catalog {
        var catalog = Catalog(topics: store.topics, views: store.partitions.mapValues(\.view))
        for topic in store.topics.values { catalog.names[topic.id] = topic.name }
        return catalog
    }

    private func perform<Result: Sendable>(
        _ body: @escaping (LogStore<Files>) throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        let answer = Monitor<Swift.Result<Result, StorageError>?>(nil)
        let isClosing = queue.update { queue in
            guard !queue.isClosing else { return true }
            queue.work.append(
                .command { store in
                    let result: Swift.Result<Result, StorageError>
                    do throws(StorageError) { result = .success(try body(store)) } catch { result = .failure(error) }
                    answer.update { $0 = result }
                })
            return false
        }
        if isClosing { throw StorageError(.closed, "the log was closed") }
        guard let result = answer.wait({ $0 }) else { throw StorageError(.closed, "the log was closed") }
        return try result.get()
    }

    private static func run(_ store: LogStore<Files>, queue: Monitor<Queue>, signal: CommitSignal) {
        var isOpen = true
        var pendingSince: ContinuousClock.Instant?
        while isOpen {
            let due = pendingSince.flatMap { since in store.flushDelay.map { since.advanced(by: $0) } }
            let timeout = due.map { max(.zero, ContinuousClock.now.duration(to: $0)) }
            let taken = queue.wait(timeout: timeout) { queue -> [Work]? in
                if queue.work.isEmpty {
                    isOpen = !queue.isClosing
                    return queue.isClosing ? [] : nil
                }
                return takeRound(&queue.work)
            }
            var requests: [CommitRequest] = []
            for work in taken ?? [] {
                switch work {
                case .commit(let request): requests.append(request)
                case .command(let body): body(store)
                }
            }
            if !requests.isEmpty {
                store.commit(requests)
                signal.raise()
            }
            if let due, ContinuousClock.now >= due { store.synchronizePending() }
            if !store.hasPending || due.map({ ContinuousClock.now >= $0 }) == true { pendingSince = nil }
            if store.hasPending, pendingSince == nil, store.flushDelay != nil { pendingSince = .now }
        }
    }

    /// The commits at the head of the queue, up to a round's size, or the command there.
    private static func takeRound(_ work: inout [Work]) -> [Work] {
        var byteCount = 0
        var count = 0
        while count < work.count, case .commit(let request) = work[count] {
            byteCount += request.buffer.count
            if count > 0, byteCount > roundByteCountMax { break }
            count += 1
        }
        let round = Array(work[..<max(1, count)])
        work.removeFirst(round.count)
        return round
    }
}
