public import ByteCoding

/// One column, compiled: its Connect schema, and how PostgreSQL's text form of a value becomes the JSON bytes of the
/// value in an event. Immutable, so it may be shared between threads.
///
/// A class: as a struct, each use would copy its dozen references (half of a row's time, measured).
public final class ColumnWriter: Sendable {
    /// The column's name as PostgreSQL has it; name adjustment is the envelope's business.
    public let name: String
    /// With optionality, default, parameters and documentation.
    public let schema: ConnectSchema
    let form: ScalarForm
    let array: ArrayForm?
    let mask: ColumnMask?
    let nullBytes: [UInt8]
    /// What a field becomes that Debezium leaves unset; nil where it must not be.
    let unsetBytes: [UInt8]?
    let unavailableBytes: [UInt8]
    /// Set where events are Avro.
    let avro: AvroColumn?
    /// The names for an error about a value.
    let failure: FormatError

    init(
        name: String, compiled: CompiledType, mask: ColumnMask?, nullBytes: [UInt8], unsetBytes: [UInt8]?,
        unavailableBytes: [UInt8], isAvro: Bool, failure: FormatError
    ) {
        self.name = name
        schema = compiled.schema
        form = compiled.form
        array = compiled.array
        self.mask = mask
        self.nullBytes = nullBytes
        self.unsetBytes = unsetBytes
        self.unavailableBytes = unavailableBytes
        avro =
            isAvro
            ? AvroColumn(compiled.schema, null: nullBytes, unset: unsetBytes, unavailable: unavailableBytes) : nil
        self.failure = failure
    }

    /// Appends a value that is not null. `text` is what PostgreSQL prints for it; `snapshot` says that it was read by a
    /// snapshot and not from the stream, where Debezium's values differ for a few types.
    /// - Throws: ``FormatError/Code/malformedValue`` or ``FormatError/Code/unsupportedValue``; the buffer is then as it
    ///   was.
    public func append(text: Span<UInt8>, snapshot: Bool, to buffer: inout ByteBuffer) throws(FormatError) {
        let start = buffer.count
        do throws(ValueProblem) {
            try appendJSON(text, snapshot: snapshot, to: &buffer)
        } catch {
            buffer.truncate(to: start)
            try recover(from: error, to: &buffer)
        }
    }

    @inline(__always)
    func appendJSON(_ text: Span<UInt8>, snapshot: Bool, to buffer: inout ByteBuffer) throws(ValueProblem) {
        if mask == nil, array == nil {
            try form.write(text, snapshot: snapshot, to: &buffer)
        } else {
            try appendOther(text, snapshot: snapshot, to: &buffer)
        }
    }

    @inline(never)
    private func appendOther(
        _ text: Span<UInt8>, snapshot: Bool, to buffer: inout ByteBuffer
    ) throws(ValueProblem) {
        guard let mask else { return try writeUnmasked(text, snapshot: snapshot, to: &buffer) }
        if case .truncate(let byteCount) = mask, try appendTruncatedBytes(text, byteCount, to: &buffer) { return }
        var value = ByteBuffer(capacity: text.count + 16)
        try writeUnmasked(text, snapshot: snapshot, to: &value)
        if schema.kind == .string {
            mask.append(json: value.span, to: &buffer)
        } else {
            buffer.append(value.span)
        }
    }

    private func writeUnmasked(
        _ text: Span<UInt8>, snapshot: Bool, to buffer: inout ByteBuffer
    ) throws(ValueProblem) {
        if let array {
            try array.write(text, to: &buffer)
        } else {
            try form.write(text, snapshot: snapshot, to: &buffer)
        }
    }

    /// Truncation cuts raw bytes too, where the column's values are bytes.
    private func appendTruncatedBytes(
        _ text: Span<UInt8>, _ byteCount: Int, to buffer: inout ByteBuffer
    ) throws(ValueProblem) -> Bool {
        switch form {
        case .binary(.bytes):
            let end = min(text.count, 2 + byteCount * 2)
            try form.write(text.extracting(0..<end), snapshot: false, to: &buffer)
            return true
        case .unknown(.bytes):
            try form.write(text.extracting(0..<min(text.count, byteCount)), snapshot: false, to: &buffer)
            return true
        default: return false
        }
    }

    @inline(never)
    private func recover(from problem: ValueProblem, to buffer: inout ByteBuffer) throws(FormatError) {
        var failure = failure
        switch problem {
        case .malformed: throw failure
        case .readAsNull: buffer.append(nullBytes)
        case .inexpressible, .outOfRange:
            if let unsetBytes { return buffer.append(unsetBytes) }
            failure.code = .unsupportedValue
            throw failure
        }
    }

    /// Appends a stored null: JSON `null`, the column's default where the converter replaces nulls by it, or the zero
    /// value of a required column's type (as in the tuple of a deleted row, which holds the key alone).
    public func appendNull(to buffer: inout ByteBuffer) { buffer.append(nullBytes) }

    /// Appends what stands for a TOASTed value that the server did not send (`unavailable.value.placeholder`).
    public func appendUnavailable(to buffer: inout ByteBuffer) { buffer.append(unavailableBytes) }
}
