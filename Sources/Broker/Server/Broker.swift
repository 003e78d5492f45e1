internal import ChangeModel
internal import CommitLog
internal import GroupCoordinator
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The broker behind its connections: what handlers work on. Any thread.
final class Broker: Sendable {
    let log: CommitLog<PosixFileSystem>
    let live: LiveConfiguration
    let configs: ConfigCatalog
    let settings: ServerSettings
    let identity: BrokerIdentity
    let access: AccessController
    let logger: Logger
    let metrics: BrokerMetrics
    let frameMemory: FrameMemory
    let eventLoops: any EventLoopGroup
    let fetchSessions: FetchSessions
    let purgatory: FetchPurgatory
    let topics: TopicDirectory
    let groups: GroupService
    let transactions: TransactionService
    /// What is served. Set once, before the first connection.
    var apis: APITable { table.withLock { $0 } }
    private let table = Mutex(APITable([]))
    private let blocking: NIOThreadPool
    private let endpoints = Mutex<[String: Endpoint]>([:])

    init(
        log: CommitLog<PosixFileSystem>, live: LiveConfiguration, topicDefaults: [String: String],
        identity: BrokerIdentity, access: AccessController, eventLoops: any EventLoopGroup, blocking: NIOThreadPool,
        metrics: BrokerMetrics, logger: Logger
    ) {
        self.log = log
        self.live = live
        configs = ConfigCatalog(
            live: live, topicDefaults: topicDefaults, nodeID: identity.nodeID, directory: log.directory)
        self.identity = identity
        self.access = access
        self.eventLoops = eventLoops
        self.blocking = blocking
        self.metrics = metrics
        self.logger = logger
        settings = ServerSettings(live.configured)
        frameMemory = FrameMemory(capacity: settings.queuedRequestByteCountMax)
        fetchSessions = FetchSessions(countMax: settings.fetchSessionCountMax)
        purgatory = FetchPurgatory()
        topics = TopicDirectory(log: log, live: live)
        let offload: @Sendable (@escaping @Sendable () -> Void) -> Void = { body in
            blocking.submit { state in
                if case .active = state { body() }
            }
        }
        let registry = TransactionRegistry()
        let groups = GroupService(
            log: log, topics: topics, options: { GroupOptions(live.current) }, registry: registry,
            loop: eventLoops.next(), logger: logger, offload: offload)
        self.groups = groups
        transactions = TransactionService(
            log: log, topics: topics, access: access, registry: registry,
            options: TransactionOptions(live.configured), loop: eventLoops.next(), logger: logger, offload: offload,
            markersWritten: { markers in
                for partition in markers.partitions where partition.topic == GroupService.topicName {
                    groups.transactionEnded(
                        producerID: markers.producer.id, partition: partition.partition, isCommit: markers.isCommit)
                }
            })
    }

    /// The settings as they are now.
    var configuration: BrokerConfiguration { live.current }

    func install(_ apis: APITable) { table.withLock { $0 = apis } }

    /// Runs what may block, such as creating a topic, on a thread of its own.
    func offload(_ body: @escaping @Sendable () -> Void) {
        blocking.submit { state in
            if case .active = state { body() }
        }
    }

    /// Where clients of a listener are told to connect.
    func endpoint(of listener: Listener) -> Endpoint {
        endpoints.withLock { $0[listener.name] } ?? Endpoint(host: listener.host, port: listener.port)
    }

    func advertise(_ endpoint: Endpoint, for listener: Listener) {
        endpoints.withLock { $0[listener.name] = endpoint }
    }
}
