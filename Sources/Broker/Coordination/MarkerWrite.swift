internal import ChangeModel
internal import CommitLog
internal import GroupCoordinator
internal import KafkaProtocol
internal import Synchronization

/// Writes the end of a transaction into its partitions.
///
/// All markers go into one commit, so a crash leaves all of them or none. Where one partition refuses its marker (it has
/// moved on to a newer epoch, or is gone), they are written one by one: what a partition refuses for good is as done.
enum MarkerWrite {
    /// - Parameter completion: called once, on the log's thread or the caller's; false where it has to be tried again.
    static func start(
        _ markers: TransactionMarkers, in log: CommitLog<PosixFileSystem>, timestamp: Int64,
        completion: @escaping @Sendable (Bool) -> Void
    ) {
        let present = markers.partitions.filter { partition in
            log.topic(partition.topic).map { (0..<$0.partitionCount).contains(partition.partition) } ?? false
        }
        guard !present.isEmpty else { return completion(true) }
        let marker = TransactionMarker(
            producerID: markers.producer.id, producerEpoch: markers.producer.epoch,
            coordinatorEpoch: markers.coordinatorEpoch, isCommit: markers.isCommit)
        let request = CommitRequest()
        for partition in present { request.add(marker, timestamp: timestamp, for: partition) }
        request.completion = { result in
            switch result {
            case .success:
                completion(true)
            case .failure(let error):
                switch error.code {
                case .producerFenced, .coordinatorFenced, .invalidTransactionState, .unknownTopic, .invalidBatch:
                    writeSingly(marker, to: present, in: log, completion: completion)
                default:
                    completion(false)
                }
            }
        }
        log.enqueue(request)
    }

    private static func writeSingly(
        _ marker: TransactionMarker, to partitions: [TopicPartition], in log: CommitLog<PosixFileSystem>,
        completion: @escaping @Sendable (Bool) -> Void
    ) {
        let outcome = Outcome(pendingCount: partitions.count, completion)
        for partition in partitions {
            log.append(marker, to: partition) { result in
                switch result {
                case .success, .failure(.invalidProducerEpoch), .failure(.invalidTransactionState),
                    .failure(.transactionCoordinatorFenced), .failure(.unknownTopicOrPartition):
                    outcome.add(true)
                case .failure:
                    outcome.add(false)
                }
            }
        }
    }

    private final class Outcome: Sendable {
        private let state: Mutex<(pendingCount: Int, succeeded: Bool)>
        private let completion: @Sendable (Bool) -> Void

        init(pendingCount: Int, _ completion: @escaping @Sendable (Bool) -> Void) {
            state = Mutex((pendingCount, true))
            self.completion = completion
        }

        func add(_ succeeded: Bool) {
            let (isLast, all) = state.withLock { state in
                state.pendingCount -= 1
                state.succeeded = state.succeeded && succeeded
                return (state.pendingCount == 0, state.succeeded)
            }
            if isLast { completion(all) }
        }
    }
}
