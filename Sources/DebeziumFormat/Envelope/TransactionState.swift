/// How far the metadata of an open transaction has come, so that a source that stops within a large transaction goes on
/// counting where it was.
public struct TransactionState: Sendable, Equatable {
    /// How many events a table has had in a transaction.
    public struct TableCount: Sendable, Equatable {
        /// As Debezium writes a data collection: `schema.table`.
        public var name: String
        public var eventCount: UInt64
        public init(name: String, eventCount: UInt64) {
            self.name = name
            self.eventCount = eventCount
        }
    }

    public var transactionID: UInt32
    /// How many events the transaction has had.
    public var eventCount: UInt64
    /// The same for each table, in the order in which they first had one.
    public var tables: [TableCount]

    public init(transactionID: UInt32, eventCount: UInt64 = 0, tables: [TableCount] = []) {
        self.transactionID = transactionID
        self.eventCount = eventCount
        self.tables = tables
    }
}
