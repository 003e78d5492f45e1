public import ChangeModel

/// All that the coordinator knows of one transactional id: what `__transaction_state` keeps, and
/// ``lastProducerEpoch``, which Kafka keeps in memory alone.
public struct TransactionMetadata: Sendable, Equatable {
    /// The highest epoch, kept for fencing: no producer is ever given it.
    static let epochMax = Int16.max

    public let transactionalID: String
    public var producerID: Int64
    /// The producer id before the last change of ids; -1 where there was none.
    public var previousProducerID: Int64 = -1
    /// The producer id to go on with once the markers are written; -1 where it stays.
    public var nextProducerID: Int64 = -1
    public var producerEpoch: Int16
    /// The epoch that the holder had before its last bump, by which a repeated bump is recognised; -1 where unknown.
    public var lastProducerEpoch: Int16 = -1
    public var timeoutMillis: Int32
    public var state: TransactionState
    /// Without duplicates, in the order in which they were added.
    public var partitions: [TopicPartition] = []
    /// Milliseconds since 1970; -1 where no transaction has begun.
    public var startTimestamp: Int64 = -1
    /// Milliseconds since 1970.
    public var lastUpdateTimestamp: Int64
    /// The client ended the transaction by KIP-890's rules (`transaction.version` 2): each end bumps the epoch.
    public var bumpsEpochOnEnd = false

    public var producer: ProducerIdentity { ProducerIdentity(id: producerID, epoch: producerEpoch) }

    /// No further epoch can be handed out: the last one fences.
    var isEpochExhausted: Bool { Self.isExhausted(producerEpoch) }
    static func isExhausted(_ epoch: Int16) -> Bool { epoch >= epochMax - 1 }

    /// What the producer goes on with after the transaction's end.
    var producerAfterEnd: ProducerIdentity {
        nextProducerID >= 0 ? ProducerIdentity(id: nextProducerID, epoch: 0) : producer
    }
}

extension TransactionMetadata {
    /// After InitProducerId: nothing open, with `producer` as the holder.
    func initialized(
        with producer: ProducerIdentity, lastEpoch: Int16, timeoutMillis: Int32, now: Int64
    ) -> TransactionMetadata {
        var next = self
        next.previousProducerID = producerEpoch >= 0 ? producerID : -1
        next.producerID = producer.id
        next.producerEpoch = producer.epoch
        next.nextProducerID = -1
        next.lastProducerEpoch = lastEpoch
        next.timeoutMillis = timeoutMillis
        next.state = .empty
        next.partitions = []
        next.startTimestamp = -1
        next.lastUpdateTimestamp = now
        next.bumpsEpochOnEnd = false
        return next
    }

    func adding(_ added: [TopicPartition], now: Int64) -> TransactionMetadata {
        var next = self
        if state != .ongoing {
            next.startTimestamp = now
            next.partitions = []
        }
        var known = Set(next.partitions)
        for partition in added where known.insert(partition).inserted { next.partitions.append(partition) }
        next.state = .ongoing
        next.lastUpdateTimestamp = now
        return next
    }

    /// The decision. By KIP-890's rules the markers carry an epoch above that of the transaction's own batches, so that
    /// a late batch of the transaction is fenced by the marker.
    func prepared(
        isCommit: Bool, bumpsEpoch: Bool, nextProducerID: Int64 = -1, now: Int64
    ) -> TransactionMetadata {
        var next = self
        next.state = isCommit ? .prepareCommit : .prepareAbort
        next.lastUpdateTimestamp = now
        next.bumpsEpochOnEnd = bumpsEpoch
        if state != .ongoing {
            next.partitions = []
            next.startTimestamp = now
        }
        if bumpsEpoch {
            precondition(producerEpoch < Self.epochMax, "the highest epoch is never a producer's")
            next.lastProducerEpoch = producerEpoch
            next.producerEpoch = producerEpoch + 1
            next.nextProducerID = nextProducerID
        }
        return next
    }

    /// The decision to abort against the holder's will: its epoch ends here, and it cannot mistake that for its own end.
    /// - Parameter keepsHolder: the holder itself asked for a new epoch, and takes the bumped one when it asks again.
    func fenced(keepsHolder: Bool, now: Int64) -> TransactionMetadata {
        var next = prepared(isCommit: false, bumpsEpoch: false, now: now)
        next.lastProducerEpoch = keepsHolder ? producerEpoch : -1
        if producerEpoch < Self.epochMax { next.producerEpoch = producerEpoch + 1 }
        return next
    }

    /// After the last marker.
    func completed(now: Int64) -> TransactionMetadata {
        precondition(state.isPrepared, "only a prepared transaction completes")
        var next = self
        next.state = state == .prepareCommit ? .completeCommit : .completeAbort
        next.partitions = []
        next.lastUpdateTimestamp = now
        if nextProducerID >= 0 {
            next.previousProducerID = producerID
            next.producerID = nextProducerID
            next.nextProducerID = -1
            next.lastProducerEpoch = producerEpoch
            next.producerEpoch = 0
        }
        return next
    }
}
