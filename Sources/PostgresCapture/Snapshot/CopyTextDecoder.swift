public import ByteCoding
public import ChangeModel

/// Decodes rows of `COPY … TO STDOUT` in the text format: columns separated by tabs, `\N` for NULL, backslash escapes
/// for backspace, form feed, newline, carriage return, tab, vertical tab and backslash (PostgreSQL, "COPY", section
/// "Text Format").
public enum CopyTextDecoder {
    /// Appends the row's values, unescaped, to `bytes` and one cell for each to `cells`; a cell's offset counts from
    /// the beginning of `bytes`.
    /// - Parameter row: one row, with or without its newline.
    /// - Returns: how many columns the row has.
    public static func decode(_ row: Span<UInt8>, into bytes: inout ByteBuffer, cells: inout [Cell]) -> Int {
        var count = row.count
        if count > 0, row[count - 1] == UInt8(ascii: "\n") { count -= 1 }
        let base = bytes.count
        let first = cells.count
        bytes.append(room: count) { room in
            // SAFETY: unescaping never makes a row longer, and there is room for `count` bytes.
            row.withUnsafeBufferPointer { source in
                let target = room.baseAddress!
                var at = 0
                var out = 0
                var start = 0
                var isNull = false
                while at < count {
                    let byte = source[at]
                    at &+= 1
                    if byte == UInt8(ascii: "\t") {
                        cells.append(cell(isNull, base &+ start, out &- start))
                        isNull = false
                        start = out
                    } else if byte != UInt8(ascii: "\\") || at == count {
                        target[out] = byte
                        out &+= 1
                    } else {
                        let code = source[at]
                        at &+= 1
                        if code == UInt8(ascii: "N"), out == start, at == count || source[at] == UInt8(ascii: "\t") {
                            isNull = true
                        } else {
                            target[out] = unescaped(code)
                            out &+= 1
                        }
                    }
                }
                cells.append(cell(isNull, base &+ start, out &- start))
                return out
            }
        }
        return cells.count - first
    }

    @inline(__always) private static func cell(_ isNull: Bool, _ offset: Int, _ length: Int) -> Cell {
        isNull ? .null : Cell(kind: .text, offset: Int32(truncatingIfNeeded: offset), length: Int32(length))
    }

    private static func unescaped(_ code: UInt8) -> UInt8 {
        switch code {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        case UInt8(ascii: "v"): 0x0B
        default: code
        }
    }
}
