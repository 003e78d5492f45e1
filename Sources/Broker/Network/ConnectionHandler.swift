internal import AccessControl
internal import ByteCoding
internal import CommitLog
internal import KafkaProtocol
internal import Logging
internal import NIOCore
internal import NIOSSL
internal import NIOTLS

/// One connection: frames in, replies out, in order.
///
/// Requests start on the connection's event loop in the order in which they came. As in Kafka a request waits until
/// those before it are answered, except where its API says that it may overlap: produce requests do, or an idempotent
/// producer's pipeline would stand still. Nothing is read while a request waits, while too many are under way, while
/// the client does not take its replies, or while memory for requests is short: that bounds what a connection holds.
final class ConnectionHandler: ChannelDuplexHandler, @unchecked Sendable {
    // SAFETY (of Sendable): everything here is touched on the channel's event loop alone; other threads only call
    // `complete`, which goes there first.
    typealias InboundIn = NIOCore.ByteBuffer
    typealias OutboundIn = IOData
    typealias OutboundOut = IOData

    /// How many requests of a connection may be under way; Kafka's clients keep five at most.
    private static let requestCountMax = 64
    /// The same in bytes.
    private static let byteCountMax = 64 << 20

    let broker: Broker
    let session: ClientSession
    private var context: ChannelHandlerContext?
    private var assembler: FrameAssembler
    /// What was read and not yet cut into frames.
    private var unread = NIOCore.ByteBuffer()
    private var queue = ReplyQueue<OutboundReply>()
    private var pendingByteCount = 0
    /// Whether every request under way lets others start beside it.
    private var isOverlapping = true
    /// A request that must wait for those before it.
    private var waiting: (frame: RequestFrame, receivedAt: NIODeadline)?
    private var isReadHeld = false
    private var isAdvancing = false
    private var needsFlush = false
    /// What the frame that is being read has taken of the memory for requests.
    private var reservedByteCount = 0
    private var isAwaitingMemory = false
    private var isClosing = false
    /// Set when the broker stops: nothing new is started, and the connection ends with its last answer.
    private var isDraining = false
    private var mutedUntil = NIODeadline.uptimeNanoseconds(0)
    private var lastActivity = NIODeadline.now()
    private var idleCheck: Scheduled<Void>?
    /// What to do when the connection ends before a request is answered.
    /// What to do when the broker stops before a request is answered.
    private var hurries: [ReplyQueue<OutboundReply>.Slot: () -> Void] = [:]
    private var cancellations: [ReplyQueue<OutboundReply>.Slot: () -> Void] = [:]

    init(broker: Broker, session: ClientSession) {
        self.broker = broker
        self.session = session
        assembler = FrameAssembler(byteCountMax: broker.settings.requestByteCountMax)
    }

    // MARK: The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { scheduleIdleCheck() }
    }

    func channelActive(context: ChannelHandlerContext) {
        scheduleIdleCheck()
        context.fireChannelActive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    private func end() {
        isClosing = true
        context = nil
        waiting = nil
        unread = NIOCore.ByteBuffer()
        idleCheck?.cancel()
        if reservedByteCount > 0 { broker.frameMemory.release(reservedByteCount) }
        reservedByteCount = 0
        let cancellations = cancellations
        self.cancellations.removeAll()
        hurries.removeAll()
        for cancel in cancellations.values { cancel() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        broker.logger.debug("a connection failed", metadata: ["client": "\(session.host)", "error": "\(error)"])
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        broker.metrics.receivedByteCount.add(bytes.readableBytes)
        lastActivity = .now()
        guard !isClosing else { return }
        if unread.readableBytes == 0 { unread = bytes } else { unread.writeBuffer(&bytes) }
        advance()
    }

    /// Takes the user from the client's certificate, where the listener asks for no more than that.
    private func identifyPeer(_ context: ChannelHandlerContext) -> Bool {
        guard !session.listener.security.usesSASL,
            let tls = try? context.pipeline.syncOperations.handler(type: NIOSSLServerHandler.self),
            let certificate = tls.peerCertificate
        else { return true }
        guard let der = try? certificate.toDERBytes(), let name = CertificateName.subject(ofDER: der),
            let user = broker.access.settings.principalMapping.user(ofDistinguishedName: name)
        else { return false }
        session.authentication = .established(Principal(name: user))
        return true
    }

    func read(context: ChannelHandlerContext) {
        if mayStart, !isAwaitingMemory { context.read() } else { isReadHeld = true }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is DrainEvent, !isClosing {
            isDraining = true
            let hurries = hurries
            for hurry in hurries.values { hurry() }
            if queue.isEmpty { close("the broker stops") }
        }
        if case TLSUserEvent.handshakeCompleted = event, !identifyPeer(context) {
            return close("no rule maps the client's certificate to a user")
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { advance() }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Requests

    private var mayStart: Bool {
        guard !isClosing, !isDraining, waiting == nil, let context else { return false }
        return queue.count < Self.requestCountMax && pendingByteCount < Self.byteCountMax && context.channel.isWritable
            && mutedUntil <= .now()
    }

    /// Starts what may be started of what was read, then reads on.
    private func advance() {
        // A request that is answered at once comes back here from inside of the loop.
        guard !isAdvancing else { return }
        isAdvancing = true
        while !isClosing {
            if let held = waiting {
                guard !isDraining, mayFollow(held.frame), mutedUntil <= .now() else { break }
                waiting = nil
                start(held.frame, receivedAt: held.receivedAt)
            } else if mayStart, let frame = nextFrame() {
                let now = NIODeadline.now()
                if mayFollow(frame) { start(frame, receivedAt: now) } else { waiting = (frame, now) }
            } else {
                break
            }
        }
        isAdvancing = false
        if needsFlush {
            needsFlush = false
            context?.flush()
        }
        if isReadHeld, mayStart, !isAwaitingMemory {
            isReadHeld = false
            context?.read()
        }
    }

    private func nextFrame() -> RequestFrame? {
        do throws(FrameError) {
            while true {
                switch assembler.state {
                case .announced(let byteCount):
                    guard !isAwaitingMemory, reserve(byteCount) else { return nil }
                    assembler.begin()
                case .complete:
                    // From here on the frame gives its memory back itself.
                    reservedByteCount = 0
                    return RequestFrame(assembler.take(), memory: broker.frameMemory)
                case .readingSize, .readingBody:
                    guard unread.readableBytes > 0 else {
                        unread = NIOCore.ByteBuffer()
                        return nil
                    }
                    let used = try assembler.consume(unread.readableBytesUInt8Span)
                    unread.moveReaderIndex(forwardBy: used)
                }
            }
        } catch {
            broker.metrics.malformedRequestCount.add(1)
            close("a frame's size is not acceptable: \(error)")
            return nil
        }
    }

    private func reserve(_ byteCount: Int) -> Bool {
        guard let context else { return false }
        let loop = context.eventLoop
        let isReserved = broker.frameMemory.reserve(byteCount) {
            loop.execute {
                self.isAwaitingMemory = false
                self.advance()
            }
        }
        isAwaitingMemory = !isReserved
        if isReserved { reservedByteCount = byteCount }
        if isAwaitingMemory { broker.metrics.memoryWaitCount.add(1) }
        return isReserved
    }

    /// Whether the request may start beside those under way.
    private func mayFollow(_ frame: RequestFrame) -> Bool {
        if queue.isEmpty { return true }
        guard isOverlapping, session.rawTokenHandler == nil, let head = try? RequestHead(frame)
        else { return false }
        return broker.apis[head.apiKey]?.overlaps ?? false
    }

    private func start(_ frame: RequestFrame, receivedAt: NIODeadline) {
        guard let context else { return }
        if let handler = session.rawTokenHandler { return answerToken(frame, handler) }
        do throws(DecodeError) {
            let head = try RequestHead(frame)
            guard let api = broker.apis[head.apiKey] else {
                return reject("an API key that is not served", head)
            }
            if session.authentication == .pending, !APITable.beforeAuthentication.contains(head.apiKey) {
                return reject("a request before authentication", head)
            }
            if let end = session.expiresAt, end < receivedAt, !APITable.beforeAuthentication.contains(head.apiKey) {
                return reject("a request after its authentication has expired", head)
            }
            if !APITable.authorized.contains(head.apiKey), !broker.access.isUnlimited(session.principal) {
                return reject("a request that only superusers may send", head)
            }
            if queue.isEmpty { isOverlapping = true }
            isOverlapping = isOverlapping && api.overlaps
            let slot = queue.open()
            pendingByteCount += frame.byteCount
            broker.metrics.begin(api: head.apiKey)
            let request = RequestContext(
                broker: broker, connection: self, session: session, eventLoop: context.eventLoop, head: head,
                frame: frame, slot: slot, receivedAt: receivedAt)
            guard api.versions.contains(head.apiVersion) else {
                guard head.apiKey == ApiVersionsHandler.Request.apiKey else {
                    return reject("a version that is not served", head)
                }
                return ApiVersionsHandler.answerUnsupportedVersion(request)
            }
            try api.start(request)
        } catch {
            broker.metrics.malformedRequestCount.add(1)
            close("a request that cannot be read: \(error)")
        }
    }

    private func answerToken(
        _ frame: RequestFrame, _ handler: @Sendable (RequestFrame, ClientSession) -> [UInt8]?
    ) {
        guard let context, let answer = handler(frame, session) else { return close("authentication has failed") }
        var buffer = context.channel.allocator.buffer(capacity: answer.count + 4)
        buffer.writeInteger(Int32(answer.count))
        buffer.writeBytes(answer)
        context.writeAndFlush(wrapOutboundOut(.byteBuffer(buffer)), promise: nil)
    }

    private func reject(_ reason: String, _ head: RequestHead) {
        broker.metrics.unsupportedRequestCount.add(1)
        close("\(reason): key \(head.apiKey), version \(head.apiVersion)")
    }

    // MARK: Replies

    /// Gives a request its reply, once; `encode` runs on the event loop and returns nil for no reply at all. Any thread.
    func complete(_ request: RequestContext, _ encode: @escaping @Sendable () -> OutboundReply?) {
        if request.eventLoop.inEventLoop {
            finish(request, encode)
        } else {
            request.eventLoop.execute { self.finish(request, encode) }
        }
    }

    private func finish(_ request: RequestContext, _ encode: () -> OutboundReply?) {
        cancellations[request.slot] = nil
        hurries[request.slot] = nil
        broker.metrics.end(api: request.head.apiKey, after: .now() - request.receivedAt)
        guard !isClosing, let context else { return }
        pendingByteCount -= request.frame.byteCount
        queue.fill(request.slot, encode())
        while let ready = queue.next() {
            guard let reply = ready else { continue }
            broker.metrics.sentByteCount.add(reply.byteCount)
            for part in reply.parts { write(part, context) }
            needsFlush = true
        }
        lastActivity = .now()
        advance()
        if isDraining, queue.isEmpty { close("the broker stops") }
    }

    private func write(_ part: OutboundReply.Part, _ context: ChannelHandlerContext) {
        switch part {
        case .bytes(let bytes): context.write(wrapOutboundOut(.byteBuffer(bytes)), promise: nil)
        case .records(let records):
            guard let descriptor = records.slice.file.duplicateDescriptor() else {
                return close("the process has no more file descriptors")
            }
            let handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: descriptor)
            let start = Int(records.slice.position)
            let region = FileRegion(fileHandle: handle, readerIndex: start, endIndex: start + records.byteCount)
            let written = context.eventLoop.makePromise(of: Void.self)
            written.futureResult.whenComplete { _ in try? handle.close() }
            context.write(wrapOutboundOut(.fileRegion(region)), promise: written)
        }
    }

    /// Has `body` called on the event loop should the connection end before the request is answered. On the event loop.
    func onEnd(of request: RequestContext, _ body: @escaping () -> Void) {
        if isClosing { body() } else { cancellations[request.slot] = body }
    }

    /// Has `body` called on the event loop should the broker stop before the request is answered: time to answer with what
    /// there is. On the event loop.
    func onDrain(of request: RequestContext, _ body: @escaping () -> Void) {
        if isDraining { body() } else { hurries[request.slot] = body }
    }

    /// Leaves the connection's bytes alone for a while, as Kafka does with who is over a quota. On the event loop.
    func mute(for duration: TimeAmount) {
        guard let context, duration > .zero else { return }
        mutedUntil = max(mutedUntil, .now() + duration)
        context.eventLoop.scheduleTask(deadline: mutedUntil) { self.advance() }
    }

    /// Ends the connection; replies that were given before go out first. On the event loop.
    func close(_ reason: String) {
        guard !isClosing, let context else { return }
        isClosing = true
        broker.logger.debug("a connection is closed", metadata: ["client": "\(session.host)", "reason": "\(reason)"])
        context.flush()
        context.close(promise: nil)
    }

    /// Ends the connection from any thread.
    func closeSoon(_ request: RequestContext, _ reason: String) {
        if request.eventLoop.inEventLoop {
            close(reason)
        } else {
            request.eventLoop.execute { self.close(reason) }
        }
    }

    // MARK: Idleness

    /// An idle client goes after `connections.max.idle.ms`; one that began a frame and sends no more of it, sooner.
    private func scheduleIdleCheck() {
        guard let context, idleCheck == nil else { return }
        let patience = idlePatience
        idleCheck = context.eventLoop.scheduleTask(deadline: lastActivity + patience) { self.checkIdleness() }
    }

    private var idlePatience: TimeAmount {
        let idle = broker.settings.idleTimeMax
        return assembler.isInsideFrame ? min(idle, .seconds(30)) : idle
    }

    private func checkIdleness() {
        idleCheck = nil
        guard !isClosing else { return }
        if queue.isEmpty, waiting == nil, !isAwaitingMemory, context?.channel.isWritable ?? true,
            lastActivity + idlePatience <= .now()
        {
            broker.metrics.idleCloseCount.add(1)
            return close("nothing came for a long time")
        }
        guard let context else { return }
        let next = max(lastActivity + idlePatience, .now() + .milliseconds(500))
        idleCheck = context.eventLoop.scheduleTask(deadline: next) { self.checkIdleness() }
    }
}
