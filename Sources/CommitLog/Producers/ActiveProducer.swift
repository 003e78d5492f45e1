public import ChangeModel

/// A producer that a partition remembers, as DescribeProducers tells it.
public struct ActiveProducer: Sendable, Equatable {
    public let id: Int64
    public let epoch: Int16
    /// The last record's sequence; -1 where none is known.
    public let lastSequence: Int32
    /// When it last wrote, in milliseconds since 1970, by the log's clock.
    public let lastTimestamp: Int64
    /// -1 where no marker has come.
    public let coordinatorEpoch: Int32
    /// Where its open transaction begins.
    public let transactionStartOffset: Offset?
}
