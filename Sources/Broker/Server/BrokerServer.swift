internal import AccessControl
public import CommitLog
internal import Foundation
public import Logging
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// The Kafka broker: listens, and serves a commit log to whoever connects.
///
/// `start` once, then `stop` once; the log must outlive it. Any thread.
public final class BrokerServer: Sendable {
    /// A listener and where it is bound.
    public struct Bound: Sendable {
        public let name: String
        public let endpoint: Endpoint
    }

    public let metrics = BrokerMetrics()
    private let configuration: BrokerConfiguration
    private let log: CommitLog<PosixFileSystem>
    private let topicDefaults: [String: String]
    private let logger: Logger
    private let eventLoops: MultiThreadedEventLoopGroup
    private let blocking = NIOThreadPool(numberOfThreads: 4)
    private let limits: Mutex<ConnectionLimits>
    private let state = Mutex(State())

    private struct State {
        var channels: [any Channel] = []
        var connections: [ObjectIdentifier: any Channel] = [:]
        var isStopping = false
        var broker: Broker?
    }

    /// - Parameter topicDefaults: what the log gives topics that do not say themselves, for describing them.
    public init(
        configuration: BrokerConfiguration, log: CommitLog<PosixFileSystem>, topicDefaults: [String: String] = [:],
        logger: Logger
    ) {
        self.configuration = configuration
        self.topicDefaults = topicDefaults
        self.log = log
        self.logger = logger
        let threadCount = configuration.integer("num.network.threads")
        eventLoops = MultiThreadedEventLoopGroup(numberOfThreads: threadCount > 0 ? threadCount : System.coreCount)
        let settings = ServerSettings(configuration)
        limits = Mutex(
            ConnectionLimits(
                countMax: settings.connectionCountMax, countPerAddressMax: settings.connectionCountPerAddressMax))
    }

    /// What is served, while the broker runs.
    var apis: APITable? { state.withLock { $0.broker?.apis } }

    /// The memory for requests, while the broker runs.
    var frameMemory: FrameMemory? { state.withLock { $0.broker?.frameMemory } }

    /// Binds every listener and serves it.
    /// - Throws: ``BrokerError`` when a listener cannot be bound or its certificates cannot be used; nothing listens then.
    public func start() async throws(BrokerError) -> [Bound] {
        let listeners: [Listener]
        do throws(BrokerConfiguration.Problem) { listeners = try configuration.listeners() } catch {
            throw BrokerError(error.description)
        }
        let identity = try BrokerIdentity.establish(
            directory: log.directory, nodeID: Int32(configuration.integer("node.id")))
        let access = try AccessController(configuration: configuration, log: log, logger: logger)
        blocking.start()
        let broker = Broker(
            log: log, live: try LiveConfiguration(configuration, directory: log.directory),
            topicDefaults: topicDefaults, identity: identity, access: access, eventLoops: eventLoops,
            blocking: blocking,
            metrics: metrics, logger: logger)
        broker.install(SupportedAPIs.table(for: broker))
        broker.purgatory.observe(log)
        broker.groups.start()
        broker.transactions.start()
        state.withLock { $0.broker = broker }
        var bound: [Bound] = []
        do throws(BrokerError) {
            for listener in listeners { bound.append(try await bind(listener, broker)) }
        } catch {
            await stop()
            throw error
        }
        return bound
    }

    private func bind(_ listener: Listener, _ broker: Broker) async throws(BrokerError) -> Bound {
        let tls = listener.security.usesTLS ? try TLSContext.make(configuration, listener: listener) : nil
        let bootstrap = ServerBootstrap(group: eventLoops)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(
                .writeBufferWaterMark, value: .init(low: 256 << 10, high: 1 << 20)
            )
            .childChannelInitializer { channel in self.admit(channel, listener, broker, tls) }
        do {
            var hosts = [listener.host.isEmpty ? "0.0.0.0" : listener.host]
            // Programs differ in which address they try first for this name.
            if listener.host == "localhost" { hosts = ["127.0.0.1", "::1"] }
            var port = listener.port
            var channels: [any Channel] = []
            for (index, host) in hosts.enumerated() {
                do {
                    let channel = try await bootstrap.bind(host: host, port: port).get()
                    channels.append(channel)
                    port = channel.localAddress?.port ?? port
                } catch  where index > 0 {
                    logger.debug("a second address is not listened on", metadata: ["address": "\(host)"])
                }
            }
            let kept = channels
            state.withLock { $0.channels += kept }
            broker.advertise(advertised(listener, port: port), for: listener)
            return Bound(
                name: listener.name,
                endpoint: Endpoint(host: listener.host.isEmpty ? "0.0.0.0" : listener.host, port: port))
        } catch {
            throw BrokerError(
                "cannot listen on \(listener.name)://\(Endpoint(host: listener.host, port: listener.port)): \(Self.reason(error)); "
                    + "change setting 'broker.listeners', or say 'broker: off' for no broker")
        }
    }

    private static func reason(_ error: any Error) -> String {
        if let error = error as? IOError {
            return error.errnoCode == EADDRINUSE
                ? "another process has the port" : String(cString: strerror(error.errnoCode))
        }
        return "\(error)"
    }

    private func advertised(_ listener: Listener, port: Int) -> Endpoint {
        if let advertised = listener.advertised { return advertised }
        let isWildcard = ["", "0.0.0.0", "::"].contains(listener.host)
        return Endpoint(host: isWildcard ? ProcessInfo.processInfo.hostName : listener.host, port: port)
    }

    /// Sets a new connection up, or refuses it.
    private func admit(
        _ channel: any Channel, _ listener: Listener, _ broker: Broker, _ tls: NIOSSLContext?
    ) -> EventLoopFuture<Void> {
        let host = channel.remoteAddress?.ipAddress ?? "unknown"
        guard limits.withLock({ $0.admit(host) }) else {
            metrics.refusedConnectionCount.add(1)
            return channel.eventLoop.makeFailedFuture(ChannelError.connectTimeout(.seconds(0)))
        }
        metrics.acceptedConnectionCount.add(1)
        let id = ObjectIdentifier(channel)
        state.withLock { $0.connections[id] = channel }
        channel.closeFuture.whenComplete { _ in
            self.limits.withLock { $0.remove(host) }
            self.metrics.closedConnectionCount.add(1)
            self.state.withLock { $0.connections[id] = nil }
        }
        let session = ClientSession(
            listener: listener, host: host,
            authentication: listener.security.usesSASL
                ? .pending : .established(.anonymous))
        return channel.eventLoop.makeCompletedFuture {
            if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
            try channel.pipeline.syncOperations.addHandler(ConnectionHandler(broker: broker, session: session))
        }
    }

    /// Stops listening, answers what is under way, for a second at most, and ends every connection.
    public func stop() async {
        let (channels, connections) = state.withLock { state in
            state.isStopping = true
            defer { state.channels.removeAll() }
            return (state.channels, Array(state.connections.values))
        }
        for channel in channels { try? await channel.close() }
        for connection in connections {
            connection.pipeline.fireUserInboundEventTriggered(DrainEvent())
            // Whoever waits for others, such as a group's members, may do so for longer than a stop should take.
            connection.eventLoop.scheduleTask(in: .seconds(1)) { connection.close(promise: nil) }
        }
        for connection in connections { try? await connection.closeFuture.get() }
        let broker = state.withLock { state in
            defer { state.broker = nil }
            return state.broker
        }
        await broker?.groups.stop()
        await broker?.transactions.stop()
        try? await blocking.shutdownGracefully()
        try? await eventLoops.shutdownGracefully()
    }
}
