internal import CRdkafka
public import ChangeModel
public import Logging

/// A librdkafka consumer: a member of a group that subscribes, or a reader of partitions that it assigns itself.
///
/// Calls run one after the other on the consumer's thread; a poll holds back those after it. ``close()`` leaves the group;
/// without it the group notices the end only by its session time-out.
public final class KafkaConsumer: Sendable {
    let handle: ClientHandle

    /// - Parameter properties: `group.id` is needed to subscribe, commit or read committed offsets.
    /// - Throws: ``KafkaError`` for a property that librdkafka refuses. Nothing is connected yet.
    public init(_ properties: ClientProperties, logger: Logger) throws(KafkaError) {
        var properties = properties
        // librdkafka insists on a group even where none is used.
        properties.setDefault("group.id", "tailrace-unused")
        handle = try ClientHandle(.consumer, properties: properties, logger: logger)
    }

    /// Joins the group for these topics; a name that starts with `^` is a regular expression.
    public func subscribe(_ topics: [String]) async throws(KafkaError) {
        try await check("subscribing") { client in
            PartitionList(topics: topics).withPointer { rd_kafka_subscribe(client, $0) }
        }
    }

    /// Reads these partitions, each from its offset, and no others.
    public func assign(_ partitions: [PartitionOffset]) async throws(KafkaError) {
        try await check("assigning partitions") { client in
            PartitionList(partitions).withPointer { rd_kafka_assign(client, $0) }
        }
    }

    /// Reads these partitions too.
    public func assignAlso(_ partitions: [PartitionOffset]) async throws(KafkaError) {
        try await handle.run { handle in
            let error = PartitionList(partitions).withPointer { rd_kafka_incremental_assign(handle.pointer, $0) }
            return KafkaError(consuming: error).map { .failure($0.during("assigning partitions")) } ?? .success(())
        }
    }

    /// The partitions that are read now.
    public func assignment() async throws(KafkaError) -> [TopicPartition] {
        try await handle.run { handle in
            var list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>?
            if let error = KafkaError(rd_kafka_assignment(handle.pointer, &list)) { return .failure(error) }
            return .success(list.map { PartitionList(owning: $0).entries.map(\.partition) } ?? [])
        }
    }

    /// Waits for records up to `maxWait`, then takes what has come, at most `recordCountMax`.
    /// - Throws: ``KafkaError`` that the cluster or the client reported: unknown topics, refused access, a fatal state.
    public func poll(
        recordCountMax: Int = 500, maxWait: Duration = .milliseconds(500)
    ) async throws(KafkaError) -> ConsumedBatch {
        let box = try await handle.run { handle in
            Result { () throws(KafkaError) in try Self.poll(handle, recordCountMax, maxWait) }
        }
        return box.take()
    }

    /// Carries a batch, which cannot be copied, out of a closure's result.
    private final class Box: @unchecked Sendable {
        private var batch: ConsumedBatch?
        init(_ batch: consuming ConsumedBatch) { self.batch = consume batch }
        func take() -> ConsumedBatch { batch.take() ?? ConsumedBatch() }
    }

    private static func poll(
        _ handle: ClientHandle, _ recordCountMax: Int, _ maxWait: Duration
    ) throws(KafkaError) -> Box {
        var batch = ConsumedBatch()
        var wait = maxWait.milliseconds
        while batch.messages.count < recordCountMax, let message = rd_kafka_consumer_poll(handle.pointer, wait) {
            wait = 0
            guard message.pointee.err != RD_KAFKA_RESP_ERR_NO_ERROR else {
                batch.messages.append(message)
                continue
            }
            defer { rd_kafka_message_destroy(message) }
            let code = KafkaErrorCode(rawValue: message.pointee.err.rawValue)
            if code == .partitionEnd {
                batch.partitionEnds.append(
                    PartitionOffset(
                        TopicPartition(
                            topic: String(cString: rd_kafka_topic_name(message.pointee.rkt)),
                            partition: message.pointee.partition), offset: message.pointee.offset))
                continue
            }
            let topic = message.pointee.rkt.map { "topic '\(String(cString: rd_kafka_topic_name($0)))': " } ?? ""
            throw KafkaError(
                code: code, detail: topic + String(cString: rd_kafka_message_errstr(message)),
                isFatal: handle.fatalError != nil)
        }
        return Box(batch)
    }

    /// Leaves the group and stops reading. Offsets are committed first where `enable.auto.commit` is on.
    public func close() async throws(KafkaError) {
        try await check("closing the consumer") { rd_kafka_consumer_close($0) }
    }

    /// The newest error of the connections to the cluster: why nothing comes.
    public var connectionError: KafkaError? { handle.context.connectionError }

    func check(
        _ what: String, _ body: @escaping @Sendable (OpaquePointer) -> rd_kafka_resp_err_t
    ) async throws(KafkaError) {
        try await handle.run { handle in
            KafkaError(body(handle.pointer)).map { .failure($0.during(what)) } ?? .success(())
        }
    }
}
