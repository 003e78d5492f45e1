extension TransactionCoordinator {
    /// EndTxn. Asking again for the same end succeeds, asking for the other one does not; whoever no longer holds the
    /// id is fenced.
    ///
    /// By KIP-890's rules an end bumps the epoch, so the epoch tells a repeated request (one below the present) from the
    /// end of the next transaction, which may be an abort of nothing.
    mutating func decideEnd(
        _ id: String, _ producer: ProducerIdentity, isCommit: Bool, bumpsEpoch: Bool, token: Token, now: Int64,
        into effects: inout [Effect]
    ) {
        guard let metadata = entries[id]?.metadata else {
            return effects.append(.reply(token, .failure(.invalidProducerIDMapping)))
        }
        let isRepeated = Self.isRepeatedEnd(metadata, producer)
        guard metadata.producerID == producer.id || isRepeated else {
            return effects.append(.reply(token, .failure(.invalidProducerIDMapping)))
        }
        guard metadata.producerEpoch == producer.epoch || isRepeated else {
            return effects.append(.reply(token, .failure(.producerFenced)))
        }
        switch metadata.state {
        case .ongoing where !isRepeated:
            break
        case .completeCommit where isCommit && (isRepeated || !metadata.bumpsEpochOnEnd),
            .completeAbort where !isCommit && (isRepeated || !metadata.bumpsEpochOnEnd && !bumpsEpoch):
            return effects.append(.reply(token, .success(metadata.producer)))
        case .empty where bumpsEpoch && !isCommit, .completeCommit where bumpsEpoch && !isCommit && !isRepeated,
            .completeAbort where bumpsEpoch && !isCommit && !isRepeated:
            break
        default:
            return effects.append(.reply(token, .failure(.invalidTransactionState)))
        }
        var nextProducerID: Int64 = -1
        if bumpsEpoch, metadata.isEpochExhausted {
            let request = Request.end(
                transactionalID: id, producer: producer, isCommit: isCommit, bumpsEpoch: bumpsEpoch)
            let parked = Parked(token: token, request: request, deadline: now + options.parkMillisMax)
            guard let taken = takeProducerID(orPark: parked, into: &effects) else { return }
            nextProducerID = taken
        }
        let next = metadata.prepared(
            isCommit: isCommit, bumpsEpoch: bumpsEpoch, nextProducerID: nextProducerID, now: now)
        propose(next, of: id, token: token, now: now, into: &effects)
    }

    /// True where the request's producer is the one whose transaction the last end ended.
    private static func isRepeatedEnd(_ metadata: TransactionMetadata, _ producer: ProducerIdentity) -> Bool {
        guard metadata.bumpsEpochOnEnd, metadata.state == .completeCommit || metadata.state == .completeAbort else {
            return false
        }
        if metadata.producerID == producer.id { return Int(metadata.producerEpoch) == Int(producer.epoch) + 1 }
        return metadata.previousProducerID == producer.id && metadata.producerEpoch == 0
            && producer.epoch == TransactionMetadata.epochMax - 1
    }
}
