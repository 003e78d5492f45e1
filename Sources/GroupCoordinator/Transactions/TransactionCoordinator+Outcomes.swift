extension TransactionCoordinator {
    /// Tells the outcome of an append; `succeeded` means that the record is durable, else it must not be in the log.
    public mutating func appendCompleted(_ appendID: AppendID, succeeded: Bool, now: Int64) -> [Effect] {
        var effects: [Effect] = []
        guard let id = appends.removeValue(forKey: appendID), let transition = entries[id]?.transition else {
            return effects
        }
        entries[id]?.transition = nil
        if succeeded {
            apply(transition, of: id, now: now, into: &effects)
        } else {
            appendFailed(transition, of: id, now: now, into: &effects)
        }
        return effects
    }

    /// Tells the outcome of ``Effect/writeMarkers(_:)``.
    public mutating func markersCompleted(transactionalID id: String, succeeded: Bool, now: Int64) -> [Effect] {
        var effects: [Effect] = []
        guard let entry = entries[id], entry.areMarkersUnderWay else { return effects }
        entries[id]?.areMarkersUnderWay = false
        if succeeded {
            propose(entry.metadata.completed(now: now), of: id, token: nil, now: now, into: &effects)
        } else {
            entries[id]?.retryAt = now + options.retryMillis
            watch(id, now: now)
        }
        return effects
    }

    private mutating func apply(
        _ transition: Transition, of id: String, now: Int64, into effects: inout [Effect]
    ) {
        guard let next = transition.next else {
            let parked = entries.removeValue(forKey: id)?.parked ?? []
            for each in parked {
                decide(each.request, token: each.token, deadline: each.deadline, now: now, into: &effects)
            }
            return
        }
        entries[id]?.metadata = next
        if next.state == .ongoing {
            effects.append(.opened(next.producer, partitions: next.partitions))
            watch(id, now: now)
        }
        if let token = transition.token { effects.append(.reply(token, .success(next.producerAfterEnd))) }
        if next.state.isPrepared { carryThrough(id, now: now, into: &effects) }
        resumeParked(id, now: now, into: &effects)
    }

    /// Writes the markers of a durable decision; without partitions there are none to write.
    mutating func carryThrough(_ id: String, now: Int64, into effects: inout [Effect]) {
        guard let metadata = entries[id]?.metadata, metadata.state.isPrepared else { return }
        watch(id, now: now)
        effects.append(.closed(producerID: metadata.producerID))
        guard !metadata.partitions.isEmpty else {
            return propose(metadata.completed(now: now), of: id, token: nil, now: now, into: &effects)
        }
        entries[id]?.areMarkersUnderWay = true
        entries[id]?.retryAt = nil
        effects.append(
            .writeMarkers(
                TransactionMarkers(
                    transactionalID: id, producer: metadata.producer, coordinatorEpoch: options.coordinatorEpoch,
                    isCommit: metadata.state == .prepareCommit, partitions: metadata.partitions)))
    }

    private mutating func appendFailed(
        _ transition: Transition, of id: String, now: Int64, into effects: inout [Effect]
    ) {
        if let token = transition.token { effects.append(.reply(token, .failure(.coordinatorNotAvailable))) }
        // Whoever waits would only meet the same trouble.
        for parked in entries[id]?.parked ?? [] {
            effects.append(.reply(parked.token, .failure(.coordinatorNotAvailable)))
        }
        entries[id]?.parked = []
        guard let metadata = entries[id]?.metadata else { return }
        if metadata.state.isPrepared {
            entries[id]?.retryAt = now + options.retryMillis
            watch(id, now: now)
        } else if metadata.producerEpoch < 0 {
            entries[id] = nil
        }
    }

    private mutating func resumeParked(_ id: String, now: Int64, into effects: inout [Effect]) {
        while let entry = entries[id], !entry.isBusy, let parked = entry.parked.first {
            entries[id]?.parked.removeFirst()
            decide(parked.request, token: parked.token, deadline: parked.deadline, now: now, into: &effects)
        }
    }
}
