internal import CRdkafka
public import ChangeModel
public import Logging

/// A cluster's administration through librdkafka: topics, configurations, groups, offsets, records, ACLs.
///
/// Calls run one after the other. Each ends with the cluster's answer or, after `deadline`, with `timedOut` and the reason
/// why no broker could be reached.
public final class KafkaAdmin: Sendable {
    let handle: ClientHandle
    /// How long each call may take.
    public let deadline: Duration

    /// - Throws: ``KafkaError`` for a property that librdkafka refuses. Nothing is connected yet.
    public init(
        _ properties: ClientProperties, deadline: Duration = .seconds(30), logger: Logger
    ) throws(KafkaError) {
        handle = try ClientHandle(.producer, properties: properties, logger: logger)
        self.deadline = deadline
    }

    /// Brokers, and topics with their partitions.
    /// - Parameter topic: nil for all topics.
    public func metadata(topic: String? = nil) async throws(KafkaError) -> ClusterMetadata {
        let deadline = deadline
        return try await handle.run { handle in
            let topicHandle = topic.flatMap { rd_kafka_topic_new(handle.pointer, $0, nil) }
            defer { if let topicHandle { rd_kafka_topic_destroy(topicHandle) } }
            var answer: UnsafePointer<rd_kafka_metadata>?
            let code = rd_kafka_metadata(
                handle.pointer, topicHandle == nil ? 1 : 0, topicHandle, &answer, deadline.milliseconds)
            if let error = KafkaError(code) { return .failure(error.during("asking for the cluster's metadata")) }
            guard let answer else { return .success(ClusterMetadata()) }
            defer { rd_kafka_metadata_destroy(answer) }
            var metadata = ClusterMetadata(answer.pointee)
            if let identity = rd_kafka_clusterid(handle.pointer, deadline.milliseconds) {
                metadata.clusterID = String(cString: identity)
                rd_kafka_mem_free(handle.pointer, identity)
            }
            metadata.controllerID = rd_kafka_controllerid(handle.pointer, deadline.milliseconds)
            return .success(metadata)
        }
    }

    /// The first offset that is kept, and the one after the last record.
    public func watermarks(of partition: TopicPartition) async throws(KafkaError) -> Range<Int64> {
        let deadline = deadline
        return try await handle.run { Watermarks.query($0, partition, deadline) }
    }

    /// The first record at or after each time (milliseconds since 1970); ``PartitionOffset/end`` where there is none.
    public func offsets(atOrAfter times: [PartitionOffset]) async throws(KafkaError) -> [PartitionOffset] {
        let deadline = deadline
        return try await handle.run { handle in
            let list = PartitionList(times)
            let code = list.withPointer { rd_kafka_offsets_for_times(handle.pointer, $0, deadline.milliseconds) }
            if let error = KafkaError(code) { return .failure(error.during("looking up times")) }
            return .success(list.entries)
        }
    }

    /// Sends one admin request and reads its answer.
    /// - Parameters:
    ///   - configure: sets options; returns what librdkafka refuses.
    ///   - submit: queues the request.
    ///   - read: takes the answer, which ends with the call, apart.
    func request<Value: Sendable>(
        _ what: String, _ operation: rd_kafka_admin_op_t,
        configure: @escaping @Sendable (borrowing AdminOptions) -> KafkaError? = { _ in nil },
        submit:
            @escaping @Sendable (_ client: OpaquePointer, _ options: OpaquePointer, _ queue: OpaquePointer) ->
            KafkaError?,
        read: @escaping @Sendable (_ event: OpaquePointer) -> Result<Value, KafkaError>
    ) async throws(KafkaError) -> Value {
        let deadline = deadline
        return try await handle.run { handle in
            let queue: OpaquePointer = rd_kafka_queue_new(handle.pointer)
            defer { rd_kafka_queue_destroy(queue) }
            let options = AdminOptions(handle.pointer, operation)
            options.setDeadline(deadline)
            if let error = configure(options) { return .failure(error.during(what)) }
            let refused = options.withPointer { submit(handle.pointer, $0, queue) }
            if let refused { return .failure(refused.during(what)) }
            // librdkafka answers by its own deadline; ours comes after it.
            guard let event = rd_kafka_queue_poll(queue, deadline.milliseconds &+ 5_000) else {
                return .failure(KafkaError(code: .timedOut, detail: "\(what): no answer within \(deadline)"))
            }
            defer { rd_kafka_event_destroy(event) }
            if let error = KafkaError(rd_kafka_event_error(event), detail: rd_kafka_event_error_string(event)) {
                return .failure(error.during(what))
            }
            return read(event).mapError { $0.during(what) }
        }
    }
}

/// The options of one admin request.
struct AdminOptions: ~Copyable {
    private let pointer: OpaquePointer

    init(_ client: OpaquePointer, _ operation: rd_kafka_admin_op_t) {
        pointer = rd_kafka_AdminOptions_new(client, operation)
    }

    deinit { rd_kafka_AdminOptions_destroy(pointer) }

    /// Lends the options, which live as long as the call at least.
    borrowing func withPointer<Result>(_ body: (OpaquePointer) -> Result) -> Result { body(pointer) }

    func setDeadline(_ deadline: Duration) {
        var reason = [CChar](repeating: 0, count: 256)
        rd_kafka_AdminOptions_set_request_timeout(pointer, deadline.milliseconds, &reason, reason.count)
    }

    func setValidateOnly() -> KafkaError? {
        call { rd_kafka_AdminOptions_set_validate_only(pointer, 1, $0, $1) }
    }

    func setBroker(_ identity: Int32) -> KafkaError? {
        call { rd_kafka_AdminOptions_set_broker(pointer, identity, $0, $1) }
    }

    private func call(_ body: (UnsafeMutablePointer<CChar>?, Int) -> rd_kafka_resp_err_t) -> KafkaError? {
        let reason = UnsafeMutablePointer<CChar>.allocate(capacity: 256)
        reason.initialize(repeating: 0, count: 256)
        defer { reason.deallocate() }
        return KafkaError(body(reason, 256), detail: reason)
    }
}

/// Reads a C array of pointers with its count.
func pointers(
    _ array: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int
) -> [OpaquePointer] {
    (0..<count).compactMap { array?[$0] }
}
