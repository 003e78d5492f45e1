internal import CRdkafka
public import ChangeModel

/// Positions: what is committed, what the partitions hold, and where a time is.
extension KafkaConsumer {
    /// Commits offsets for the group; an offset is that of the next record to read.
    public func commit(_ offsets: [PartitionOffset]) async throws(KafkaError) {
        try await check("committing offsets") { client in
            PartitionList(offsets).withPointer { rd_kafka_commit(client, $0, 0) }
        }
    }

    /// The group's committed offsets; ``PartitionOffset/invalid`` where there is none.
    public func committed(
        _ partitions: [TopicPartition], within deadline: Duration = .seconds(30)
    ) async throws(KafkaError) -> [PartitionOffset] {
        try await lookUp("reading committed offsets", partitions.map { PartitionOffset($0, offset: 0) }) {
            rd_kafka_committed($0, $1, deadline.milliseconds)
        }
    }

    /// The offsets of the next records that this consumer will read.
    public func positions(_ partitions: [TopicPartition]) async throws(KafkaError) -> [PartitionOffset] {
        try await lookUp("reading positions", partitions.map { PartitionOffset($0, offset: 0) }) {
            rd_kafka_position($0, $1)
        }
    }

    /// The first record at or after each time; the partition's end where there is none.
    /// - Parameter times: milliseconds since 1970 in place of offsets.
    public func offsets(
        atOrAfter times: [PartitionOffset], within deadline: Duration = .seconds(30)
    ) async throws(KafkaError) -> [PartitionOffset] {
        try await lookUp("looking up times", times) { rd_kafka_offsets_for_times($0, $1, deadline.milliseconds) }
    }

    /// The first offset that is kept, and the one after the last record.
    public func watermarks(
        of partition: TopicPartition, within deadline: Duration = .seconds(30)
    ) async throws(KafkaError) -> Range<Int64> {
        try await handle.run { handle in
            Watermarks.query(handle, partition, deadline)
        }
    }

    /// Goes on reading at these offsets. The partitions must be assigned.
    public func seek(
        _ offsets: [PartitionOffset], within deadline: Duration = .seconds(30)
    ) async throws(KafkaError) {
        try await handle.run { (handle) -> Result<Void, KafkaError> in
            let list = PartitionList(offsets)
            let error = list.withPointer { rd_kafka_seek_partitions(handle.pointer, $0, deadline.milliseconds) }
            if let error = KafkaError(consuming: error) { return .failure(error.during("seeking")) }
            guard let failed = list.entries.first(where: { $0.error != nil }), let code = failed.error else {
                return .success(())
            }
            return .failure(KafkaError(code: code, detail: "seeking in \(failed.partition): \(code.summary)"))
        }
    }

    /// This member's place in its group, for ``KafkaProducer/sendOffsets(_:of:within:)``.
    public func groupMetadata() throws(KafkaError) -> ConsumerGroupMetadata {
        guard let pointer = rd_kafka_consumer_group_metadata(handle.pointer) else {
            throw KafkaError(code: .invalidArgument, detail: "the consumer has no group.id")
        }
        return ConsumerGroupMetadata(owning: pointer)
    }

    private func lookUp(
        _ what: String, _ entries: [PartitionOffset],
        _ body:
            @escaping @Sendable (OpaquePointer, UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) ->
            rd_kafka_resp_err_t
    ) async throws(KafkaError) -> [PartitionOffset] {
        try await handle.run { handle in
            let list = PartitionList(entries)
            if let error = KafkaError(list.withPointer({ body(handle.pointer, $0) })) {
                return .failure(error.during(what))
            }
            return .success(list.entries)
        }
    }
}

/// The bounds of a partition, for any kind of client.
enum Watermarks {
    static func query(
        _ handle: ClientHandle, _ partition: TopicPartition, _ deadline: Duration
    ) -> Result<Range<Int64>, KafkaError> {
        var (low, high): (Int64, Int64) = (0, 0)
        let code = rd_kafka_query_watermark_offsets(
            handle.pointer, partition.topic, partition.partition, &low, &high, deadline.milliseconds)
        if let error = KafkaError(code) { return .failure(error.during("reading the offsets of \(partition)")) }
        return .success(low..<max(low, high))
    }
}
