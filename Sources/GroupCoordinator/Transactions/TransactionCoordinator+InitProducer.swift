extension TransactionCoordinator {
    /// InitProducerId with a transactional id that no transition keeps busy.
    ///
    /// The holder's epoch is bumped, which fences it; a transaction it left open is aborted first, and the request waits
    /// for that. A request that carries what the client holds (version 3 on) may bump its own epoch only.
    mutating func decideInitProducer(
        _ id: String, timeoutMillis: Int32, expected: ProducerIdentity?, parked: Parked, now: Int64,
        into effects: inout [Effect]
    ) {
        guard let metadata = entries[id]?.metadata else {
            guard let producerID = takeProducerID(orPark: parked, into: &effects) else { return }
            // The epoch of -1 says that the id has no holder yet; the first is given 0.
            let created = TransactionMetadata(
                transactionalID: id, producerID: producerID, producerEpoch: -1, timeoutMillis: timeoutMillis,
                state: .empty, lastUpdateTimestamp: now)
            entries[id] = Entry(metadata: created)
            let first = created.initialized(
                with: ProducerIdentity(id: producerID, epoch: 0), lastEpoch: -1, timeoutMillis: timeoutMillis, now: now)
            return propose(first, of: id, token: parked.token, now: now, into: &effects)
        }
        switch Self.claim(on: metadata, expected: expected) {
        case .fenced:
            effects.append(.reply(parked.token, .failure(.producerFenced)))
        case .repeated where metadata.state == .ongoing:
            // A repeated bump whose result is already in use comes from a client that is not its user.
            effects.append(.reply(parked.token, .failure(.producerFenced)))
        case .repeated:
            let again = metadata.initialized(
                with: metadata.producer, lastEpoch: metadata.lastProducerEpoch, timeoutMillis: timeoutMillis, now: now)
            propose(
                again.keeping(previousProducerID: metadata.previousProducerID), of: id, token: parked.token, now: now,
                into: &effects)
        case .granted:
            if metadata.state == .ongoing {
                entries[id]?.parked.insert(parked, at: 0)
                watch(id, now: now)
                return propose(
                    metadata.fenced(keepsHolder: expected != nil, now: now), of: id, token: nil, now: now,
                    into: &effects)
            }
            let lastEpoch = expected?.epoch ?? -1
            let producer: ProducerIdentity
            if metadata.isEpochExhausted {
                guard let producerID = takeProducerID(orPark: parked, into: &effects) else { return }
                producer = ProducerIdentity(id: producerID, epoch: 0)
            } else {
                producer = ProducerIdentity(id: metadata.producerID, epoch: metadata.producerEpoch + 1)
            }
            let next = metadata.initialized(
                with: producer, lastEpoch: lastEpoch, timeoutMillis: timeoutMillis, now: now)
            propose(
                producer.id == metadata.producerID
                    ? next.keeping(previousProducerID: metadata.previousProducerID) : next,
                of: id, token: parked.token, now: now, into: &effects)
        }
    }

    /// What a request may do to the present holder.
    private enum Claim {
        case granted
        /// The client asks again for a bump that was made and whose answer it may not have got.
        case repeated
        case fenced
    }

    private static func claim(on metadata: TransactionMetadata, expected: ProducerIdentity?) -> Claim {
        guard let expected, metadata.producerEpoch >= 0 else { return .granted }
        if expected == metadata.producer { return .granted }
        guard expected.epoch >= 0, expected.epoch == metadata.lastProducerEpoch else { return .fenced }
        if expected.id == metadata.producerID {
            // An abort that fenced at the last epoch leaves none to give: the id changes.
            return metadata.producerEpoch == TransactionMetadata.epochMax ? .granted : .repeated
        }
        return expected.id == metadata.previousProducerID && TransactionMetadata.isExhausted(expected.epoch)
            ? .repeated : .fenced
    }
}

extension TransactionMetadata {
    func keeping(previousProducerID: Int64) -> TransactionMetadata {
        var next = self
        next.previousProducerID = previousProducerID
        return next
    }
}
