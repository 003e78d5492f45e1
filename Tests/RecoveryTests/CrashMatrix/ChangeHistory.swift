/// What a writer did to its tables, transaction by transaction, as its own memory has it.
struct ChangeHistory: Sendable {
    enum Operation: String, Sendable {
        case create = "c"
        case update = "u"
        case delete = "d"
    }

    /// One change of one row. An update of the key is a deletion of the old key and a creation of the new one.
    struct Change: Sendable, Equatable {
        let table: String
        let key: Int64
        let operation: Operation
        /// Unique over all changes; stands in the row, so a deletion tells it only where the old row is logged.
        let id: Int64
    }

    private(set) var transactions: [[Change]] = []

    var changeCount: Int { transactions.reduce(0) { $0 + $1.count } }

    mutating func commit(_ changes: [Change]) { transactions.append(changes) }
}

/// One event of the log, as much of it as the check needs.
struct LoggedEvent: Sendable, Equatable {
    let table: String
    let key: Int64
    /// Debezium's `op`, or `tombstone`.
    let operation: String
    /// The row's change id; nil where a deletion does not tell it.
    let id: Int64?
    /// The number of the transaction that wrote the row, counted from 0; nil where a deletion does not tell it.
    let transaction: Int?
}
