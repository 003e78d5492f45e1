internal import ChangeModel
internal import CommitLog

/// One look at the partitions of a fetch.
struct FetchEvaluation {
    let log: CommitLog<PosixFileSystem>
    /// The most that all partitions may return together.
    let byteCountMax: Int
    let isolation: ReadIsolation
    /// Why a topic may not be read, as Kafka's code; 0 where it may.
    let refusal: (_ topic: String) -> Int16

    private(set) var results: [FetchResult] = []
    private(set) var byteCount = 0
    /// Whether something was found that the client should know at once.
    private(set) var isUrgent = false

    init(
        log: CommitLog<PosixFileSystem>, byteCountMax: Int, isolation: ReadIsolation,
        refusal: @escaping (_ topic: String) -> Int16 = { _ in 0 }
    ) {
        self.refusal = refusal
        self.log = log
        self.byteCountMax = byteCountMax
        self.isolation = isolation
    }

    mutating func look(at partitions: [FetchPartition]) {
        results.reserveCapacity(partitions.count)
        for partition in partitions {
            let result = read(partition)
            byteCount += result.byteCount
            if result.errorCode != 0 || result.divergingEpoch != nil { isUrgent = true }
            results.append(result)
        }
    }

    private func read(_ partition: FetchPartition) -> FetchResult {
        // A topic made anew under the same name is another one to who names it by its id.
        if partition.topicID != .zero, log.topic(partition.topicID)?.name != partition.topic {
            return .error(100, partition)
        }
        let code = refusal(partition.topic)
        if code != 0 { return .error(code, partition) }
        guard let view = try? log.view(partition.id) else { return .error(3, partition) }
        let epoch = view.leaderEpoch
        if partition.currentLeaderEpoch >= 0, partition.currentLeaderEpoch != epoch {
            return .error(partition.currentLeaderEpoch > epoch ? 75 : 74, partition)
        }
        var result = FetchResult(partition)
        result.currentLeaderEpoch = epoch
        if partition.lastFetchedEpoch >= 0, let end = view.endOffset(ofEpoch: partition.lastFetchedEpoch),
            end.epoch < partition.lastFetchedEpoch || end.offset.rawValue < partition.fetchOffset
        {
            result.divergingEpoch = (end.epoch, end.offset.rawValue)
            result.highWatermark = view.latestOffset.rawValue
            result.lastStableOffset = view.lastStableOffset.rawValue
            result.logStartOffset = view.earliestOffset.rawValue
            return result
        }
        if isolation == .committed { result.abortedTransactions = [] }
        // The first batch found is returned whatever its size, or a client with small limits would never move on; from
        // then on only what fits.
        let room = max(0, byteCountMax - byteCount)
        do throws(StorageError) {
            let found = try view.locate(
                from: Offset(rawValue: partition.fetchOffset), byteCountMax: min(room, Int(partition.byteCountMax)),
                isolation: isolation, atLeastOneBatch: byteCount == 0)
            result.highWatermark = found.highWatermark.rawValue
            result.lastStableOffset = found.lastStableOffset.rawValue
            result.logStartOffset = found.logStartOffset.rawValue
            result.records = found.slice.map { FetchedRecords(slice: $0) }
            if isolation == .committed { result.abortedTransactions = found.abortedTransactions }
        } catch {
            result.errorCode = error.code == .offsetOutOfRange ? 1 : 56
            result.highWatermark = view.latestOffset.rawValue
            result.lastStableOffset = view.lastStableOffset.rawValue
            result.logStartOffset = view.earliestOffset.rawValue
        }
        return result
    }
}
