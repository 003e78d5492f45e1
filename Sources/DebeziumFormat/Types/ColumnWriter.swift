public import ByteCoding
public import ChangeModel

/// One column, compiled: its Connect schema, and how PostgreSQL's text form of a value becomes the JSON bytes of the
/// value in an event. Immutable, so it may be shared between threads.
///
/// A class: as a struct, each use would copy its dozen references (half of a row's time, measured).
public final class ColumnWriter: Sendable {
    /// The column's name as PostgreSQL has it; name adjustment is the envelope's business.
    public let name: String
    /// With optionality, default, parameters and documentation.
    public let schema: ConnectSchema
    let form: ValueForm
    let nullBytes: [UInt8]
    let unavailableBytes: [UInt8]
    let failure: FormatError

    init(
        name: String, schema: ConnectSchema, form: ValueForm, nullBytes: [UInt8], unavailableBytes: [UInt8],
        failure: FormatError
    ) {
        self.name = name
        self.schema = schema
        self.form = form
        self.nullBytes = nullBytes
        self.unavailableBytes = unavailableBytes
        self.failure = failure
    }

    /// Appends a value that is not null. `text` is what PostgreSQL prints for it; `snapshot` says that it was read by a
    /// snapshot and not from the stream, where Debezium's values differ for a few types.
    /// - Throws: ``FormatError/Code/malformedValue`` or ``FormatError/Code/unsupportedValue``; the buffer may then hold
    ///   a part of the value.
    public func append(text: Span<UInt8>, snapshot: Bool, to buffer: inout ByteBuffer) throws(FormatError) {
        switch form {
        case .number: buffer.append(text)
        case .boolean: buffer.append(text.count > 0 && text[0] == UInt8(ascii: "t") ? "true" : "false")
        case .string: buffer.append(jsonString: text)
        }
    }

    /// Appends a stored null: JSON `null`, or the column's default where the converter replaces nulls by it.
    public func appendNull(to buffer: inout ByteBuffer) { buffer.append(nullBytes) }

    /// Appends what stands for a TOASTed value that the server did not send (`unavailable.value.placeholder`).
    public func appendUnavailable(to buffer: inout ByteBuffer) { buffer.append(unavailableBytes) }

    /// Compiles a column; nil where Debezium leaves such a column out of its events.
    /// - Parameter isKey: the writer is for the message key, whose schema knows nothing of masks and truncation.
    public static func make(
        for column: TableSchema.Column, in table: TableSchema, types: TypeCatalog, configuration: EventConfiguration,
        format: JSONFormat, isKey: Bool
    ) throws(FormatError) -> ColumnWriter? {
        let typeName = types[column.typeOID]?.name ?? "oid \(column.typeOID)"
        let failure = FormatError(
            code: .malformedValue, table: table.id.description, column: column.name, type: typeName)
        let (form, kind): (ValueForm, ConnectSchema.Kind) =
            switch column.typeOID {
            case 16: (.boolean, .boolean)
            case 21: (.number, .int16)
            case 23: (.number, .int32)
            case 20: (.number, .int64)
            default: (.string, .string)
            }
        return ColumnWriter(
            name: column.name, schema: ConnectSchema(kind, isOptional: !column.isNotNull), form: form,
            nullBytes: Array("null".utf8),
            unavailableBytes: Array("\"\(configuration.unavailableValuePlaceholder)\"".utf8), failure: failure)
    }
}

/// How a value's text becomes JSON.
enum ValueForm: Sendable {
    /// The text is the number.
    case number
    case boolean
    case string
}
