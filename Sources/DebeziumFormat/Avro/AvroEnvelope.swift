internal import ByteCoding
internal import ChangeModel

/// What follows the rows of an event in Avro: the fields of `source`, `transaction`, `op` and the envelope's times, by
/// ``EnvelopeSchema``. What belongs to the connector is rendered once, what belongs to a transaction once per transaction.
struct AvroEnvelope: ~Copyable {
    private let opening: [UInt8]
    private let database: [UInt8]
    /// Up to the length of `sequence`.
    private var head = ByteBuffer()
    /// The first element of `sequence`, and the comma.
    private var sequence = ByteBuffer()
    /// `ts_us` and `ts_ns`.
    private var times = ByteBuffer()
    private var transaction = ByteBuffer()
    /// From `xmin` on.
    private var tail = ByteBuffer()
    private var rendered: SourcePosition?
    private var clock = ByteBuffer()
    private var renderedNanos: Int64?
    private var identifier = ByteBuffer()

    init(_ configuration: EventConfiguration) {
        var buffer = ByteBuffer()
        buffer.append(text: configuration.version)
        buffer.append(text: "postgresql")
        buffer.append(text: configuration.topicPrefix)
        opening = buffer.array()
        buffer.removeAll()
        buffer.append(text: configuration.databaseName)
        database = buffer.array()
    }

    /// Makes ready what all changes at `position` share.
    mutating func prepare(_ position: borrowing SourcePosition) {
        if let rendered, rendered.hasEqualContext(position) { return }
        rendered = copy position
        head.removeAll()
        head.append(opening)
        head.append(varInt: SourceBlock.divide(position.timestampMicros, by: 1000))
        // The field's default decides the union's order: a value is the first branch.
        head.append(0)
        let snapshot = position.snapshot.text
        head.append(varInt: Int64(snapshot.utf8CodeUnitCount))
        head.append(snapshot)
        head.append(database)
        head.append(Self.value)
        sequence.removeAll()
        sequence.append("[")
        Self.append(sequenceElement: position.lastCommitLSN, to: &sequence)
        sequence.append(",")
        times.removeAll()
        times.append(Self.value)
        times.append(varInt: position.timestampMicros)
        times.append(Self.value)
        times.append(varInt: position.timestampMicros &* 1000)
        transaction.removeAll()
        Self.append(optional: position.transactionID.map(UInt64.init), to: &transaction)
        tail.removeAll()
        Self.append(optional: position.xmin, to: &tail)
        if let origin = position.originName {
            tail.append(Self.value)
            tail.append(text: origin)
        } else {
            tail.append(Self.null)
        }
        Self.append(optional: position.originLSN?.rawValue, to: &tail)
    }

    /// Appends everything after the rows.
    /// - Parameter table: the fields `schema` and `table`.
    mutating func append(
        _ operation: RowOperation, _ order: TransactionCounts.Order?, table: Span<UInt8>,
        at position: borrowing SourcePosition, now: Int64, to buffer: inout ByteBuffer
    ) {
        buffer.append(head.span)
        let start = sequence.count
        Self.append(sequenceElement: position.sequenceLSN, to: &sequence)
        sequence.append("]")
        buffer.append(lengthAnd: sequence.span)
        sequence.truncate(to: start)
        buffer.append(times.span)
        buffer.append(table)
        buffer.append(transaction.span)
        Self.append(optional: position.lsn?.rawValue, to: &buffer)
        buffer.append(tail.span)
        append(order, at: position, to: &buffer)
        buffer.append(2)  // the length of `op`
        buffer.append(operation.rawValue)
        append(time: now, to: &buffer)
    }

    private mutating func append(
        _ order: TransactionCounts.Order?, at position: borrowing SourcePosition, to buffer: inout ByteBuffer
    ) {
        guard let order else { return buffer.append(Self.null) }
        buffer.append(Self.value)
        identifier.removeAll()
        RowEncoder.append(transactionID: order.transactionID, at: position, to: &identifier)
        buffer.append(lengthAnd: identifier.span)
        buffer.append(varInt: Int64(order.total))
        buffer.append(varInt: Int64(order.table))
    }

    private mutating func append(time nanos: Int64, to buffer: inout ByteBuffer) {
        if renderedNanos != nanos {
            renderedNanos = nanos
            clock.removeAll()
            for time in [nanos / 1_000_000, nanos / 1000, nanos] {
                clock.append(Self.value)
                clock.append(varInt: time)
            }
        }
        buffer.append(clock.span)
    }

    /// The branches of a union of null and a type.
    private static let null: UInt8 = 0
    private static let value: UInt8 = 2

    private static func append(optional number: UInt64?, to buffer: inout ByteBuffer) {
        guard let number else { return buffer.append(null) }
        buffer.append(value)
        buffer.append(varInt: Int64(bitPattern: number))
    }

    private static func append(sequenceElement lsn: LSN?, to buffer: inout ByteBuffer) {
        guard let lsn else { return buffer.append("null") }
        buffer.append("\"")
        buffer.append(decimal: lsn.rawValue)
        buffer.append("\"")
    }
}

extension ByteBuffer {
    /// Appends a name or a setting as Avro's `string`.
    mutating func append(text: String) { append(lengthAnd: Array(text.utf8).span) }
}
