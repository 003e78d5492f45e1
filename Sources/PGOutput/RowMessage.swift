public import ChangeModel

/// What an insert, update or delete message says beside its tuples.
@frozen public struct RowMessage: Sendable, BitwiseCopyable, Equatable {
    public let operation: RowOperation
    /// The relation that a Relation message introduced.
    public let relationOID: UInt32
    /// Which old tuple came.
    public let oldTuple: OldTuple
    /// The (sub)transaction, inside a stream of a transaction in progress; 0 elsewhere.
    public let transactionID: UInt32

    @inlinable public init(operation: RowOperation, relationOID: UInt32, oldTuple: OldTuple, transactionID: UInt32) {
        self.operation = operation
        self.relationOID = relationOID
        self.oldTuple = oldTuple
        self.transactionID = transactionID
    }
}
