internal import ByteCoding
internal import ChangeModel

/// A row or key compiled to a list of column writers: `{"id":1,"name":"x"}` is a loop over this.
struct RowLayout: Sendable {
    struct Column: Sendable {
        /// Which cell of the tuple.
        let cell: Int
        /// The range in ``RowLayout/names`` of what comes before the value: `{"id":` or `,"name":`.
        let nameStart: Int
        let nameEnd: Int
        /// A key column that `column.include.list` leaves out: Debezium's snapshot does not select it and shows the
        /// type's empty value.
        let isNullWhenRead: Bool
        let writer: ColumnWriter
    }

    /// Whether rows are Avro; else they are JSON.
    let isAvro: Bool
    private(set) var columns: [Column] = []
    /// The columns again, as ``AvroSlot``s, where rows are Avro.
    private(set) var slots: [AvroSlot] = []
    private(set) var names: [UInt8] = []
    private(set) var fields: [ConnectSchema.Field] = []

    init(isAvro: Bool = false) { self.isAvro = isAvro }

    mutating func append(_ writer: ColumnWriter, cell: Int, name: String, isNullWhenRead: Bool = false) {
        var prefix = ByteBuffer()
        prefix.append(columns.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ","))
        prefix.append(jsonString: name)
        prefix.append(UInt8(ascii: ":"))
        let start = names.count
        names += prefix.array()
        columns.append(
            Column(
                cell: cell, nameStart: start, nameEnd: names.count, isNullWhenRead: isNullWhenRead, writer: writer))
        if let avro = writer.avro {
            slots.append(AvroSlot(writer, avro, cell: cell, isNullWhenRead: isNullWhenRead))
        }
        fields.append(.init(name, writer.schema))
    }

    /// Appends the row: a JSON object, or Avro's fields one after the other.
    /// - Parameter fallback: the old tuple, which has the values of those TOASTed columns that the new one leaves out.
    func append(
        _ cells: Span<Cell>, fallback: Span<Cell>, of bytes: Span<UInt8>, isRead: Bool, to buffer: inout ByteBuffer
    ) throws(FormatError) {
        if isAvro { return try appendAvro(cells, fallback: fallback, of: bytes, isRead: isRead, to: &buffer) }
        if columns.isEmpty { return buffer.append("{}") }
        let names = self.names.span
        let columns = self.columns.span
        for index in columns.indices {
            let at = columns[index].cell
            buffer.append(names.extracting(columns[index].nameStart..<columns[index].nameEnd))
            var cell = cells[at]
            if cell.kind == .unchanged, at < fallback.count, fallback[at].kind == .text { cell = fallback[at] }
            if isRead, columns[index].isNullWhenRead { cell = .null }
            switch cell.kind {
            case .text: try columns[index].writer.append(text: cell.bytes(in: bytes), snapshot: isRead, to: &buffer)
            case .null, .absent: columns[index].writer.appendNull(to: &buffer)
            case .unchanged: columns[index].writer.appendUnavailable(to: &buffer)
            case .binary: throw columns[index].writer.failure
            }
        }
        buffer.append(UInt8(ascii: "}"))
    }

    /// Whether the two tuples have the same bytes in all of this layout's columns.
    func hasEqualBytes(_ old: Span<Cell>, _ new: Span<Cell>, of bytes: Span<UInt8>) -> Bool {
        let columns = self.columns.span
        for index in columns.indices {
            let at = columns[index].cell
            let (a, b) = (old[at], new[at])
            if b.kind == .unchanged { continue }
            guard a.kind == b.kind, a.length == b.length else { return false }
            let (x, y) = (a.bytes(in: bytes), b.bytes(in: bytes))
            for offset in x.indices where x[offset] != y[offset] { return false }
        }
        return true
    }
}
