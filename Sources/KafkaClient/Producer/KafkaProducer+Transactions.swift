internal import CRdkafka

/// Transactions, with `transactional.id` set. The order of calls is Kafka's: initialize once, then begin, produce, send
/// offsets, commit or abort. An error that ``KafkaError/requiresAbort`` calls for ``abortTransaction(within:)``; a fatal
/// one, as after another producer took the transactional id, for a new producer.
extension KafkaProducer {
    /// Takes the transactional id, fencing its earlier holders, and ends what they left open.
    public func initializeTransactions(within deadline: Duration = .seconds(60)) async throws(KafkaError) {
        try await transact("initializing transactions") { rd_kafka_init_transactions($0, deadline.milliseconds) }
    }

    public func beginTransaction() async throws(KafkaError) {
        try await transact("beginning a transaction") { rd_kafka_begin_transaction($0) }
    }

    /// Commits consumed offsets with the transaction. Offsets are those of the next record to read.
    public func sendOffsets(
        _ offsets: [PartitionOffset], of group: ConsumerGroupMetadata, within deadline: Duration = .seconds(60)
    ) async throws(KafkaError) {
        try await transact("sending offsets to the transaction") { client in
            PartitionList(offsets).withPointer { list in
                rd_kafka_send_offsets_to_transaction(client, list, group.pointer, deadline.milliseconds)
            }
        }
    }

    /// Delivers what is queued, then commits.
    public func commitTransaction(within deadline: Duration = .seconds(60)) async throws(KafkaError) {
        try await transact("committing the transaction") { rd_kafka_commit_transaction($0, deadline.milliseconds) }
    }

    /// Purges what is queued, then aborts.
    public func abortTransaction(within deadline: Duration = .seconds(60)) async throws(KafkaError) {
        try await transact("aborting the transaction") { rd_kafka_abort_transaction($0, deadline.milliseconds) }
    }

    private func transact(
        _ what: String, _ body: @escaping @Sendable (OpaquePointer) -> OpaquePointer?
    ) async throws(KafkaError) {
        try await handle.run { handle in
            KafkaError(consuming: body(handle.pointer)).map { .failure($0.during(what)) } ?? .success(())
        }
    }
}
