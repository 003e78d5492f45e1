internal import ChangeModel
internal import GroupCoordinator
internal import Synchronization

/// Which partitions are part of which producer's open transaction. Any thread.
///
/// A batch is checked and handed to the log under the same lock that ends the transaction, before its markers are
/// written. So no batch comes into the log behind the marker of its transaction, where nothing would ever decide it.
final class TransactionRegistry: Sendable {
    private final class Shard: Sendable {
        let open = Mutex<[Int64: (epoch: Int16, partitions: Set<TopicPartition>)]>([:])
    }

    /// Producers hold one another up only within a shard.
    private let shards = (0..<16).map { _ in Shard() }

    private func shard(of producerID: Int64) -> Shard { shards[Int(producerID & 15)] }

    func open(_ producer: ProducerIdentity, _ partitions: [TopicPartition]) {
        shard(of: producer.id).open.withLock { $0[producer.id] = (producer.epoch, Set(partitions)) }
    }

    func close(_ producerID: Int64) {
        shard(of: producerID).open.withLock { $0[producerID] = nil }
    }

    /// Calls `append` with whether the producer's open transaction has the partition. `append` must not block.
    func check<Result>(
        _ producer: ProducerIdentity, _ partition: TopicPartition, _ append: (_ isOpen: Bool) -> Result
    ) -> Result {
        shard(of: producer.id).open.withLock { open in
            guard let entry = open[producer.id] else { return append(false) }
            return append(entry.epoch == producer.epoch && entry.partitions.contains(partition))
        }
    }
}
