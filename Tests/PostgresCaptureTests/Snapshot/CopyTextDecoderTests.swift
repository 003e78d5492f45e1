import ByteCoding
import ChangeModel
import Testing

@testable import PostgresCapture

@Suite("Rows of COPY text")
struct CopyTextDecoderTests {
    private func decode(_ row: [UInt8]) -> [String?] {
        var bytes = ByteBuffer()
        bytes.append("before")
        var cells: [Cell] = []
        let count = CopyTextDecoder.decode(row.span, into: &bytes, cells: &cells)
        #expect(count == cells.count)
        let all = bytes.array()
        return cells.map { cell in
            cell.kind == .null
                ? nil : String(decoding: all[Int(cell.offset)..<Int(cell.offset + cell.length)], as: UTF8.self)
        }
    }

    @Test(
        "columns, NULL and every escape",
        arguments: [
            ("a\tb\n", ["a", "b"]), ("\\N\t\\N\n", [nil, nil]), ("\t\n", ["", ""]), ("\n", [""]), ("", [""]),
            ("\\b\\f\\n\\r\\t\\v\\\\\n", ["\u{8}\u{C}\n\r\t\u{B}\\"]), ("\\\\N\t1\n", ["\\N", "1"]),
            ("é\t\\N\tz", ["é", nil, "z"]),
        ] as [(String, [String?])])
    func rows(text: String, expected: [String?]) { #expect(decode(Array(text.utf8)) == expected) }

    @Test("a row cut at any byte gives columns, never a trap")
    func cut() {
        let row = Array("ab\\tc\t\\N\t\\\\\tx\n".utf8)
        for count in 0...row.count { #expect(!decode(Array(row[..<count])).isEmpty) }
    }
}
