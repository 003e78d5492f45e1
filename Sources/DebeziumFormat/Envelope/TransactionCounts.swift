internal import ChangeModel

/// The open transaction's counts, for the `transaction` block and the END event.
struct TransactionCounts: Sendable {
    /// An event's number in the transaction, and among the events of its table there.
    struct Order {
        let transactionID: UInt32
        let total: UInt64
        let table: UInt64
    }

    private(set) var isOpen = false
    private var transactionID: UInt32 = 0
    private var eventCount: UInt64 = 0
    private var tables: [TransactionState.TableCount] = []
    /// Grows with each transaction, so that tables need not be reset.
    private var epoch: UInt64 = 0

    var state: TransactionState? {
        isOpen ? TransactionState(transactionID: transactionID, eventCount: eventCount, tables: tables) : nil
    }

    mutating func begin(_ state: TransactionState) {
        isOpen = true
        transactionID = state.transactionID
        eventCount = state.eventCount
        tables = state.tables
        epoch += 1
    }

    mutating func end() { isOpen = false }

    /// Counts one event of a table; nil outside of a transaction.
    mutating func count(_ table: CompiledTable) -> Order? {
        guard isOpen else { return nil }
        if table.countEpoch != epoch {
            table.countEpoch = epoch
            table.countIndex = index(of: table.collectionName)
        }
        return count(at: table.countIndex)
    }

    /// Counts one event of a collection by its name; nil outside of a transaction.
    mutating func count(_ name: String) -> Order? { isOpen ? count(at: index(of: name)) : nil }

    private mutating func count(at index: Int) -> Order {
        eventCount += 1
        tables[index].eventCount += 1
        return Order(transactionID: transactionID, total: eventCount, table: tables[index].eventCount)
    }

    private mutating func index(of name: String) -> Int {
        if let known = tables.firstIndex(where: { $0.name == name }) { return known }
        tables.append(.init(name: name, eventCount: 0))
        return tables.count - 1
    }
}
