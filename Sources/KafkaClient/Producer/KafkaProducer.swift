internal import CRdkafka
internal import Dispatch
public import Logging
internal import Synchronization

/// A librdkafka producer: batches go out without a copy of their values, and reports come back a batch at a time.
///
/// Any task may use it; batches of one task are sent in its order. When librdkafka's queue is full
/// (`queue.buffering.max.messages`, `.kbytes`), ``enqueue(_:)`` waits until deliveries make room. What is still queued
/// when the last reference goes is purged and reported as such: flush first.
public final class KafkaProducer: Sendable {
    let handle: ClientHandle
    private let topics = Mutex<TopicHandles>(TopicHandles())
    private let polling: PollLoop

    /// - Throws: ``KafkaError`` for a property that librdkafka refuses. Nothing is connected yet.
    public init(_ properties: ClientProperties, logger: Logger) throws(KafkaError) {
        handle = try ClientHandle(.producer, properties: properties, logger: logger)
        polling = PollLoop(handle)
    }

    deinit {
        topics.withLock { $0.destroy() }
        polling.stop()
    }

    /// Hands the batch to librdkafka and waits for its reports.
    public func send(_ batch: consuming OutgoingBatch) async throws(KafkaError) -> [DeliveryReport] {
        try await enqueue(batch).reports()
    }

    /// Hands the batch to librdkafka; waits only while its queue is full.
    /// - Throws: ``KafkaError`` when the producer has failed for good or a topic's name is not acceptable. A record that
    ///   is refused for itself (too large, unknown partition) has its error in its report.
    public func enqueue(_ batch: consuming OutgoingBatch) async throws(KafkaError) -> PendingDelivery {
        if let error = handle.fatalError { throw error }
        let storage = batch.storage
        var handles: [OpaquePointer] = []
        for name in storage.topics { handles.append(try topicHandle(name)) }
        let inFlight = InFlightBatch(storage)
        var index = 0
        while index < storage.entries.count {
            let turn = handle.context.deliveries.turn
            index = Self.produce(inFlight, from: index, topics: handles, client: handle.pointer)
            if index < storage.entries.count { await handle.context.deliveries.wait(since: turn) }
        }
        return PendingDelivery(batch: inFlight)
    }

    /// Waits until everything enqueued is delivered or has failed.
    /// - Throws: ``KafkaError`` with `timedOut` when that takes longer than `deadline`.
    public func flush(within deadline: Duration = .seconds(60)) async throws(KafkaError) {
        try await handle.run { handle in
            let code = rd_kafka_flush(handle.pointer, deadline.milliseconds)
            return KafkaError(code).map { .failure($0.during("flushing the producer")) } ?? .success(())
        }
    }

    private func topicHandle(_ name: String) throws(KafkaError) -> OpaquePointer {
        let found = topics.withLock { $0.find(name, client: handle.pointer) }
        guard let found else {
            throw KafkaError(code: .invalidArgument, detail: "'\(name)' is not a name that a topic can have")
        }
        return found
    }

    /// Produces records until librdkafka's queue is full; returns the index of the first that was not taken.
    private static func produce(
        _ batch: InFlightBatch, from start: Int, topics: [OpaquePointer], client: OpaquePointer
    ) -> Int {
        let storage = batch.storage
        let fixedCount = 6
        let headerCountMax = storage.entries[start...].reduce(0) { max($0, $1.headers.count) }
        let arguments = UnsafeMutablePointer<rd_kafka_vu_t>.allocate(capacity: fixedCount + headerCountMax)
        defer { arguments.deallocate() }
        arguments.initialize(repeating: rd_kafka_vu_t(), count: fixedCount + headerCountMax)
        arguments[0].vtype = RD_KAFKA_VTYPE_RKT
        arguments[1].vtype = RD_KAFKA_VTYPE_PARTITION
        arguments[2].vtype = RD_KAFKA_VTYPE_VALUE
        arguments[3].vtype = RD_KAFKA_VTYPE_KEY
        arguments[4].vtype = RD_KAFKA_VTYPE_TIMESTAMP
        arguments[5].vtype = RD_KAFKA_VTYPE_OPAQUE
        for index in start..<storage.entries.count {
            let entry = storage.entries[index]
            arguments[0].u.rkt = topics[entry.topic]
            arguments[1].u.i32 = entry.partition
            arguments[2].u.mem.ptr = storage.pointer(entry.value)
            arguments[2].u.mem.size = max(entry.value.count, 0)
            arguments[3].u.mem.ptr = storage.pointer(entry.key)
            arguments[3].u.mem.size = max(entry.key.count, 0)
            arguments[4].u.i64 = entry.timestamp
            arguments[5].u.ptr = batch.opaque(index)
            let error = withHeaders(entry.headers, arguments + fixedCount) {
                KafkaError(consuming: rd_kafka_produceva(client, arguments, fixedCount + entry.headers.count))
            }
            guard let error else { continue }
            if error.code == .queueFull { return index }
            batch.refuse(index, error.code)
        }
        return storage.entries.count
    }

    /// Fills the header arguments, whose bytes librdkafka copies during the call.
    private static func withHeaders(
        _ headers: [RecordHeader], _ arguments: UnsafeMutablePointer<rd_kafka_vu_t>, _ body: () -> KafkaError?
    ) -> KafkaError? {
        guard let header = headers.first else { return body() }
        return header.name.withCString { name in
            func fill(_ value: UnsafeRawPointer?, _ count: Int) -> KafkaError? {
                arguments.pointee.vtype = RD_KAFKA_VTYPE_HEADER
                arguments.pointee.u.header.name = name
                arguments.pointee.u.header.val = value
                arguments.pointee.u.header.size = count
                return withHeaders(Array(headers.dropFirst()), arguments + 1, body)
            }
            guard let value = header.value else { return fill(nil, 0) }
            // An empty array has no address, and no address would be a null value.
            return (value + [0]).withUnsafeBytes { fill($0.baseAddress, value.count) }
        }
    }
}

/// librdkafka's topic objects, each made once.
private struct TopicHandles: @unchecked Sendable {
    private var pointers: [String: OpaquePointer] = [:]

    mutating func find(_ name: String, client: OpaquePointer) -> OpaquePointer? {
        if let known = pointers[name] { return known }
        guard !name.isEmpty, let made = rd_kafka_topic_new(client, name, nil) else { return nil }
        pointers[name] = made
        return made
    }

    mutating func destroy() {
        for pointer in pointers.values { rd_kafka_topic_destroy(pointer) }
        pointers = [:]
    }
}

/// The thread that serves a producer's callbacks.
private final class PollLoop: Sendable {
    private let isStopped = Atomic(false)
    private let queue: DispatchQueue

    init(_ handle: ClientHandle) {
        queue = DispatchQueue(label: "librdkafka-poll")
        queue.async { [self] in
            while !isStopped.load(ordering: .acquiring) { rd_kafka_poll(handle.pointer, 100) }
            // What is left will not be sent; its reports still have to reach who waits for them.
            rd_kafka_purge(handle.pointer, Int32(RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT))
            while rd_kafka_outq_len(handle.pointer) > 0 { rd_kafka_poll(handle.pointer, 10) }
        }
    }

    func stop() { isStopped.store(true, ordering: .releasing) }
}
