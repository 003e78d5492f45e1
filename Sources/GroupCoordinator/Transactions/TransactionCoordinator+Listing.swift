extension TransactionCoordinator {
    /// Which transactions ListTransactions asks for; an empty filter lets everything pass.
    public struct Filter: Sendable {
        public var states: Set<String> = []
        public var producerIDs: Set<Int64> = []
        /// Only transactions that have been open for longer; negative for all.
        public var durationMillisMin: Int64 = -1
        public init() {}
    }

    /// The transactional ids that pass the filter, in order of their names.
    /// - Throws: ``TransactionError/coordinatorLoadInProgress`` before the log is read.
    public func list(_ filter: Filter, now: Int64) throws(TransactionError) -> [TransactionMetadata] {
        guard isLoaded else { throw .coordinatorLoadInProgress }
        return entries.values.map(\.metadata).filter { metadata in
            metadata.producerEpoch >= 0
                && (filter.states.isEmpty || filter.states.contains(metadata.state.name))
                && (filter.producerIDs.isEmpty || filter.producerIDs.contains(metadata.producerID))
                && (filter.durationMillisMin < 0
                    || metadata.startTimestamp >= 0 && now - metadata.startTimestamp > filter.durationMillisMin)
        }.sorted { $0.transactionalID < $1.transactionalID }
    }

    /// - Throws: ``TransactionError/transactionalIDNotFound``, ``TransactionError/invalidRequest`` for an empty id, or
    ///   ``TransactionError/coordinatorLoadInProgress``.
    public func describe(_ transactionalID: String) throws(TransactionError) -> TransactionMetadata {
        guard isLoaded else { throw .coordinatorLoadInProgress }
        guard !transactionalID.isEmpty else { throw .invalidRequest }
        guard let metadata = entries[transactionalID]?.metadata, metadata.producerEpoch >= 0 else {
            throw .transactionalIDNotFound
        }
        return metadata
    }

    /// How many transactional ids there are in each state, for metrics.
    public var stateCounts: [TransactionState: Int] {
        entries.values.reduce(into: [:]) { $0[$1.metadata.state, default: 0] += 1 }
    }
}
