internal import AccessControl
internal import ChangeModel
internal import CommitLog
internal import Foundation
internal import GroupCoordinator
internal import Logging
internal import NIOCore

/// Transactions at work: owns the ``TransactionCoordinator``, gives it the time and the log, and carries out its effects.
///
/// The coordinator lives on one event loop, which is its serial executor; any thread may call anything here. While its
/// records are being read back from `__transaction_state`, requests are answered with COORDINATOR_LOAD_IN_PROGRESS.
final class TransactionService: Sendable {
    typealias Completion = @Sendable (TransactionCoordinator.Reply) -> Void

    static let topicName = "__transaction_state"

    /// What partitions may be written to in whose transaction.
    let registry: TransactionRegistry
    private let log: CommitLog<PosixFileSystem>
    private let topics: TopicDirectory
    private let access: AccessController
    private let offload: @Sendable (@escaping @Sendable () -> Void) -> Void
    private let markersWritten: @Sendable (TransactionMarkers) -> Void
    private let logger: Logger
    private let loop: any EventLoop
    private let options: TransactionOptions
    private let state: NIOLoopBoundBox<State>

    /// What lives on the loop.
    private struct State {
        var coordinator: TransactionCoordinator
        var completions: [TransactionCoordinator.Token: Completion] = [:]
        var lastToken: UInt64 = 0
        var timer: Scheduled<Void>?
        var timerDeadline: Int64?
        var isStopped = false
        var isTopicReady = false
        var isTopicBeingMade = false
        /// Appends that wait for the topic.
        var held: [Append] = []
    }

    private struct Append: Sendable {
        let id: TransactionCoordinator.AppendID
        let partition: Int32
        let key: [UInt8]
        let value: [UInt8]?
    }

    /// - Parameter markersWritten: told, on any thread, when the end of a transaction is in all its partitions.
    init(
        log: CommitLog<PosixFileSystem>, topics: TopicDirectory, access: AccessController,
        registry: TransactionRegistry, options: TransactionOptions,
        loop: any EventLoop, logger: Logger, offload: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
        markersWritten: @escaping @Sendable (TransactionMarkers) -> Void
    ) {
        self.log = log
        self.topics = topics
        self.access = access
        self.registry = registry
        self.loop = loop
        self.logger = logger
        self.offload = offload
        self.markersWritten = markersWritten
        var options = options
        // A topic that is there decides where its transactional ids are.
        if let topic = log.topic(Self.topicName) { options.partitionCount = topic.partitionCount }
        self.options = options
        state = NIOLoopBoundBox.makeBoxSendingValue(
            State(coordinator: TransactionCoordinator(options: options)), eventLoop: loop)
    }

    static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

    /// Reads the transactions back in the background, and carries durable decisions through.
    func start() {
        offload { [self] in
            var coordinator = TransactionCoordinator(
                options: options, nextProducerID: access.current { $0.nextProducerID })
            do {
                try InternalTopic.forEachRecord(of: Self.topicName, in: log) { _, key, value in
                    if let value {
                        try coordinator.replay(key: key.span, value: value.span)
                    } else {
                        try coordinator.replay(key: key.span, value: nil)
                    }
                }
            } catch {
                // Answering from half of the records would let fenced producers commit: rather not at all.
                logger.error(
                    "the transactions cannot be read from __transaction_state; transactional requests are refused",
                    metadata: ["error": "\(error)"])
                return
            }
            let loaded = coordinator
            loop.execute { self.becomeLoaded(loaded) }
        }
    }

    private func becomeLoaded(_ coordinator: TransactionCoordinator) {
        guard !state.value.isStopped else { return }
        state.value.coordinator = coordinator
        state.value.isTopicReady = log.topic(Self.topicName) != nil
        perform { $0.finishReplay(now: Self.now) }
        // After the open transactions are known, or a producer in one would be taken for one that is not.
        registry.finishLoading()
    }

    /// No timer fires and no reply is given from now on.
    func stop() async {
        try? await loop.submit {
            self.state.value.isStopped = true
            self.state.value.timer?.cancel()
            self.state.value.completions = [:]
        }.get()
    }

    /// Decides a request; `completion` is called once, on the service's loop.
    func handle(_ request: TransactionCoordinator.Request, _ completion: @escaping Completion) {
        onLoop { [self] in
            guard !state.value.isStopped else { return }
            state.value.lastToken += 1
            let token = TransactionCoordinator.Token(rawValue: state.value.lastToken)
            state.value.completions[token] = completion
            perform { $0.handle(request, token: token, now: Self.now) }
        }
    }

    /// Asks the coordinator something that changes nothing; `body` is called on the service's loop.
    func read(_ body: @escaping @Sendable (borrowing TransactionCoordinator) -> Void) {
        onLoop { [self] in body(state.value.coordinator) }
    }

    private func onLoop(_ body: @escaping @Sendable () -> Void) {
        if loop.inEventLoop { body() } else { loop.execute(body) }
    }

    // MARK: Effects

    private func perform(_ step: (inout TransactionCoordinator) -> [TransactionCoordinator.Effect]) {
        guard !state.value.isStopped else { return }
        for effect in step(&state.value.coordinator) {
            switch effect {
            case .reply(let token, let reply):
                state.value.completions.removeValue(forKey: token)?(reply)
            case .append(let id, let partition, let key, let value):
                append(Append(id: id, partition: partition, key: key, value: value))
            case .opened(let producer, let partitions):
                registry.open(producer, partitions)
            case .closed(let producerID):
                registry.close(producerID)
            case .writeMarkers(let markers):
                MarkerWrite.start(markers, in: log, timestamp: Self.now) { succeeded in
                    if succeeded { self.markersWritten(markers) }
                    self.loop.execute {
                        self.perform {
                            $0.markersCompleted(
                                transactionalID: markers.transactionalID, succeeded: succeeded, now: Self.now)
                        }
                    }
                }
            case .reserveProducerIDs(let limit):
                reserve(below: limit)
            }
        }
        setTimer()
    }

    private func append(_ append: Append) {
        guard state.value.isTopicReady else {
            state.value.held.append(append)
            return makeTopic()
        }
        let request = InternalTopic.request(
            TopicPartition(topic: Self.topicName, partition: append.partition), [(append.key, append.value)])
        request.completion = { result in
            var succeeded = false
            if case .success = result { succeeded = true }
            let outcome = succeeded
            self.loop.execute {
                self.perform { $0.appendCompleted(append.id, succeeded: outcome, now: Self.now) }
            }
        }
        log.enqueue(request)
    }

    private func makeTopic() {
        guard !state.value.isTopicBeingMade else { return }
        state.value.isTopicBeingMade = true
        offload { [self] in
            var isThere = true
            do throws(StorageError) {
                _ = try topics.ensureInternal(
                    Self.topicName, partitionCount: options.partitionCount,
                    settings: ["cleanup.policy": "compact", "segment.bytes": "104857600"])
            } catch {
                logger.error(
                    "the topic __transaction_state cannot be created", metadata: ["error": "\(error.detail)"])
                isThere = false
            }
            let outcome = isThere
            loop.execute { self.topicMade(outcome) }
        }
    }

    private func topicMade(_ isThere: Bool) {
        state.value.isTopicBeingMade = false
        state.value.isTopicReady = isThere
        let held = state.value.held
        state.value.held = []
        for each in held {
            if isThere {
                append(each)
            } else {
                perform { $0.appendCompleted(each.id, succeeded: false, now: Self.now) }
            }
        }
    }

    private func reserve(below limit: Int64) {
        offload { [self] in
            access.change([.producerIDs(below: limit)]) { error in
                self.loop.execute {
                    self.perform { $0.producerIDsReserved(below: limit, succeeded: error == nil, now: Self.now) }
                }
            }
        }
    }

    private func setTimer() {
        let deadline = state.value.coordinator.nextDeadline
        guard deadline != state.value.timerDeadline || state.value.timer == nil else { return }
        state.value.timer?.cancel()
        state.value.timer = nil
        state.value.timerDeadline = deadline
        guard let deadline else { return }
        // A clock that is set back must not make this spin, nor one that is set forward make it wait.
        let delay = min(max(10, deadline - Self.now), 60_000)
        state.value.timer = loop.scheduleTask(in: .milliseconds(delay)) { [weak self] in
            guard let self else { return }
            self.state.value.timer = nil
            self.perform { $0.timePassed(now: Self.now) }
        }
    }
}
