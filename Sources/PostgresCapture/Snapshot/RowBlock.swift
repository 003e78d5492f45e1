import ByteCoding
import ChangeModel
import DebeziumFormat

/// Decoded rows on their way from a reading connection to the encoder. One owner at a time; reused.
final class RowBlock: @unchecked Sendable {
    var bytes = ByteBuffer(capacity: RowBlock.byteCountTarget + 4096)
    /// Row-major; ``columnCount`` cells a row, offsets counted from the beginning of ``bytes``.
    var cells: [Cell] = []
    var columnCount = 0
    var rowCount = 0
    private var readCells: [Cell] = []

    /// A block is handed over when it holds this much.
    static let byteCountTarget = 256 << 10
    /// More than this is given back before reuse: single values can be large.
    static let byteCountKept = 4 << 20

    func removeAll() {
        bytes.removeAll()
        bytes.shrink(to: Self.byteCountKept)
        cells.removeAll(keepingCapacity: true)
        rowCount = 0
    }

    /// Appends one row of COPY text, placing its columns by `columns`: for each column of the table its place in the
    /// row, or -1 for one that was not read.
    func append(_ row: Span<UInt8>, columns: [Int], readCount: Int, isIdentity: Bool) throws(CaptureError) {
        let start = cells.count
        // A value of 1 GiB and its neighbours still fit the cells' 32 bits; anything beyond cannot come from a server.
        guard bytes.count + row.count < Int(Int32.max) else {
            throw CaptureError(code: .protocolViolation, detail: "a row of more than 2 GiB")
        }
        let count = CopyTextDecoder.decode(row, into: &bytes, cells: &cells)
        guard count == readCount || (readCount == 0 && count == 1) else {
            throw CaptureError(
                code: .protocolViolation, detail: "a row has \(count) columns where \(readCount) were asked for")
        }
        if !isIdentity {
            readCells.removeAll(keepingCapacity: true)
            readCells.append(contentsOf: cells[start...])
            cells.removeSubrange(start...)
            for place in columns { cells.append(place < 0 ? .null : readCells[place]) }
        }
        columnCount = columns.count
        rowCount += 1
    }

    /// Lends the rows: their bytes and their cells.
    func withRows(_ body: (Span<UInt8>, Span<Cell>) throws(EncodeError) -> Void) throws(EncodeError) {
        try Self.lend(bytes, cells, body)
    }

    /// A cell's text, for keys and messages.
    func text(of cell: Cell) -> String { Self.text(of: cell, in: bytes) }

    private static func text(of cell: Cell, in bytes: borrowing ByteBuffer) -> String {
        cell.bytes(in: bytes.span).withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    private static func lend(
        _ bytes: borrowing ByteBuffer, _ cells: borrowing [Cell],
        _ body: (Span<UInt8>, Span<Cell>) throws(EncodeError) -> Void
    ) throws(EncodeError) {
        try body(bytes.span, cells.span)
    }

    var isFull: Bool { bytes.count >= Self.byteCountTarget || rowCount >= 8192 }
}
