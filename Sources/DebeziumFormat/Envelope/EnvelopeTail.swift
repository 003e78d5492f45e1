internal import ByteCoding
internal import ChangeModel

/// What follows the rows of an event, in the converter's form: `source`, `transaction`, `op` and the times.
struct EnvelopeTail: ~Copyable {
    private let isAvro: Bool
    private var source: SourceBlock
    private var clock = ProcessingClock()
    private var avro: AvroEnvelope

    init(_ configuration: EventConfiguration) {
        isAvro = configuration.valueAvro != nil
        source = SourceBlock(configuration)
        avro = AvroEnvelope(configuration)
    }

    /// Makes ready what all changes at `position` share.
    mutating func prepare(_ position: borrowing SourcePosition) {
        if isAvro { avro.prepare(position) } else { source.prepare(position) }
    }

    mutating func append(
        _ operation: RowOperation, _ order: TransactionCounts.Order?, of table: CompiledTable,
        at position: borrowing SourcePosition, now: Int64, to buffer: inout ByteBuffer
    ) {
        let name = table.source
        if isAvro {
            return avro.append(operation, order, table: name.span, at: position, now: now, to: &buffer)
        }
        buffer.append(UInt8(ascii: ","))
        source.append(position, table: name.span, to: &buffer)
        Self.append(order, at: position, to: &buffer)
        buffer.append(",\"op\":\"")
        buffer.append(operation.rawValue)
        buffer.append("\",")
        clock.append(now, to: &buffer)
        buffer.append(UInt8(ascii: "}"))
        buffer.append(table.frame.closing)
    }

    /// Appends `"source":{…},"transaction":…` for events without a table, which are JSON first whatever the converter.
    mutating func appendSource(
        at position: borrowing SourcePosition, order: TransactionCounts.Order?, table: Span<UInt8>,
        to buffer: inout ByteBuffer
    ) {
        source.prepare(position)
        source.append(position, table: table, to: &buffer)
        Self.append(order, at: position, to: &buffer)
    }

    private static func append(
        _ order: TransactionCounts.Order?, at position: borrowing SourcePosition, to buffer: inout ByteBuffer
    ) {
        guard let order else { return buffer.append(",\"transaction\":null") }
        buffer.append(",\"transaction\":{\"id\":\"")
        RowEncoder.append(transactionID: order.transactionID, at: position, to: &buffer)
        buffer.append("\",\"total_order\":")
        buffer.append(decimal: order.total)
        buffer.append(",\"data_collection_order\":")
        buffer.append(decimal: order.table)
        buffer.append(UInt8(ascii: "}"))
    }
}
