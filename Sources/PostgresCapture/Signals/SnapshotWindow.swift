import ByteCoding
import ChangeModel
import DebeziumFormat
import RecordTransport

/// The rows of one chunk that wait for their window to close, by key: a row whose key the stream brings meanwhile
/// leaves, since the stream's version is as new or newer.
struct SnapshotWindow {
    private let block = RowBlock()
    private var rows: [[UInt8]: Int] = [:]
    /// Rows that are still in, by position.
    private var isIn: [Bool] = []

    /// Every row has left.
    var isEmpty: Bool { !isIn.contains(true) }
    /// How many rows were read, those that left included.
    var readCount: Int { isIn.count }

    mutating func removeAll() {
        block.removeAll()
        rows.removeAll(keepingCapacity: true)
        isIn.removeAll(keepingCapacity: true)
    }

    /// Appends a row of COPY text.
    mutating func append(_ row: Span<UInt8>, columns: [Int]) throws(CaptureError) {
        try block.append(row, columns: columns, readCount: columns.count, isIdentity: true)
        isIn.append(true)
    }

    /// Makes the rows known by their keys; of rows with the same key only the last stays.
    mutating func indexRows(by table: TableHandle, _ encoder: inout ChangeEncoder) throws(CaptureError) {
        var keys: [[UInt8]?] = []
        do throws(EncodeError) {
            try block.withRows { (bytes, cells) throws(EncodeError) in
                let none: [Cell] = []
                var key = ByteBuffer(capacity: 256)
                for row in 0..<block.rowCount {
                    let change = RowChange(
                        operation: .read, oldTuple: .none, bytes: bytes, old: none.span,
                        new: cells.extracting(row * block.columnCount..<(row + 1) * block.columnCount))
                    key.removeAll()
                    keys.append(try encoder.appendKey(of: change, in: table, to: &key) ? key.array() : nil)
                }
            }
        } catch {
            throw CaptureError(encoding: error)
        }
        for (row, key) in keys.enumerated() {
            guard let key else { continue }
            if let earlier = rows.updateValue(row, forKey: key) { isIn[earlier] = false }
        }
    }

    mutating func remove(key: [UInt8]) {
        if let row = rows.removeValue(forKey: key) { isIn[row] = false }
    }

    /// The text of some columns of a row.
    func key(ofRow row: Int, columns: [Int]) -> [String?] {
        columns.map { column in
            let cell = block.cells[row * block.columnCount + column]
            guard cell.kind == .text else { return nil }
            return block.text(of: cell)
        }
    }

    /// Encodes the rows that are still in, in the order in which they were read.
    func encode(
        of table: TableHandle, at position: borrowing SourcePosition, _ encoder: inout ChangeEncoder,
        _ sink: inout RecordGroupWriter
    ) throws(EncodeError) {
        try block.withRows { (bytes, cells) throws(EncodeError) in
            let none: [Cell] = []
            for row in isIn.indices where isIn[row] {
                let change = RowChange(
                    operation: .read, oldTuple: .none, bytes: bytes, old: none.span,
                    new: cells.extracting(row * block.columnCount..<(row + 1) * block.columnCount))
                _ = try encoder.encode(change, of: table, at: position, into: &sink)
            }
        }
    }
}
