internal import ChangeModel
internal import CommitLog
internal import Synchronization

/// The fetches that wait for news, by partition. Any thread.
///
/// The log's writer calls ``wake(_:)`` after each round of commits; it only looks partitions up and leaves the rest to
/// the fetches' event loops.
final class FetchPurgatory: Sendable {
    private let watchers = Mutex<[TopicPartition: [ObjectIdentifier: ParkedFetch]]>([:])

    /// Has the log tell of what it commits.
    func observe(_ log: CommitLog<PosixFileSystem>) {
        log.setCommitObserver { [weak self] partitions in self?.wake(partitions) }
    }

    func park(_ fetch: ParkedFetch, at partitions: [TopicPartition]) {
        let id = ObjectIdentifier(fetch)
        watchers.withLock { watchers in
            for partition in partitions { watchers[partition, default: [:]][id] = fetch }
        }
    }

    func remove(_ fetch: ParkedFetch, from partitions: [TopicPartition]) {
        let id = ObjectIdentifier(fetch)
        watchers.withLock { watchers in
            for partition in partitions {
                guard watchers[partition]?.removeValue(forKey: id) != nil else { continue }
                if watchers[partition]?.isEmpty ?? false { watchers[partition] = nil }
            }
        }
    }

    func wake(_ partitions: [TopicPartition]) {
        var woken: [ObjectIdentifier: ParkedFetch] = [:]
        watchers.withLock { watchers in
            guard !watchers.isEmpty else { return }
            for partition in partitions {
                guard let fetches = watchers[partition] else { continue }
                woken.merge(fetches) { first, _ in first }
            }
        }
        for fetch in woken.values { fetch.wake() }
    }

    /// How many partitions are waited at.
    var watchedPartitionCount: Int { watchers.withLock { $0.count } }
}
