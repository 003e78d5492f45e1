internal import ByteCoding

extension ColumnWriter {
    /// ``append(text:snapshot:to:)`` in Avro's binary form.
    func appendAvro(
        text: Span<UInt8>, snapshot: Bool, _ column: AvroColumn, to buffer: inout ByteBuffer
    ) throws(FormatError) {
        let start = buffer.count
        do throws(ValueProblem) {
            if let branch = column.branch { buffer.append(branch) }
            if mask == nil, array == nil, try form.writeAvro(text, snapshot: snapshot, to: &buffer) { return }
            try appendThroughJSON(text, snapshot: snapshot, column, to: &buffer)
        } catch {
            buffer.truncate(to: start)
            try recover(from: error, column, to: &buffer)
        }
    }

    func appendAvroNull(_ column: AvroColumn, to buffer: inout ByteBuffer) throws(FormatError) {
        try append(column.null, to: &buffer)
    }

    func appendAvroUnavailable(_ column: AvroColumn, to buffer: inout ByteBuffer) throws(FormatError) {
        try append(column.unavailable, to: &buffer)
    }

    private func append(_ field: [UInt8]?, to buffer: inout ByteBuffer) throws(FormatError) {
        guard let field else {
            var failure = failure
            failure.code = .unsupportedValue
            throw failure
        }
        buffer.append(field)
    }

    @inline(never)
    private func recover(
        from problem: ValueProblem, _ column: AvroColumn, to buffer: inout ByteBuffer
    ) throws(FormatError) {
        switch problem {
        case .malformed: throw failure
        case .readAsNull: try append(column.null, to: &buffer)
        case .inexpressible, .outOfRange: try append(column.unset, to: &buffer)
        }
    }

    /// Writes the value's JSON behind the buffer's content and turns it into Avro there.
    @inline(never)
    private func appendThroughJSON(
        _ text: Span<UInt8>, snapshot: Bool, _ column: AvroColumn, to buffer: inout ByteBuffer
    ) throws(ValueProblem) {
        let start = buffer.count
        try appendJSON(text, snapshot: snapshot, to: &buffer)
        if column.value.kind == .string, buffer.shortenString(from: start) { return }
        var json = ByteBuffer(capacity: buffer.count - start)
        json.append(buffer.span.extracting(start..<buffer.count))
        buffer.truncate(to: start)
        try JSONToAvro.append(json.span, as: column.value, to: &buffer)
    }
}
