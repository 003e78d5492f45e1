internal import CRdkafka

extension KafkaAdmin {
    /// Creates a topic.
    /// - Parameters:
    ///   - partitionCount, replicationFactor: nil for the broker's default.
    ///   - isValidateOnly: the cluster says what it would answer, and creates nothing.
    public func createTopic(
        _ name: String, partitionCount: Int32? = nil, replicationFactor: Int32? = nil,
        configuration: [String: String] = [:], isValidateOnly: Bool = false
    ) async throws(KafkaError) {
        try await request(
            "creating topic '\(name)'", RD_KAFKA_ADMIN_OP_CREATETOPICS,
            configure: { isValidateOnly ? $0.setValidateOnly() : nil },
            submit: { client, options, queue in
                var reason = [CChar](repeating: 0, count: 256)
                guard
                    let topic = rd_kafka_NewTopic_new(
                        name, partitionCount ?? -1, replicationFactor ?? -1, &reason, reason.count)
                else { return Self.refusal(reason) }
                defer { rd_kafka_NewTopic_destroy(topic) }
                for (key, value) in configuration {
                    if let error = KafkaError(rd_kafka_NewTopic_set_config(topic, key, value)) { return error }
                }
                var topics: [OpaquePointer?] = [topic]
                rd_kafka_CreateTopics(client, &topics, 1, options, queue)
                return nil
            },
            read: { event in
                var count = 0
                return Self.topicResult(
                    rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count), count)
            })
    }

    /// Raises a topic's partition count.
    public func createPartitions(
        of topic: String, totalCount: Int, isValidateOnly: Bool = false
    ) async throws(KafkaError) {
        try await request(
            "adding partitions to topic '\(topic)'", RD_KAFKA_ADMIN_OP_CREATEPARTITIONS,
            configure: { isValidateOnly ? $0.setValidateOnly() : nil },
            submit: { client, options, queue in
                var reason = [CChar](repeating: 0, count: 256)
                guard let partitions = rd_kafka_NewPartitions_new(topic, totalCount, &reason, reason.count) else {
                    return Self.refusal(reason)
                }
                defer { rd_kafka_NewPartitions_destroy(partitions) }
                var all: [OpaquePointer?] = [partitions]
                rd_kafka_CreatePartitions(client, &all, 1, options, queue)
                return nil
            },
            read: { event in
                var count = 0
                return Self.topicResult(
                    rd_kafka_CreatePartitions_result_topics(rd_kafka_event_CreatePartitions_result(event), &count),
                    count)
            })
    }

    public func deleteTopic(_ name: String) async throws(KafkaError) {
        try await request(
            "deleting topic '\(name)'", RD_KAFKA_ADMIN_OP_DELETETOPICS,
            submit: { client, options, queue in
                let topic: OpaquePointer = rd_kafka_DeleteTopic_new(name)
                defer { rd_kafka_DeleteTopic_destroy(topic) }
                var topics: [OpaquePointer?] = [topic]
                rd_kafka_DeleteTopics(client, &topics, 1, options, queue)
                return nil
            },
            read: { event in
                var count = 0
                return Self.topicResult(
                    rd_kafka_DeleteTopics_result_topics(rd_kafka_event_DeleteTopics_result(event), &count), count)
            })
    }

    /// Deletes the records before each offset; ``PartitionOffset/end`` deletes all.
    /// - Returns: each partition with its first offset that is kept, or its error.
    public func deleteRecords(before offsets: [PartitionOffset]) async throws(KafkaError) -> [PartitionOffset] {
        try await request(
            "deleting records", RD_KAFKA_ADMIN_OP_DELETERECORDS,
            submit: { client, options, queue in
                let records: OpaquePointer = PartitionList(offsets).withPointer { rd_kafka_DeleteRecords_new($0) }
                defer { rd_kafka_DeleteRecords_destroy(records) }
                var all: [OpaquePointer?] = [records]
                rd_kafka_DeleteRecords(client, &all, 1, options, queue)
                return nil
            },
            read: { event in
                guard let list = rd_kafka_DeleteRecords_result_offsets(rd_kafka_event_DeleteRecords_result(event))
                else { return .success([]) }
                return .success(PartitionList.entries(of: list))
            })
    }

    static func refusal(_ reason: [CChar]) -> KafkaError {
        KafkaError(
            code: .invalidArgument,
            detail: String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    private static func topicResult(
        _ results: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int
    ) -> Result<Void, KafkaError> {
        for result in pointers(results, count) {
            let error = KafkaError(
                rd_kafka_topic_result_error(result), detail: rd_kafka_topic_result_error_string(result))
            if let error { return .failure(error) }
        }
        return .success(())
    }
}
