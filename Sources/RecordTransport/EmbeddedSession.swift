internal import ByteCoding
public import ChangeModel
internal import CommitLog
internal import Compression
internal import KafkaProtocol
internal import Synchronization

/// One source's writer to the embedded log.
///
/// A thread of its own turns groups into batches (codec, checksum) while the log's thread writes and syncs those before:
/// the caller only fills the next group. At most ``groupCountMax`` groups or ``byteCountMax`` bytes wait; `submit` then
/// suspends its caller.
public final class EmbeddedSession: SourceSession {
    private static let groupCountMax = 3
    private static let byteCountMax = 24 << 20
    /// Commits under way: one that is synced, and others that go together in the next round; the slower the disk, the
    /// more of them share a sync.
    private static let requestCountMax = 6
    /// A buffer that has grown beyond this is given back rather than kept.
    private static let spareByteCountMax = 3 << 19

    private struct State {
        var queue: [RecordGroup] = []
        var queuedByteCount = 0
        /// Groups taken from the queue and not yet answered.
        var underWay = 0
        var failure: TransportError?
        var isClosing = false
        var spaceWaiters: [CheckedContinuation<Void, Never>] = []
        var idleWaiters: [CheckedContinuation<Void, Never>] = []
        var spareGroups: [RecordGroup] = []
        var spareRequests: [CommitRequest] = []

        var hasSpace: Bool {
            queue.count < EmbeddedSession.groupCountMax
                && (queue.isEmpty || queuedByteCount < EmbeddedSession.byteCountMax)
        }
        var isIdle: Bool { queue.isEmpty && underWay == 0 }
    }

    public let restoredState: [UInt8]?
    private let log: CommitLog<PosixFileSystem>
    private let source: String
    private let stateKey: [UInt8]
    private let statePartition: TopicPartition
    private let compression: CompressionType
    private let lane = CommitLane()
    private let state = Monitor(State())
    private let position = Atomic<UInt64>(0)
    private let recordCount = Atomic<UInt64>(0)
    private let changeCount = Atomic<UInt64>(0)
    private let outstanding = Atomic<Int>(0)
    private let thread = Mutex<WorkerThread?>(nil)

    init(
        log: CommitLog<PosixFileSystem>, source: String, stateKey: [UInt8], statePartition: TopicPartition,
        restoredState: [UInt8]?, compression: CompressionType
    ) {
        self.log = log
        self.source = source
        self.stateKey = stateKey
        self.statePartition = statePartition
        self.restoredState = restoredState
        self.compression = compression
        // The thread keeps the session alive until it is stopped, closed or fenced.
        let worker = WorkerThread { self.run() }
        thread.withLock { $0 = worker }
    }

    public var durablePosition: LSN { LSN(rawValue: position.load(ordering: .acquiring)) }
    public var durableRecordCount: UInt64 { recordCount.load(ordering: .acquiring) }
    public var durableChangeCount: UInt64 { changeCount.load(ordering: .acquiring) }
    public var isIdle: Bool { outstanding.load(ordering: .acquiring) == 0 }

    public func makeGroup() -> RecordGroup { state.update { $0.spareGroups.popLast() } ?? RecordGroup() }

    public func submit(_ group: RecordGroup) async throws(TransportError) {
        while true {
            let isAccepted = try state.update { state -> Result<Bool, TransportError> in
                if let failure = state.failure { return .failure(failure) }
                guard state.hasSpace else { return .success(false) }
                state.queue.append(group)
                state.queuedByteCount += group.byteCount
                outstanding.add(1, ordering: .acquiringAndReleasing)
                return .success(true)
            }.get()
            if isAccepted { return }
            await withCheckedContinuation { continuation in
                let isDue = state.update { state in
                    guard !state.hasSpace, state.failure == nil else { return true }
                    state.spaceWaiters.append(continuation)
                    return false
                }
                if isDue { continuation.resume() }
            }
        }
    }

    public func flush() async throws(TransportError) {
        await withCheckedContinuation { continuation in
            let isDue = state.update { state in
                guard !state.isIdle, state.failure == nil else { return true }
                state.idleWaiters.append(continuation)
                return false
            }
            if isDue { continuation.resume() }
        }
        if let failure = state.read({ $0.failure }) { throw failure }
    }

    public func close() async throws(TransportError) {
        defer { stop() }
        try await flush()
    }

    /// Takes the source away from this session: what it has not yet handed to the log is dropped.
    func fence() {
        fail(
            TransportError(
                code: .fenced, detail: "another session was opened for source '\(source)'; this one has ended"))
        stop()
    }

    /// Ends the thread after what is queued. Blocks.
    func stop() {
        guard let worker = thread.withLock({ $0.take() }) else { return }
        state.update { $0.isClosing = true }
        worker.join()
        fail(TransportError(code: .closed, detail: "the session of source '\(source)' was closed"))
    }

    private func fail(_ error: TransportError) {
        wake(
            state.update { state in
                if state.failure == nil { state.failure = error }
                outstanding.subtract(state.queue.count, ordering: .acquiringAndReleasing)
                state.queue.removeAll()
                state.queuedByteCount = 0
                return Self.takeWaiters(&state)
            })
    }

    private static func takeWaiters(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
        var due: [CheckedContinuation<Void, Never>] = []
        if state.hasSpace || state.failure != nil {
            due += state.spaceWaiters
            state.spaceWaiters.removeAll()
        }
        if state.isIdle || state.failure != nil {
            due += state.idleWaiters
            state.idleWaiters.removeAll()
        }
        return due
    }

    private func wake(_ waiters: [CheckedContinuation<Void, Never>]) {
        for waiter in waiters { waiter.resume() }
    }

    // MARK: The session's thread

    private func run() {
        let codec = StandardCodec()
        while let (group, request) = next() {
            do throws(TransportError) {
                try encode(group, into: request, codec: codec)
            } catch {
                outstanding.subtract(1, ordering: .acquiringAndReleasing)
                state.update { $0.underWay -= 1 }
                fail(error)
                continue
            }
            let (position, records, changes) = (group.position, group.recordCount, group.changeCount)
            group.removeAll()
            request.lane = lane
            request.completion = { [self] result in
                finish(request, result, position: position, recordCount: records, changeCount: changes)
            }
            // A session that was fenced meanwhile must not write: the state the next one read would be stale.
            let isFailed = state.update { state in
                if state.spareGroups.count < Self.groupCountMax { state.spareGroups.append(group) }
                if state.failure == nil {
                    log.enqueue(request)
                    return false
                }
                state.underWay -= 1
                return true
            }
            if isFailed {
                request.completion = nil
                outstanding.subtract(1, ordering: .acquiringAndReleasing)
            }
        }
    }

    /// The next group and a request to encode it into, or nil when the session ends.
    private func next() -> (RecordGroup, CommitRequest)? {
        let taken = state.wait { state -> (RecordGroup, CommitRequest, [CheckedContinuation<Void, Never>])?? in
            if state.underWay < Self.requestCountMax, let group = state.queue.first {
                state.queue.removeFirst()
                state.queuedByteCount -= group.byteCount
                state.underWay += 1
                let request = state.spareRequests.popLast() ?? CommitRequest()
                return .some((group, request, Self.takeWaiters(&state)))
            }
            return state.isClosing && state.isIdle ? .some(nil) : nil
        }
        guard let (group, request, waiters) = taken ?? nil else { return nil }
        wake(waiters)
        return (group, request)
    }

    private func encode(
        _ group: RecordGroup, into request: CommitRequest, codec: StandardCodec
    ) throws(TransportError) {
        request.removeAll()
        for (partition, builder) in group.batches where builder.recordCount > 0 {
            let type = log.topic(partition.topic)?.configuration.compression ?? compression
            try encode(builder, as: type, for: partition, into: request, codec: codec)
        }
        if !group.state.isEmpty {
            let builder = RecordBatchBuilder()
            let (key, value, noHeaders) = (stateKey, group.state, [0] as [UInt8])
            builder.append(
                timestamp: EmbeddedTransport.now(), key: key.span, hasKey: true, value: value.span,
                hasValue: true, headers: noHeaders.span)
            try encode(builder, as: .none, for: statePartition, into: request, codec: codec)
        }
    }

    private func encode(
        _ builder: RecordBatchBuilder, as type: CompressionType, for partition: TopicPartition,
        into request: CommitRequest, codec: StandardCodec
    ) throws(TransportError) {
        let start = request.buffer.count
        do throws(CompressionError) {
            try RecordBatchEncoder.encode(builder, as: type, codec: codec, into: &request.buffer)
        } catch {
            throw TransportError(
                code: .inputOutput, detail: "records for '\(partition.topic)' cannot be compressed: \(error)")
        }
        request.add(start..<request.buffer.count, for: partition)
    }

    /// Called on the log's thread.
    private func finish(
        _ request: CommitRequest, _ result: Result<Void, StorageError>, position: LSN, recordCount records: Int,
        changeCount changes: UInt64
    ) {
        request.removeAll()
        request.buffer.shrink(to: Self.spareByteCountMax)
        if case .success = result {
            if position != .invalid { self.position.store(position.rawValue, ordering: .releasing) }
            recordCount.add(UInt64(records), ordering: .releasing)
            changeCount.add(changes, ordering: .releasing)
        }
        outstanding.subtract(1, ordering: .acquiringAndReleasing)
        wake(
            state.update { state in
                state.underWay -= 1
                if state.spareRequests.count < Self.requestCountMax { state.spareRequests.append(request) }
                return Self.takeWaiters(&state)
            })
        if case .failure(let error) = result { fail(TransportError(error)) }
    }
}
