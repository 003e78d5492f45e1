/// How one value's text becomes JSON. Trivial on purpose: switching over it costs no reference counting.
enum ScalarForm: Sendable {
    /// The text is the number.
    case integer
    case boolean
    case float32
    case float64
    case string
    /// `name`: the snapshot has the text; the stream has it only where unknown types are included.
    case name(isStreamed: Bool)
    case decimal(DecimalForm, scale: Int)
    case money(DecimalForm, scale: Int)
    /// `bytea` in hexadecimal text.
    case binary(BinaryHandling)
    /// A type that Debezium does not know: the bytes of its text.
    case unknown(BinaryHandling)
    /// Lines, boxes, paths and the like: unknown too, their numbers printed by Java.
    case unknownShape(BinaryHandling)
    /// `bit(1)`
    case bit
    /// Longer bit strings: little endian, without leading zero bytes.
    case bits
    case date(DateForm)
    case time(TemporalUnit)
    case timestamp(TemporalUnit)
    case zonedTime
    case zonedTimestamp(fractionWidth: Int)
    case interval(isText: Bool)
    case point
    case hstore(isMap: Bool)
    /// PostGIS: extended WKB in hexadecimal text.
    case geometry
    /// pgvector's `[1,2,3]`.
    case vector(isDouble: Bool)
    /// `int2vector` and `oidvector`, whose elements Debezium loses.
    case emptyArray
    /// A field that Debezium declares and never fills.
    case unset
    /// Elements of `time[]` and `timetz[]`, of which the driver keeps milliseconds and seconds.
    case timeElement(TemporalUnit)
    case zonedTimeElement
    /// Elements of `timestamp[]` and `timestamptz[]`, which the driver reads by its own calendar.
    case timestampElement(TemporalUnit)
    case zonedTimestampElement(fractionWidth: Int)
    /// An array; ``ColumnWriter/array`` says of what.
    case array
}

/// `decimal.handling.mode`, with precise split by what the schema and the converter ask for.
enum DecimalForm: Sendable {
    /// Connect's Decimal as Base64.
    case base64
    /// Connect's Decimal as a JSON number (`decimal.format=NUMERIC`).
    case number
    /// `io.debezium.data.VariableScaleDecimal`
    case variable
    case double
    case text
}

enum DateForm: Sendable { case days, iso }

enum TemporalUnit: Sendable { case millis, micros, nanos, iso }

/// How an array's elements are written.
struct ArrayForm: Sendable {
    let element: ScalarForm
    /// False where a null element leaves the whole field unset: Debezium fails to convert or to store it.
    let allowsNulls: Bool
    /// Items that are strings: what stands for the inner arrays of a multi-dimensional one.
    let hasStringItems: Bool
    let delimiter: UInt8
}
