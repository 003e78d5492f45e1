public import ChangeModel

extension TransactionCoordinator {
    /// Whom a reply is for; chosen by the caller, never looked into.
    public struct Token: RawRepresentable, Hashable, Sendable {
        public let rawValue: UInt64
        public init(rawValue: UInt64) { self.rawValue = rawValue }
    }

    public enum Request: Sendable, Equatable {
        /// InitProducerId. Without a transactional id a new producer id is given out. `expected` is what the client
        /// holds (version 3 on); nil where it sent -1.
        case initProducer(transactionalID: String?, timeoutMillis: Int32, expected: ProducerIdentity?)
        /// AddPartitionsToTxn; AddOffsetsToTxn with the group's partition of `__consumer_offsets`; and what Produce and
        /// TxnOffsetCommit add by themselves by KIP-890's rules.
        case addPartitions(transactionalID: String, producer: ProducerIdentity, partitions: [TopicPartition])
        /// EndTxn; `bumpsEpoch` from version 5 on (KIP-890).
        case end(transactionalID: String, producer: ProducerIdentity, isCommit: Bool, bumpsEpoch: Bool)
    }

    /// The producer to go on with, or why not.
    public typealias Reply = Result<ProducerIdentity, TransactionError>

    /// Names an append until its outcome is known.
    public struct AppendID: RawRepresentable, Hashable, Sendable {
        public let rawValue: UInt64
        public init(rawValue: UInt64) { self.rawValue = rawValue }
    }

    /// What the caller does, in the order given.
    public enum Effect: Sendable, Equatable {
        case reply(Token, Reply)
        /// Append one record to a partition of `__transaction_state`, behind all appends asked for before, and then call
        /// ``TransactionCoordinator/appendCompleted(_:succeeded:now:)``. Without a value it is a tombstone.
        case append(AppendID, partition: Int32, key: [UInt8], value: [UInt8]?)
        /// From now on the producer may write to these partitions within its transaction.
        case opened(ProducerIdentity, partitions: [TopicPartition])
        /// From now on it may not: sent before the markers.
        case closed(producerID: Int64)
        /// Write the marker to each partition that still exists, all or none, behind everything that was written to it
        /// before; then call ``TransactionCoordinator/markersCompleted(transactionalID:succeeded:now:)``.
        case writeMarkers(TransactionMarkers)
        /// Make durable that no producer id below `limit` is given out again; then call
        /// ``TransactionCoordinator/producerIDsReserved(below:succeeded:now:)``.
        case reserveProducerIDs(below: Int64)
    }
}
