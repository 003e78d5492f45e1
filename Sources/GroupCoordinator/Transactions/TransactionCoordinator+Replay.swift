public import ByteCoding

extension TransactionCoordinator {
    /// Takes in one record of `__transaction_state`; each partition's in order, before ``finishReplay(now:)``.
    /// - Parameter value: nil for a tombstone.
    /// - Throws: ``DecodeError`` when the record is not one of a transaction coordinator; nothing has changed.
    public mutating func replay(key: Span<UInt8>, value: Span<UInt8>?) throws(DecodeError) {
        precondition(!isLoaded, "records are replayed before requests are served")
        let id = try TransactionRecord.decodeKey(key)
        guard let value else {
            entries[id] = nil
            return
        }
        let metadata = try TransactionRecord.decodeValue(value, transactionalID: id)
        entries[id] = metadata.state == .dead ? nil : Entry(metadata: metadata)
        producerIDs.skip(past: max(metadata.producerID, metadata.nextProducerID))
    }

    /// Begins to serve: decisions that were durable are carried through, and open transactions stay open.
    public mutating func finishReplay(now: Int64) -> [Effect] {
        precondition(!isLoaded, "replay finishes once")
        isLoaded = true
        nextActiveCheck = now + options.timeoutCheckMillis
        nextExpirationCheck = now + options.expirationCheckMillis
        var effects: [Effect] = []
        for (id, entry) in entries.sorted(by: { $0.key < $1.key }) {
            switch entry.metadata.state {
            case .prepareCommit, .prepareAbort:
                carryThrough(id, now: now, into: &effects)
            case .ongoing:
                effects.append(.opened(entry.metadata.producer, partitions: entry.metadata.partitions))
                watch(id, now: now)
            case .empty, .completeCommit, .completeAbort, .dead, .prepareEpochFence:
                break
            }
        }
        return effects
    }
}
