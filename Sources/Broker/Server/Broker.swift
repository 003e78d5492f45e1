internal import ChangeModel
internal import CommitLog
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// The broker behind its connections: what handlers work on. Any thread.
final class Broker: Sendable {
    let log: CommitLog<PosixFileSystem>
    let configuration: BrokerConfiguration
    let settings: ServerSettings
    let identity: BrokerIdentity
    let logger: Logger
    let metrics: BrokerMetrics
    let frameMemory: FrameMemory
    let eventLoops: any EventLoopGroup
    let topics: TopicDirectory
    /// What is served. Set once, before the first connection.
    var apis: APITable { table.withLock { $0 } }
    private let table = Mutex(APITable([]))
    private let blocking: NIOThreadPool
    private let endpoints = Mutex<[String: Endpoint]>([:])

    init(
        log: CommitLog<PosixFileSystem>, configuration: BrokerConfiguration, identity: BrokerIdentity,
        eventLoops: any EventLoopGroup, blocking: NIOThreadPool, metrics: BrokerMetrics, logger: Logger
    ) {
        self.log = log
        self.configuration = configuration
        self.identity = identity
        self.eventLoops = eventLoops
        self.blocking = blocking
        self.metrics = metrics
        self.logger = logger
        settings = ServerSettings(configuration)
        frameMemory = FrameMemory(capacity: settings.queuedRequestByteCountMax)
        topics = TopicDirectory(log: log, configuration: configuration)
    }

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
