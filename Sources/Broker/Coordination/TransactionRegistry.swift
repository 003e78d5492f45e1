internal import ChangeModel
internal import GroupCoordinator
internal import Synchronization

/// Which partitions are part of which producer's open transaction. Any thread.
///
/// A batch is checked and handed to the log under the same lock that ends the transaction, before its markers are
/// written. So no batch comes into the log behind the marker of its transaction, where nothing would ever decide it.
final class TransactionRegistry: Sendable {
    /// What the coordinator knows of a producer and a partition.
    enum Standing {
        /// The transactions are not read back yet: nobody knows, and the client should ask again.
        case unknown
        case open
        case notOpen
    }

    private final class Shard: Sendable {
        let open = Mutex<[Int64: (epoch: Int16, partitions: Set<TopicPartition>)]>([:])
    }

    private let isLoaded = Atomic(false)
    /// Producers hold one another up only within a shard.
    private let shards = (0..<16).map { _ in Shard() }

    private func shard(of producerID: Int64) -> Shard { shards[Int(producerID & 15)] }

    /// From now on what is not open is known not to be.
    func finishLoading() { isLoaded.store(true, ordering: .releasing) }

    func open(_ producer: ProducerIdentity, _ partitions: [TopicPartition]) {
        shard(of: producer.id).open.withLock { $0[producer.id] = (producer.epoch, Set(partitions)) }
    }

    func close(_ producerID: Int64) {
        shard(of: producerID).open.withLock { $0[producerID] = nil }
    }

    /// Calls `append` with how the producer's open transaction stands to the partition. `append` must not block.
    func check<Result>(
        _ producer: ProducerIdentity, _ partition: TopicPartition, _ append: (_ standing: Standing) -> Result
    ) -> Result {
        shard(of: producer.id).open.withLock { open in
            if let entry = open[producer.id], entry.epoch == producer.epoch, entry.partitions.contains(partition) {
                return append(.open)
            }
            return append(isLoaded.load(ordering: .acquiring) ? .notOpen : .unknown)
        }
    }
}
