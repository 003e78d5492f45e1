internal import ByteCoding
internal import ChangeModel

extension RowLayout {
    /// Appends the row's fields, one after the other without anything between them.
    func appendAvro(
        _ cells: Span<Cell>, fallback: Span<Cell>, of bytes: Span<UInt8>, isRead: Bool, to buffer: inout ByteBuffer
    ) throws(FormatError) {
        let slots = self.slots.span
        for index in slots.indices {
            let slot = slots[index]
            let cell = cells[slot.cell]
            if cell.kind == .text, slot.isDirect {
                if Self.append(slot, cell.bytes(in: bytes), isRead: isRead, to: &buffer) { continue }
            } else if cell.kind == .null, slot.hasNull {
                buffer.append(slot.null)
                continue
            }
            try appendUnusual(index, cells, fallback: fallback, of: bytes, isRead: isRead, to: &buffer)
        }
    }

    /// - Returns: false, with nothing appended, for a value that takes more than its form.
    @inline(__always)
    private static func append(
        _ slot: AvroSlot, _ text: Span<UInt8>, isRead: Bool, to buffer: inout ByteBuffer
    ) -> Bool {
        let start = buffer.count
        if slot.hasBranch { buffer.append(slot.branch) }
        do throws(ValueProblem) {
            if try slot.form.writeAvro(text, snapshot: isRead, to: &buffer) { return true }
        } catch {
            // The column's writer meets the same problem and knows what to do about it.
        }
        buffer.truncate(to: start)
        return false
    }

    @inline(never)
    private func appendUnusual(
        _ index: Int, _ cells: Span<Cell>, fallback: Span<Cell>, of bytes: Span<UInt8>, isRead: Bool,
        to buffer: inout ByteBuffer
    ) throws(FormatError) {
        let at = columns[index].cell
        let writer = columns[index].writer
        guard let column = writer.avro else { preconditionFailure("the layout's columns are compiled for Avro") }
        var cell = cells[at]
        if cell.kind == .unchanged, at < fallback.count, fallback[at].kind == .text { cell = fallback[at] }
        if isRead, columns[index].isNullWhenRead { cell = .null }
        switch cell.kind {
        case .text: try writer.appendAvro(text: cell.bytes(in: bytes), snapshot: isRead, column, to: &buffer)
        case .null, .absent: try writer.appendAvroNull(column, to: &buffer)
        case .unchanged: try writer.appendAvroUnavailable(column, to: &buffer)
        case .binary: throw writer.failure
        }
    }
}
