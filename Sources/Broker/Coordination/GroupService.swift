internal import ChangeModel
internal import CommitLog
internal import GroupCoordinator
internal import Logging
internal import NIOCore

/// Consumer groups at work: owns the ``GroupEngine``, gives it the time and the log, and brings its answers back.
///
/// The engine lives on one event loop, which is its serial executor; any thread may call anything here. While the groups
/// are being read back from `__consumer_offsets`, requests are answered with COORDINATOR_LOAD_IN_PROGRESS.
final class GroupService: Sendable {
    typealias Completion = @Sendable (GroupEngine.Reply) -> Void

    static let topicName = "__consumer_offsets"

    private let log: CommitLog<PosixFileSystem>
    private let topics: TopicDirectory
    private let registry: TransactionRegistry
    private let offload: @Sendable (@escaping @Sendable () -> Void) -> Void
    private let logger: Logger
    private let loop: any EventLoop
    private let partitionCount: Int32
    /// The settings as they are now: some change while the broker runs.
    private let currentOptions: @Sendable () -> GroupOptions
    private let clock = SteadyClock()
    private let state: NIOLoopBoundBox<State>

    /// What lives on the loop.
    private struct State {
        var engine: GroupEngine
        var completions: [GroupEngine.Token: Completion] = [:]
        var lastToken: UInt64 = 0
        var timer: Scheduled<Void>?
        var timerDeadline: Int64 = .max
        var isLoaded = false
        var isStopped = false
        /// Ends of transactions that came while the groups were being loaded.
        var earlyMarkers: [Marker] = []
        var topicState = TopicState.unknown
        /// Appends that wait for the topic.
        var held: [(GroupEngine.AppendID, GroupEngine.Append)] = []
        var onTopicReady: [@Sendable (Bool) -> Void] = []
        var refreshTime: Int64 = 0
    }

    private struct Marker {
        let producerID: Int64
        let partition: Int32
        let isCommit: Bool
    }

    private enum TopicState { case unknown, creating, ready }

    init(
        log: CommitLog<PosixFileSystem>, topics: TopicDirectory, options: @escaping @Sendable () -> GroupOptions,
        registry: TransactionRegistry, loop: any EventLoop, logger: Logger,
        offload: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void
    ) {
        self.log = log
        self.topics = topics
        self.registry = registry
        self.loop = loop
        self.logger = logger
        self.offload = offload
        currentOptions = options
        var options = options()
        // A topic that is there decides where its groups are.
        if let topic = log.topic(Self.topicName) { options.partitionCount = topic.partitionCount }
        partitionCount = options.partitionCount
        state = NIOLoopBoundBox.makeBoxSendingValue(
            State(engine: GroupEngine(options: options, seed: .random(in: .min ... .max))), eventLoop: loop)
    }

    /// The partition of `__consumer_offsets` that keeps a group.
    func partition(of groupID: String) -> Int32 {
        GroupPartition.index(of: groupID, partitionCount: partitionCount)
    }

    /// Reads the groups back in the background.
    func start() {
        topics.observe { [weak self] change in
            switch change {
            case .deleted(let topic): self?.topicsDeleted([topic.name])
            case .created, .grown: self?.refreshSoon()
            }
        }
        offload { [self] in
            var options = currentOptions()
            options.partitionCount = partitionCount
            var engine = GroupEngine(options: options, seed: .random(in: .min ... .max))
            let began = clock.now
            do {
                let count = try GroupReplay.replay(log, into: &engine, partitionCount: partitionCount)
                let took = clock.now - began
                if count > 0 {
                    logger.info(
                        "consumer groups loaded", metadata: ["records": "\(count)", "milliseconds": "\(took)"])
                }
            } catch {
                // Answering from half of the offsets would make consumers read again, or skip: rather not at all.
                logger.error(
                    "the consumer groups cannot be read from __consumer_offsets; group requests are refused",
                    metadata: ["error": "\(error)"])
                return
            }
            let loaded = engine
            loop.execute { self.becomeLoaded(loaded) }
        }
    }

    private func becomeLoaded(_ engine: GroupEngine) {
        guard !state.value.isStopped else { return }
        var engine = engine
        for marker in state.value.earlyMarkers {
            engine.transactionEnded(
                producerID: marker.producerID, partition: marker.partition, isCommit: marker.isCommit)
        }
        state.value.earlyMarkers = []
        engine.topicsChanged(catalog())
        let effects = engine.loaded(now: clock.now)
        state.value.engine = engine
        state.value.isLoaded = true
        if log.topic(Self.topicName) != nil { state.value.topicState = .ready }
        perform(effects)
    }

    /// No timer fires and no reply is given from now on.
    func stop() async {
        try? await loop.submit {
            self.state.value.isStopped = true
            self.state.value.timer?.cancel()
            self.state.value.completions = [:]
        }.get()
    }

    // MARK: requests

    /// Decides a request; `completion` is called once, on the service's loop.
    func handle(_ request: GroupEngine.Request, _ completion: @escaping Completion) {
        onLoop { [self] in
            guard !state.value.isStopped else { return }
            if case .consumerHeartbeat(let heartbeat) = request { refresh(isJoin: heartbeat.memberEpoch == 0) }
            state.value.lastToken += 1
            let token = GroupEngine.Token(rawValue: state.value.lastToken)
            state.value.completions[token] = completion
            perform(state.value.engine.handle(request, token: token, now: clock.now))
        }
    }

    /// Asks the engine something that changes nothing; `body` is called on the service's loop.
    func read(_ body: @escaping @Sendable (borrowing GroupEngine) -> Void) {
        onLoop { [self] in body(state.value.engine) }
    }

    /// Topics were deleted: the offsets committed for them go too.
    func topicsDeleted(_ names: Set<String>) {
        onLoop { [self] in
            guard !state.value.isStopped else { return }
            perform(state.value.engine.topicsDeleted(names, now: clock.now))
        }
    }

    /// A transaction's marker is in a partition of `__consumer_offsets`: the offsets it committed count from now on.
    func transactionEnded(producerID: Int64, partition: Int32, isCommit: Bool) {
        onLoop { [self] in
            guard state.value.isLoaded else {
                return state.value.earlyMarkers.append(
                    Marker(producerID: producerID, partition: partition, isCommit: isCommit))
            }
            state.value.engine.transactionEnded(producerID: producerID, partition: partition, isCommit: isCommit)
        }
    }

    /// Creates `__consumer_offsets` unless it is there; `completion` is told whether it is.
    func ensureTopic(_ completion: @escaping @Sendable (Bool) -> Void) {
        onLoop { [self] in
            if state.value.topicState == .ready { return completion(true) }
            state.value.onTopicReady.append(completion)
            createTopic()
        }
    }

    private func refreshSoon() {
        onLoop { [self] in
            guard !state.value.isStopped, state.value.isLoaded else { return }
            state.value.engine.topicsChanged(catalog())
        }
    }

    private func onLoop(_ body: @escaping @Sendable () -> Void) {
        if loop.inEventLoop { body() } else { loop.execute(body) }
    }

    // MARK: effects

    private func perform(_ effects: [GroupEngine.Effect]) {
        for effect in effects {
            switch effect {
            case .reply(let token, let reply): state.value.completions.removeValue(forKey: token)?(reply)
            case .append(let id, let append):
                if state.value.topicState == .ready {
                    write(id, append)
                } else {
                    state.value.held.append((id, append))
                    createTopic()
                }
            }
        }
        setTimer()
    }

    private func write(_ id: GroupEngine.AppendID, _ append: GroupEngine.Append) {
        GroupAppend.write(append, to: log, registry: registry, timestamp: clock.now) { [self] result in
            loop.execute { self.completed(id, result) }
        }
    }

    private func completed(_ id: GroupEngine.AppendID, _ result: Result<Int64, GroupError>) {
        guard !state.value.isStopped else { return }
        switch result {
        case .success(let baseOffset):
            perform(state.value.engine.appendCompleted(id, baseOffset: baseOffset, now: clock.now))
        case .failure(let error): perform(state.value.engine.appendFailed(id, error: error, now: clock.now))
        }
    }

    private func createTopic() {
        guard state.value.topicState == .unknown else { return }
        state.value.topicState = .creating
        offload { [self] in
            let isThere: Bool
            do throws(StorageError) {
                _ = try topics.ensureInternal(
                    Self.topicName, partitionCount: partitionCount,
                    settings: ["cleanup.policy": "compact", "segment.bytes": "104857600"])
                isThere = true
            } catch {
                logger.error(
                    "the topic __consumer_offsets cannot be created", metadata: ["error": "\(error.detail)"])
                isThere = false
            }
            loop.execute { self.topicCreated(isThere) }
        }
    }

    private func topicCreated(_ isThere: Bool) {
        state.value.topicState = isThere ? .ready : .unknown
        let waiting = state.value.onTopicReady
        let held = state.value.held
        state.value.onTopicReady = []
        state.value.held = []
        for completion in waiting { completion(isThere) }
        for (id, append) in held {
            if isThere { write(id, append) } else { completed(id, .failure(.coordinatorNotAvailable)) }
        }
    }

    // MARK: time and topics

    private func setTimer() {
        let deadline = state.value.engine.nextDeadline ?? .max
        guard deadline != state.value.timerDeadline else { return }
        state.value.timer?.cancel()
        state.value.timer = nil
        state.value.timerDeadline = deadline
        guard deadline != .max, !state.value.isStopped else { return }
        let delay = max(0, deadline - clock.now)
        state.value.timer = loop.scheduleTask(in: .milliseconds(delay)) { [weak self] in self?.timePassed() }
    }

    private func timePassed() {
        guard !state.value.isStopped else { return }
        state.value.timer = nil
        state.value.timerDeadline = .max
        state.value.engine.reconfigure(currentOptions())
        perform(state.value.engine.timePassed(now: clock.now))
    }

    /// Looks what topics and settings there are, now and then: members are heard every few seconds.
    private func refresh(isJoin: Bool) {
        let now = clock.now
        guard isJoin || now - state.value.refreshTime >= 500 else { return }
        state.value.refreshTime = now
        state.value.engine.reconfigure(currentOptions())
        state.value.engine.topicsChanged(catalog())
    }

    private func catalog() -> TopicCatalog {
        TopicCatalog(
            Dictionary(
                topics.all.map { ($0.name, TopicCatalog.Topic(id: $0.id, partitionCount: $0.partitionCount)) },
                uniquingKeysWith: { first, _ in first }))
    }
}
