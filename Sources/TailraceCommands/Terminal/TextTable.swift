/// Columns padded to their widest cell.
struct TextTable {
    private let header: [String]
    private let right: Set<Int>
    private var rows: [[String]] = []

    /// - Parameter right: the columns that are set to the right, numbers usually.
    init(_ header: [String], right: Set<Int> = []) {
        self.header = header
        self.right = right
    }

    mutating func add(_ row: [String]) { rows.append(row) }

    func rendered(style: TextStyle) -> String {
        let widths = header.indices.map { column in ([header] + rows).map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            var text = ""
            for (column, cell) in cells.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                let isLast = column == cells.count - 1
                text += right.contains(column) ? padding + cell : cell + (isLast ? "" : padding)
                if !isLast { text += "  " }
            }
            return text
        }
        return style(line(header), .bold) + "\n" + rows.map { line($0) + "\n" }.joined()
    }
}
