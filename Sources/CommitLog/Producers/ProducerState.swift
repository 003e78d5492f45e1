internal import ChangeModel

/// What a partition knows of one producer.
struct ProducerState: Equatable, Sendable {
    /// As many batches as a producer may have under way and send again.
    static let batchCountMax = 5

    var epoch: Int16
    /// The newest last; none after a marker has raised the epoch.
    var batches: [ProducedBatch] = []
    /// When it last wrote, in milliseconds since 1970, by the log's clock.
    var lastTimestamp: Int64
    /// That of the last marker; -1 before the first.
    var coordinatorEpoch: Int32 = -1
    /// Where its open transaction begins.
    var transactionStart: Offset?

    mutating func note(_ batch: ProducedBatch) {
        if batches.count == Self.batchCountMax { batches.removeFirst() }
        batches.append(batch)
    }

    /// The epoch becomes `epoch`; sequences begin anew where it is another.
    mutating func take(epoch: Int16) {
        guard epoch != self.epoch else { return }
        self.epoch = epoch
        batches.removeAll(keepingCapacity: true)
    }
}
