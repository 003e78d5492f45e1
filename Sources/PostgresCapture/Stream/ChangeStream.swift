import ByteCoding
import ChangeModel
import DebeziumFormat
import Logging
import PGOutput
import RecordTransport

/// The capture loop: reads a walsender, turns what comes into record groups, hands them to the log, and confirms to the
/// server what the log has made durable.
///
/// Runs on the capture thread. Suspends only to hand a group over; waits for the server in `poll`.
struct ChangeStream<Session: SourceSession>: ~Copyable {
    /// A group is handed over at this size, whatever the log is doing.
    static var groupByteCountMax: Int { 1 << 20 }
    /// While the stream is busy, a group is handed over at this age even when it is small.
    static var groupAgeMax: Duration { .milliseconds(5) }
    /// The same while the stream is far behind its server, where delay does not count and every group costs a sync.
    static var behindGroupAgeMax: Duration { .milliseconds(50) }
    /// Reads that bring less than this are a trickle: what they brought is handed over at once when the log is idle,
    /// because there is little to gather with it.
    static var trickleByteCount: Int { 1 << 10 }
    /// Far behind: changes arrive this long after their commit.
    static var behindLag: Duration { .seconds(1) }

    private let configuration: CaptureConfiguration
    private let session: Session
    private let link: ReplicationLink
    private let monitor: CaptureMonitor
    private let observer: (any StreamObserver)?
    private let data: LazyConnection
    private let logger: Logger
    private var router: ChangeRouter
    private var buffer: ReceiveBuffer
    private var schedule: StreamSchedule

    /// What the last group that the log accepted carried.
    private(set) var handedOverState: CaptureState
    private var handedOverPosition: LSN
    /// What was durable before this session began.
    private let initialPosition: LSN
    private var received: LSN
    private var serverLSN = LSN.invalid
    /// When the server sent the last change, by its own clock: microseconds since 1970.
    private var sentMicros: Int64 = 0
    private var receivedByteCount: UInt64 = 0
    /// What earlier connections of this process have counted.
    private let baseRowCount: UInt64
    private let baseTransactionCount: UInt64
    private let baseByteCount: UInt64
    private let baseRecordCount: UInt64
    private let baseDurableRowCount: UInt64
    private var confirmed = LSN.invalid
    private var replyRequested = false
    private var groupBegan: ContinuousClock.Instant?
    private var lastRead = ContinuousClock.now
    private var lastReadByteCount = 0

    init(
        configuration: CaptureConfiguration, session: Session, link: ReplicationLink, buffer: consuming ReceiveBuffer,
        router: consuming ChangeRouter, state: CaptureState, data: LazyConnection, monitor: CaptureMonitor,
        logger: Logger,
        observer: (any StreamObserver)?
    ) {
        self.configuration = configuration
        self.session = session
        self.link = link
        self.buffer = buffer
        self.router = router
        self.data = data
        self.logger = logger
        self.monitor = monitor
        self.observer = observer
        handedOverState = state
        handedOverPosition = state.confirmableLSN
        initialPosition = handedOverPosition
        received = handedOverPosition
        let status = monitor.current
        baseRowCount = status.streamedRowCount
        baseTransactionCount = status.transactionCount
        baseByteCount = status.receivedByteCount
        baseDurableRowCount = status.durableRowCount &- session.durableChangeCount
        baseRecordCount = status.durableRecordCount &- session.durableRecordCount
        schedule = StreamSchedule(configuration, now: .now)
    }

    /// Streams until the connection breaks, the interrupt fires (`cancelled`) or a change cannot be handled. What was
    /// gathered until then is in the log when this throws, as far as the log takes it.
    ///
    /// Returns when the observer ends it: everything is in the log then, and the next start goes on from there.
    mutating func run() async throws(CaptureError) {
        do throws(CaptureError) {
            while !isEnding { try await step() }
            try await end()
        } catch {
            switch error.code {
            case .connectionLost, .unreachable, .cancelled, .timeout, .limitReached:
                // Half a message's events without its state would come again after the restart.
                if !router.isMidway { try await handOver() }
                do throws(TransportError) {
                    try await session.flush()
                } catch {
                    throw CaptureError(log: error)
                }
                if error.code == .cancelled { try? sendStatus() }
            default: break
            }
            publish()
            throw error
        }
    }

    /// The observer has work for which the stream must not run.
    private var isEnding: Bool { router.isBetweenTransactions && observer?.endsStream == true }

    /// Brings everything into the log.
    private mutating func end() async throws(CaptureError) {
        try await handOver()
        do throws(TransportError) {
            try await session.flush()
        } catch {
            throw CaptureError(log: error)
        }
        try sendStatus()
        publish()
    }

    /// One round: handle what is there, hand it over when that is due, do what is due by time, and read or wait.
    private mutating func step() async throws(CaptureError) {
        if link.connection.interrupt.isFired {
            throw CaptureError(code: .cancelled, detail: "streaming was stopped")
        }
        let nanoseconds = WallClock.nanoseconds
        router.setTime(nanoseconds)
        while try router.isReplaying ? replay() : handleFrame() {
            if router.pendingByteCount >= Self.groupByteCountMax { try await handOver() }
        }
        let now = ContinuousClock.now
        if isHandOverDue(now: now) { try await handOver() }
        try await work(now: now)
        if let pause = GatherPolicy.pause(after: now - lastRead) { link.gather(for: pause) }
        let count = try link.read(into: &buffer)
        if count > 0 {
            lastRead = .now
            lastReadByteCount = count
            receivedByteCount &+= UInt64(count)
            return
        }
        try await wait(now: now)
    }

    /// Nothing has come: hands over what waits as soon as the log is free, then waits for the server.
    private mutating func wait(now: ContinuousClock.Instant) async throws(CaptureError) {
        if !hasPending {
            publish()
            try router.idle()
        }
        if hasPending {
            if session.isIdle, router.isBetweenTransactions, !isBehind { return try await handOver() }
            // The rest of a transaction is on its way, or the log is about to be free.
            _ = try link.waitForBytes(for: .milliseconds(1))
            return
        }
        var idle = schedule.idleTime(now: now, hasUnconfirmed: confirmed < durable || handedOverPosition > durable)
        if handedOverPosition > durable { idle = min(idle, .milliseconds(20)) }
        if let interval = observer?.idleInterval { idle = min(idle, interval) }
        _ = try link.waitForBytes(for: idle)
    }

    // MARK: - Frames

    /// What a CopyData message of a walsender is.
    private enum Header {
        /// XLogData: `w`, start (Int64), end of WAL (Int64), time (Int64), then the plugin's message.
        case change(start: LSN, serverEnd: LSN, sentMicros: Int64)
        /// Primary keepalive: `k`, end of WAL (Int64), time (Int64), whether a reply is wanted (Byte).
        case keepalive(end: LSN, wantsReply: Bool)

        static var changeByteCount: Int { 25 }

        init(_ body: Span<UInt8>) throws(DecodeError) {
            var reader = ByteReader(body)
            switch try reader.read(UInt8.self) {
            case UInt8(ascii: "w"):
                let start = LSN(rawValue: try reader.read(UInt64.self))
                let end = LSN(rawValue: try reader.read(UInt64.self))
                let time = try reader.read(Int64.self) &+ 946_684_800_000_000
                self = .change(start: start, serverEnd: end, sentMicros: time)
            case UInt8(ascii: "k"):
                let end = LSN(rawValue: try reader.read(UInt64.self))
                try reader.skip(8)
                self = .keepalive(end: end, wantsReply: try reader.read(UInt8.self) == 1)
            default: throw .malformed("an unknown kind of replication message")
            }
        }
    }

    /// Handles a part of a transaction that is read back from disk.
    private mutating func replay() throws(CaptureError) -> Bool {
        for _ in 0..<1000 {
            try router.replayNext()
            if !router.isReplaying || router.pendingByteCount >= Self.groupByteCountMax { break }
        }
        return true
    }

    /// Handles the next whole message.
    /// - Returns: false when there is none.
    private mutating func handleFrame() throws(CaptureError) -> Bool {
        guard let frame = try buffer.nextFrame() else { return false }
        switch frame.kind {
        case UInt8(ascii: "d"):
            switch try Self.header(buffer.bytes.extracting(frame.body)) {
            case .change(let start, let serverEnd, let time):
                sentMicros = time
                if start > received { received = start }
                if serverEnd > serverLSN { serverLSN = serverEnd }
                let message = frame.body.dropFirst(Header.changeByteCount)
                try Self.route(buffer, message, at: start, through: &router)
            case .keepalive(let end, let wantsReply):
                if wantsReply { replyRequested = true }
                if end > received { received = end }
                if end > serverLSN { serverLSN = end }
                router.advance(to: end)
            }
        case UInt8(ascii: "E"): throw link.serverError(buffer.bytes.extracting(frame.body))
        case UInt8(ascii: "c"), UInt8(ascii: "C"), UInt8(ascii: "Z"):
            throw CaptureError(code: .connectionLost, detail: "the server ended the change stream")
        case UInt8(ascii: "N"), UInt8(ascii: "S"), UInt8(ascii: "A"): break
        default: throw CaptureError(code: .protocolViolation, detail: "the server sent an unknown kind of message")
        }
        return true
    }

    /// The message borrows the buffer while the router changes.
    private static func route(
        _ buffer: borrowing ReceiveBuffer, _ message: Range<Int>, at start: LSN, through router: inout ChangeRouter
    ) throws(CaptureError) {
        try router.handle(buffer.bytes.extracting(message), at: start)
    }

    private static func header(_ body: Span<UInt8>) throws(CaptureError) -> Header {
        do throws(DecodeError) {
            return try Header(body)
        } catch {
            throw CaptureError(code: .protocolViolation, detail: "the walsender sent a malformed message: \(error)")
        }
    }

    // MARK: - Hand-over

    private var hasPending: Bool { router.pendingRecordCount > 0 }

    /// How long after its commit the newest change was sent, by the server's own clock.
    private var lag: Duration { .microseconds(max(0, sentMicros &- router.commitMicros)) }

    private var isBehind: Bool { lag > Self.behindLag }

    /// What the server may forget.
    private var durable: LSN { max(initialPosition, session.durablePosition) }

    private mutating func isHandOverDue(now: ContinuousClock.Instant) -> Bool {
        guard hasPending else {
            groupBegan = nil
            return false
        }
        if router.pendingByteCount >= Self.groupByteCountMax { return true }
        let began = groupBegan ?? now
        groupBegan = began
        var age = isBehind ? Self.behindGroupAgeMax : Self.groupAgeMax
        if !isBehind, lastReadByteCount < Self.trickleByteCount { age = .zero }
        return now - began >= age && router.isBetweenTransactions && session.isIdle
    }

    /// Gives the log what was gathered, with the state that belongs to it; waits while the log's queue is full.
    private mutating func handOver() async throws(CaptureError) {
        let state = router.currentState()
        guard hasPending || state != handedOverState else { return }
        let group = try router.takeGroup(replacingWith: session.makeGroup())
        groupBegan = nil
        do throws(TransportError) {
            try await session.submit(group)
        } catch {
            throw CaptureError(log: error)
        }
        handedOverState = state
        handedOverPosition = state.confirmableLSN
        publish()
    }

    // MARK: - Work by time

    /// Status, heartbeats, and what else is due.
    private mutating func work(now: ContinuousClock.Instant) async throws(CaptureError) {
        if let next = schedule.nextXmin, now >= next {
            let slot = SlotManager(configuration.slot)
            let status = try data.use { connection throws(CaptureError) in try slot.status(on: connection) }
            router.setXmin(status?.catalogXmin)
            schedule.xminFetched(now: now)
        }
        if let next = schedule.nextHeartbeat, now >= next, router.isBetweenTransactions {
            schedule.heartbeatSent(now: now)
            try router.appendHeartbeat()
            HeartbeatAction(configuration.heartbeat, logger: logger)?.run(on: data)
        }
        let isStatusDue = now >= schedule.nextStatus || replyRequested
        if isStatusDue, !hasPending, router.isBetweenTransactions {
            // Nothing of ours is under way: what the server has passed by may be forgotten, once the log knows.
            try await handOver()
        }
        if isStatusDue || (now >= schedule.nextConfirm && durable > confirmed) {
            try sendStatus()
            schedule.statusSent(now: now)
            publish()
        }
    }

    private mutating func sendStatus() throws(CaptureError) {
        let position = configuration.stream.acknowledges ? durable : .invalid
        try link.sendStatus(received: received, durable: position, now: WallClock.nanoseconds / 1000)
        confirmed = durable
        replyRequested = false
    }

    private func publish() {
        let durable = self.durable
        monitor.update { status in
            status.receivedLSN = received
            status.serverLSN = serverLSN
            status.durableLSN = durable
            status.streamedRowCount = baseRowCount &+ router.rowCount
            status.transactionCount = baseTransactionCount &+ router.transactionCount
            status.receivedByteCount = baseByteCount &+ receivedByteCount
            status.durableRowCount = baseDurableRowCount &+ session.durableChangeCount
            status.durableRecordCount = baseRecordCount &+ session.durableRecordCount
            status.lastCommitMicros = router.state.timestampMicros
            status.lastMessageMicros = WallClock.nanoseconds / 1000
        }
    }
}
