extension TransactionCoordinator {
    /// Aborts transactions whose time is up, tries failed writes again, answers requests that have waited too long, and
    /// forgets ids that nobody has used for long.
    public mutating func timePassed(now: Int64) -> [Effect] {
        var effects: [Effect] = []
        guard isLoaded else { return effects }
        if now >= nextActiveCheck {
            // In order of their names, so that the same history gives the same effects.
            for id in active.sorted() { check(id, now: now, into: &effects) }
            dropLateProducerIDRequests(now: now, into: &effects)
            nextActiveCheck = now + options.timeoutCheckMillis
        }
        if now >= nextExpirationCheck {
            for (id, entry) in entries.sorted(by: { $0.key < $1.key }) where isExpired(entry, now: now) {
                propose(nil, of: id, token: nil, now: now, into: &effects)
            }
            nextExpirationCheck = now + options.expirationCheckMillis
        }
        return effects
    }

    private mutating func check(_ id: String, now: Int64, into effects: inout [Effect]) {
        guard let entry = entries[id] else {
            active.remove(id)
            return
        }
        let late = entry.parked.filter { $0.deadline <= now }
        for parked in late { effects.append(.reply(parked.token, .failure(.concurrentTransactions))) }
        if !late.isEmpty { entries[id]?.parked.removeAll { $0.deadline <= now } }

        if entry.metadata.state.isPrepared, entry.transition == nil, !entry.areMarkersUnderWay {
            if entry.retryAt.map({ $0 <= now }) ?? true { carryThrough(id, now: now, into: &effects) }
        } else if entry.metadata.state == .ongoing, entry.transition == nil {
            // The partitions' own clocks are not asked: the coordinator alone decides that a transaction is too old.
            if now - entry.metadata.startTimestamp > Int64(entry.metadata.timeoutMillis) {
                propose(
                    entry.metadata.fenced(keepsHolder: false, now: now), of: id, token: nil, now: now, into: &effects)
            }
        }
        guard let left = entries[id], !left.isBusy, left.metadata.state != .ongoing, left.parked.isEmpty else { return }
        active.remove(id)
    }

    private mutating func dropLateProducerIDRequests(now: Int64, into effects: inout [Effect]) {
        for parked in awaitingProducerID where parked.deadline <= now {
            effects.append(.reply(parked.token, .failure(.coordinatorNotAvailable)))
        }
        awaitingProducerID.removeAll { $0.deadline <= now }
    }

    private func isExpired(_ entry: Entry, now: Int64) -> Bool {
        guard !entry.isBusy, entry.parked.isEmpty else { return false }
        switch entry.metadata.state {
        case .empty, .completeCommit, .completeAbort:
            return now - entry.metadata.lastUpdateTimestamp >= options.expirationMillis
        default:
            return false
        }
    }
}
