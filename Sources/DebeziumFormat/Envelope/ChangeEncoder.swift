public import ByteCoding
public import ChangeModel

/// Turns changes into Debezium events: encodes each into its record's bytes and appends it to a sink.
///
/// One owner; not thread-safe. Keeps scratch buffers: a row allocates nothing. All `encode…` members return how many
/// records they appended, and throw ``EncodeError``; after an error the sink holds none of the failed change's records.
public struct ChangeEncoder: ~Copyable {
    public let configuration: EventConfiguration
    /// The wall clock for the envelope's `ts_ms`, `ts_us` and `ts_ns`: nanoseconds since 1970. The caller refreshes it.
    public var processingTimeNanos: Int64 = 0
    /// The open transaction's metadata; nil outside of one, or when `provide.transaction.metadata` is off. Assign what
    /// a restored state holds to go on within a transaction.
    public var transaction: TransactionState?

    public init(configuration: EventConfiguration) {
        self.configuration = configuration
    }

    /// Compiles a table, again after a schema change, and returns its handle. Earlier handles of the same table stay
    /// usable for rows that were read before the change.
    public mutating func define<Sink: RecordSink & ~Copyable>(
        _ table: TableSchema, types: TypeCatalog, into sink: inout Sink
    ) throws(EncodeError) -> TableHandle {
        TableHandle(rawValue: 0)
    }

    /// Encodes one row change as what Debezium emits for it: no record (a skipped operation), one, or up to three (a
    /// changed key becomes a delete, a tombstone and a create).
    public mutating func encode<Sink: RecordSink & ~Copyable>(
        _ change: RowChange, of table: TableHandle, at position: borrowing SourcePosition, into sink: inout Sink
    ) throws(EncodeError) -> Int {
        0
    }

    /// Encodes a TRUNCATE of one or more tables: one event for each, in the order of `tables`.
    public mutating func encodeTruncate<Sink: RecordSink & ~Copyable>(
        of tables: [TableHandle], at position: borrowing SourcePosition, into sink: inout Sink
    ) throws(EncodeError) -> Int {
        0
    }

    /// Encodes a logical decoding message (`pg_logical_emit_message`).
    public mutating func encodeMessage<Sink: RecordSink & ~Copyable>(
        prefix: Span<UInt8>, content: Span<UInt8>, isTransactional: Bool, at position: borrowing SourcePosition,
        into sink: inout Sink
    ) throws(EncodeError) -> Int {
        0
    }

    /// Begins a transaction: appends the BEGIN event where transaction metadata is on. `position.lsn` is the LSN that
    /// Debezium puts into the transaction's id.
    public mutating func beginTransaction<Sink: RecordSink & ~Copyable>(
        id: UInt32, at position: borrowing SourcePosition, into sink: inout Sink
    ) throws(EncodeError) -> Int {
        0
    }

    /// Ends the open transaction: appends the END event with its counts where transaction metadata is on.
    public mutating func endTransaction<Sink: RecordSink & ~Copyable>(
        at position: borrowing SourcePosition, into sink: inout Sink
    ) throws(EncodeError) -> Int {
        0
    }

    /// Counts a change in the open transaction without appending it: for changes that are already in the log.
    public mutating func pass(_ operation: RowOperation, of table: TableHandle) {}

    /// Encodes a heartbeat.
    public mutating func encodeHeartbeat<Sink: RecordSink & ~Copyable>(into sink: inout Sink) throws(EncodeError) -> Int
    {
        0
    }

    /// Encodes a notification for the `sink` channel; nothing when that channel is off.
    /// - Parameters:
    ///   - id: a new UUID in its usual text form.
    ///   - additionalData: in the order in which the event shows it.
    public mutating func encodeNotification<Sink: RecordSink & ~Copyable>(
        id: String, type: String, aggregateType: String, additionalData: [(String, String)], into sink: inout Sink
    ) throws(EncodeError) -> Int {
        0
    }

    /// Appends the encoded key of a change's row to `buffer`, so that the windows of an incremental snapshot can tell
    /// rows apart: the new row's key, or the old row's where there is no new one.
    /// - Returns: false when the table has no key.
    public mutating func appendKey(
        of change: RowChange, in table: TableHandle, to buffer: inout ByteBuffer
    ) throws(EncodeError) -> Bool {
        false
    }
}
