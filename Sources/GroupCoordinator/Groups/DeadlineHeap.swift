/// When each group wants to be looked at next: a binary heap with lazy removal.
///
/// A group's deadlines mostly move away (each heartbeat extends one), so an entry only says when to look; what has really
/// fallen due the group knows itself.
struct DeadlineHeap: Sendable {
    private var entries: [(deadline: Int64, groupID: String)] = []
    /// The earliest entry of each group.
    private var earliest: [String: Int64] = [:]

    var nextDeadline: Int64? { entries.first?.deadline }

    /// Makes sure that the group is looked at by `deadline`.
    mutating func note(_ groupID: String, _ deadline: Int64?) {
        guard let deadline else { return }
        if let known = earliest[groupID], known <= deadline { return }
        earliest[groupID] = deadline
        entries.append((deadline, groupID))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            if entries[parent].deadline <= entries[child].deadline { break }
            entries.swapAt(parent, child)
            child = parent
        }
    }

    /// Takes out a group whose entry is due.
    mutating func popDue(_ now: Int64) -> String? {
        while let first = entries.first, first.deadline <= now {
            removeFirst()
            guard earliest[first.groupID] == first.deadline else { continue }
            earliest[first.groupID] = nil
            return first.groupID
        }
        return nil
    }

    private mutating func removeFirst() {
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < entries.count else { return }
            if child + 1 < entries.count, entries[child + 1].deadline < entries[child].deadline { child += 1 }
            if entries[parent].deadline <= entries[child].deadline { return }
            entries.swapAt(parent, child)
            parent = child
        }
    }
}
