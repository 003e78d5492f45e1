public import ChangeModel

/// The end of a transaction as its partitions are told it.
public struct TransactionMarkers: Sendable, Equatable {
    public let transactionalID: String
    public let producer: ProducerIdentity
    public let coordinatorEpoch: Int32
    public let isCommit: Bool
    public let partitions: [TopicPartition]
}
