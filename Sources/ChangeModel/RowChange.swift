/// What happened to a row or a table; the raw value is Debezium's `op` code.
@frozen public enum RowOperation: UInt8, Sendable, BitwiseCopyable {
    case read = 0x72  // r
    case create = 0x63  // c
    case update = 0x75  // u
    case delete = 0x64  // d
    case truncate = 0x74  // t
    case message = 0x6D  // m
}

/// Which columns the old tuple of an update or delete holds (pgoutput's `K` and `O` markers).
@frozen public enum OldTuple: UInt8, Sendable, BitwiseCopyable {
    case none
    /// Only the columns of the replica identity; the others are null placeholders.
    case key
    /// Every column: REPLICA IDENTITY FULL.
    case full
}

/// One row change over borrowed bytes: valid only while the message it came from is.
@frozen public struct RowChange: ~Escapable {
    public let operation: RowOperation
    public let oldTuple: OldTuple
    /// The bytes that both tuples' cells point into.
    public let bytes: Span<UInt8>
    /// The old tuple's cells, one for each column of the relation; empty when ``oldTuple`` is `none`.
    public let old: Span<Cell>
    /// The new tuple's cells; empty for a delete.
    public let new: Span<Cell>

    @inlinable @_lifetime(copy bytes, copy old, copy new)
    public init(
        operation: RowOperation, oldTuple: OldTuple, bytes: Span<UInt8>, old: Span<Cell>, new: Span<Cell>
    ) {
        self.operation = operation
        self.oldTuple = oldTuple
        self.bytes = bytes
        self.old = old
        self.new = new
    }
}
