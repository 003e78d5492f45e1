internal import ChangeModel
internal import KafkaProtocol

/// Tells, while a partition's batches go by in order, which belong to aborted transactions and which markers nobody
/// needs any more.
///
/// A marker is needed as long as records of its transaction may stand before it: an aborted transaction's records go in
/// the pass that sees them, so its marker, and its entry in the transaction index, can go in a later one.
struct TransactionFilter {
    /// Those that the batches have not reached, by first offset, the next one last.
    private var ahead: [AbortedTransaction]
    private var aborted: [Int64: (transaction: AbortedTransaction, hasData: Bool)] = [:]
    private var committed: Set<Int64> = []

    init(_ transactions: [AbortedTransaction]) {
        ahead = transactions.sorted { $0.firstOffset > $1.firstOffset }
    }

    private mutating func reach(_ offset: Offset) {
        while let next = ahead.last, next.firstOffset <= offset {
            aborted[next.producerID] = (next, false)
            ahead.removeLast()
        }
    }

    /// Takes a batch of records.
    /// - Returns: whether its transaction was aborted.
    mutating func isAborted(_ header: RecordBatchHeader) -> Bool {
        guard header.isTransactional else { return false }
        reach(header.lastOffset)
        if aborted[header.producerID] != nil {
            aborted[header.producerID]?.hasData = true
            return true
        }
        committed.insert(header.producerID)
        return false
    }

    /// Takes a marker.
    /// - Returns: whether it can go, and what the transaction index must keep.
    mutating func end(_ marker: TransactionMarker, _ header: RecordBatchHeader) -> (
        canGo: Bool, kept: AbortedTransaction?
    ) {
        reach(header.lastOffset)
        guard !marker.isCommit else { return (committed.remove(marker.producerID) == nil, nil) }
        guard let (transaction, hasData) = aborted.removeValue(forKey: marker.producerID) else { return (true, nil) }
        return hasData ? (false, transaction) : (true, nil)
    }
}
