internal import CommitLog

/// What a fetch found in one partition.
struct FetchResult: Sendable {
    var partition: FetchPartition
    var errorCode: Int16 = 0
    /// -1 where the partition is not there.
    var highWatermark: Int64 = -1
    var lastStableOffset: Int64 = -1
    var logStartOffset: Int64 = -1
    /// Where the client's history and the log's part, when they do.
    var divergingEpoch: (epoch: Int32, endOffset: Int64)?
    var currentLeaderEpoch: Int32 = -1
    var records: FetchedRecords?
    /// nil when uncommitted records are read too.
    var abortedTransactions: [AbortedTransaction]?

    init(_ partition: FetchPartition) { self.partition = partition }

    static func error(_ code: Int16, _ partition: FetchPartition) -> FetchResult {
        var result = FetchResult(partition)
        result.errorCode = code
        return result
    }

    var byteCount: Int { records?.byteCount ?? 0 }
}
