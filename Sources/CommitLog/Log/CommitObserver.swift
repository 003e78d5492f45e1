internal import ChangeModel
internal import Synchronization

/// Whom the log tells which partitions have changed.
final class CommitObserver: Sendable {
    private let observer = Mutex<(@Sendable ([TopicPartition]) -> Void)?>(nil)

    func set(_ body: (@Sendable ([TopicPartition]) -> Void)?) { observer.withLock { $0 = body } }

    /// - Parameter partitions: made only when somebody listens.
    func notify(_ partitions: () -> [TopicPartition]) {
        guard let body = observer.withLock({ $0 }) else { return }
        let changed = partitions()
        if !changed.isEmpty { body(changed) }
    }
}
