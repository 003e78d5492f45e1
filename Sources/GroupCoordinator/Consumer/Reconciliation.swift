internal import ChangeModel

/// The next step of a member towards its target: give up first, then take what is free (KIP-848).
struct Reconciliation {
    let target: Assignment
    let targetEpoch: Int32
    /// What the member says it has; nil when this heartbeat does not say.
    let owned: Assignment?
    /// Somebody else has the partition, or has not given it up yet.
    let isTaken: (TopicID, Int32) -> Bool

    func next(of member: ConsumerMember) -> CurrentAssignmentValue {
        let current = member.current
        switch member.state {
        case .stable:
            return member.epoch == targetEpoch ? current : step(from: current, at: member.epoch)
        case .unrevokedPartitions:
            // What is not owned any more in a heartbeat has been given up.
            if owns(member.pendingRevocation) { return current }
            return step(from: current, at: member.epoch + 1)
        case .unreleasedPartitions: return step(from: current, at: member.epoch)
        case .unknown: return step(from: current, at: targetEpoch)
        }
    }

    private func owns(_ revoked: Assignment) -> Bool {
        guard let owned else { return true }
        return owned.intersects(revoked)
    }

    private func step(from current: CurrentAssignmentValue, at epoch: Int32) -> CurrentAssignmentValue {
        var kept = Assignment()
        var revoked = Assignment()
        var added = Assignment()
        var hasUnreleased = false
        for topic in Set(target.partitions.keys).union(current.assigned.partitions.keys) {
            let wanted = target[topic]
            let had = current.assigned[topic]
            kept[topic] = had.intersection(wanted)
            revoked[topic] = had.subtracting(wanted)
            let missing = wanted.subtracting(had)
            let free = missing.filter { !isTaken(topic, $0) }
            if free.count < missing.count { hasUnreleased = true }
            added[topic] = free
        }
        func moved(to next: Int32, _ state: MemberState, _ assigned: Assignment, _ pending: Assignment)
            -> CurrentAssignmentValue
        {
            CurrentAssignmentValue(
                memberEpoch: next,
                previousEpoch: current.memberEpoch == next ? current.previousEpoch : current.memberEpoch,
                state: state, assigned: assigned, pendingRevocation: pending)
        }
        if !revoked.isEmpty, owns(revoked) { return moved(to: epoch, .unrevokedPartitions, kept, revoked) }
        for (topic, partitions) in added.partitions { kept[topic].formUnion(partitions) }
        return moved(to: targetEpoch, hasUnreleased ? .unreleasedPartitions : .stable, kept, Assignment())
    }
}
