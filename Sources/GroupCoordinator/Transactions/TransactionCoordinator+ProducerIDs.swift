extension TransactionCoordinator {
    /// How many requests may wait for producer ids.
    private static let awaitingCountMax = 1_000

    /// InitProducerId without a transactional id: any client may have a producer id of its own.
    mutating func giveProducerID(
        _ request: Request, token: Token, deadline: Int64, into effects: inout [Effect]
    ) {
        let parked = Parked(token: token, request: request, deadline: deadline)
        guard let id = takeProducerID(orPark: parked, into: &effects) else { return }
        effects.append(.reply(token, .success(ProducerIdentity(id: id, epoch: 0))))
    }

    /// A producer id, or nil where the request has to wait for a reservation.
    mutating func takeProducerID(orPark parked: Parked, into effects: inout [Effect]) -> Int64? {
        let id = producerIDs.take()
        // The next run is reserved before the last of this one is gone, so that hardly anyone waits.
        if !producerIDs.isReserving, producerIDs.remaining <= options.producerIDBlockSize / 10 {
            producerIDs.isReserving = true
            effects.append(.reserveProducerIDs(below: producerIDs.limit + options.producerIDBlockSize))
        }
        if id == nil {
            if awaitingProducerID.count < Self.awaitingCountMax {
                awaitingProducerID.append(parked)
            } else {
                effects.append(.reply(parked.token, .failure(.coordinatorNotAvailable)))
            }
        }
        return id
    }

    /// Tells the outcome of ``Effect/reserveProducerIDs(below:)``.
    public mutating func producerIDsReserved(below limit: Int64, succeeded: Bool, now: Int64) -> [Effect] {
        var effects: [Effect] = []
        producerIDs.isReserving = false
        let waiting = awaitingProducerID
        awaitingProducerID = []
        if succeeded { producerIDs.reserved(below: limit) }
        for parked in waiting {
            if succeeded {
                decide(parked.request, token: parked.token, deadline: parked.deadline, now: now, into: &effects)
            } else {
                effects.append(.reply(parked.token, .failure(.coordinatorNotAvailable)))
            }
        }
        return effects
    }
}
