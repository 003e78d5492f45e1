internal import ByteCoding
internal import ChangeModel

extension RowLayout {
    /// Appends the row's fields, one after the other without anything between them.
    func appendAvro(
        _ cells: Span<Cell>, fallback: Span<Cell>, of bytes: Span<UInt8>, isRead: Bool, to buffer: inout ByteBuffer
    ) throws(FormatError) {
        let columns = self.columns.span
        for index in columns.indices {
            let at = columns[index].cell
            let writer = columns[index].writer
            guard let column = writer.avro else { preconditionFailure("the layout's columns are compiled for Avro") }
            var cell = cells[at]
            if cell.kind == .unchanged, at < fallback.count, fallback[at].kind == .text { cell = fallback[at] }
            if isRead, columns[index].isNullWhenRead { cell = .null }
            switch cell.kind {
            case .text:
                try writer.appendAvro(text: cell.bytes(in: bytes), snapshot: isRead, column, to: &buffer)
            case .null, .absent: try writer.appendAvroNull(column, to: &buffer)
            case .unchanged: try writer.appendAvroUnavailable(column, to: &buffer)
            case .binary: throw writer.failure
            }
        }
    }
}
