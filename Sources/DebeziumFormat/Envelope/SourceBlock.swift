internal import ByteCoding
internal import ChangeModel

/// The `source` block of events. What belongs to the connector is rendered once, what belongs to a transaction once per
/// transaction; a row adds its LSN's digits.
///
///     "source":{"version":…,"connector":"postgresql","name":…,"ts_ms":…,"snapshot":…,"db":…,"sequence":"[…,…]",
///     "ts_us":…,"ts_ns":…,"schema":…,"table":…,"txId":…,"lsn":…,"xmin":…,"origin":…,"origin_lsn":…}
struct SourceBlock: ~Copyable {
    private let opening: [UInt8]
    private let database: [UInt8]
    private let replacesNull: Bool
    /// Up to the second element of `sequence`.
    private var head = ByteBuffer()
    /// From there to `schema`'s value.
    private var middle = ByteBuffer()
    /// From `txId`'s value to `lsn`'s.
    private var transaction = ByteBuffer()
    /// From after `lsn`'s value to the end.
    private var tail = ByteBuffer()
    private var digits = ByteBuffer()
    private var digitsLSN: LSN?
    private var rendered: SourcePosition?

    init(_ configuration: EventConfiguration) {
        replacesNull = configuration.valueFormat.replaceNullWithDefault
        var buffer = ByteBuffer()
        buffer.append("\"source\":{\"version\":")
        buffer.append(jsonString: configuration.version)
        buffer.append(",\"connector\":\"postgresql\",\"name\":")
        buffer.append(jsonString: configuration.topicPrefix)
        buffer.append(",\"ts_ms\":")
        opening = buffer.array()
        buffer.removeAll()
        buffer.append(",\"db\":")
        buffer.append(jsonString: configuration.databaseName)
        buffer.append(",\"sequence\":\"[")
        database = buffer.array()
    }

    /// Makes ready what all changes at `position` share.
    mutating func prepare(_ position: borrowing SourcePosition) {
        if let rendered, rendered.hasEqualContext(position) { return }
        rendered = copy position
        head.removeAll()
        head.append(opening)
        head.append(decimal: Self.divide(position.timestampMicros, by: 1000))
        head.append(",\"snapshot\":")
        if position.snapshot == .streaming, !replacesNull {
            // Streaming is the field's default, which Debezium leaves to the converter to fill in.
            head.append("null")
        } else {
            head.append("\"")
            head.append(position.snapshot.text)
            head.append("\"")
        }
        head.append(database)
        Self.append(position.lastCommitLSN, to: &head)
        head.append(",")
        middle.removeAll()
        middle.append("]\",\"ts_us\":")
        middle.append(decimal: position.timestampMicros)
        middle.append(",\"ts_ns\":")
        middle.append(decimal: position.timestampMicros)
        middle.append("000,\"schema\":")
        transaction.removeAll()
        Self.append(number: position.transactionID.map(UInt64.init), to: &transaction)
        transaction.append(",\"lsn\":")
        tail.removeAll()
        tail.append(",\"xmin\":")
        Self.append(number: position.xmin, to: &tail)
        tail.append(",\"origin\":")
        if let origin = position.originName { tail.append(jsonString: origin) } else { tail.append("null") }
        tail.append(",\"origin_lsn\":")
        Self.append(number: position.originLSN?.rawValue, to: &tail)
        tail.append("}")
    }

    /// Appends the block. `table` is the piece from `schema`'s value to before `txId`'s.
    mutating func append(_ position: borrowing SourcePosition, table: Span<UInt8>, to buffer: inout ByteBuffer) {
        buffer.append(head.span)
        if let lsn = position.lsn, position.sequenceLSN == lsn {
            if digitsLSN != lsn {
                digits.removeAll()
                digits.append(decimal: lsn.rawValue)
                digitsLSN = lsn
            }
            buffer.append("\\\"")
            buffer.append(digits.span)
            buffer.append("\\\"")
            buffer.append(middle.span)
            buffer.append(table)
            buffer.append(transaction.span)
            buffer.append(digits.span)
        } else {
            Self.append(position.sequenceLSN, to: &buffer)
            buffer.append(middle.span)
            buffer.append(table)
            buffer.append(transaction.span)
            Self.append(number: position.lsn?.rawValue, to: &buffer)
        }
        buffer.append(tail.span)
    }

    /// An element of `sequence`: a string within a string, or null.
    private static func append(_ lsn: LSN?, to buffer: inout ByteBuffer) {
        guard let lsn else { return buffer.append("null") }
        buffer.append("\\\"")
        buffer.append(decimal: lsn.rawValue)
        buffer.append("\\\"")
    }

    private static func append(number: UInt64?, to buffer: inout ByteBuffer) {
        if let number { buffer.append(decimal: number) } else { buffer.append("null") }
    }

    /// Java's `Math.floorDiv`: times before 1970 round down.
    static func divide(_ value: Int64, by divisor: Int64) -> Int64 {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}

extension SourcePosition {
    /// Whether everything but the LSNs of the change itself is the same.
    func hasEqualContext(_ other: borrowing SourcePosition) -> Bool {
        timestampMicros == other.timestampMicros && snapshot == other.snapshot
            && transactionID == other.transactionID && lastCommitLSN == other.lastCommitLSN && xmin == other.xmin
            && originLSN == other.originLSN && originName == other.originName
    }
}
