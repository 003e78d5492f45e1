/// How far the metadata of an open transaction has come, so that a source that stops within a large transaction goes on
/// counting where it was.
public struct TransactionState: Sendable, Equatable {
    /// Debezium's transaction id: `txId:lsn`.
    public var id: String
    /// How many events the transaction has had.
    public var eventCount: UInt64
    /// The same for each table, by its full name.
    public var tableEventCounts: [String: UInt64]

    public init(id: String, eventCount: UInt64 = 0, tableEventCounts: [String: UInt64] = [:]) {
        self.id = id
        self.eventCount = eventCount
        self.tableEventCounts = tableEventCounts
    }
}
