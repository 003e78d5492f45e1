/// Compares the log's events with a writer's history: each change once, in order per key, snapshot rows once.
///
/// The snapshot shows the database after some number of transactions, which the check finds from the rows themselves:
/// what came before is in the log as `r` events at most, what came after as changes, all of them. A row that a
/// resumed snapshot found changed has no `r` event; its later changes tell the whole story.
enum HistoryCheck {
    /// - Parameters:
    ///   - events: in the log's order within each key.
    ///   - hasTombstones: whether deletions are followed by one.
    /// - Returns: what is wrong, empty when nothing is; at most twenty findings.
    static func findings(history: ChangeHistory, events: [LoggedEvent], hasTombstones: Bool = true) -> [String] {
        var findings: [String] = []
        func found(_ text: String) { if findings.count < 20 { findings.append(text) } }

        let snapshot = events.filter { $0.operation == "r" }
        let streamed = events.filter { $0.operation != "r" && $0.operation != "tombstone" }
        // The stream begins with the first transaction that any streamed row names. Every transaction adds one row to a
        // table whose rows never change, so a transaction that is left out at the seam lacks its snapshot row.
        let firstStreamed = streamed.compactMap(\.transaction).min() ?? history.transactions.count

        // The state at the snapshot, and what has to follow.
        var state: [Key: Int64] = [:]
        for transaction in history.transactions.prefix(firstStreamed) {
            for change in transaction {
                let key = Key(table: change.table, key: change.key)
                state[key] = change.operation == .delete ? nil : change.id
            }
        }
        var expected: [Key: [ChangeHistory.Change]] = [:]
        for change in history.transactions.dropFirst(firstStreamed).joined() {
            expected[Key(table: change.table, key: change.key), default: []].append(change)
        }

        var read: [Key: Int] = [:]
        for event in snapshot {
            let key = Key(table: event.table, key: event.key)
            read[key, default: 0] += 1
            guard let id = state[key] else {
                found(
                    "\(key): a snapshot row (change \(event.id ?? -1)) that did not exist at transaction \(firstStreamed)"
                )
                continue
            }
            if event.id != id { found("\(key): the snapshot row has change \(event.id ?? -1), not \(id)") }
        }
        for (key, count) in read where count > 1 { found("\(key): \(count) snapshot rows") }
        for key in state.keys where read[key] == nil && expected[key] == nil {
            found("\(key): no snapshot row, and no later change")
        }

        var actual: [Key: [LoggedEvent]] = [:]
        for event in events where event.operation != "r" {
            actual[Key(table: event.table, key: event.key), default: []].append(event)
        }
        for (key, changes) in expected {
            check(key, changes, actual[key] ?? [], hasTombstones: hasTombstones, found: found)
        }
        for (key, events) in actual where expected[key] == nil {
            found("\(key): \(events.count) events for a key that did not change")
        }
        return findings
    }

    private struct Key: Hashable, CustomStringConvertible {
        let table: String
        let key: Int64
        var description: String { "\(table) \(key)" }
    }

    private static func check(
        _ key: Key, _ changes: [ChangeHistory.Change], _ events: [LoggedEvent], hasTombstones: Bool,
        found: (String) -> Void
    ) {
        var expected: [(operation: String, id: Int64?)] = []
        for change in changes {
            expected.append((change.operation.rawValue, change.id))
            if hasTombstones, change.operation == .delete { expected.append(("tombstone", nil)) }
        }
        for (index, (expected, event)) in zip(expected, events).enumerated() {
            // A deletion tells the old row's change only under REPLICA IDENTITY FULL, and then not its own.
            let isSame =
                expected.operation == event.operation
                && (expected.operation == "d" || expected.operation == "tombstone" || expected.id == event.id)
            if !isSame {
                found(
                    "\(key): event \(index) is \(event.operation) of change \(event.id ?? -1), "
                        + "expected \(expected.operation) of \(expected.id ?? -1)")
                return
            }
        }
        if expected.count != events.count { found("\(key): \(events.count) events, expected \(expected.count)") }
    }
}
