import Avro
import ByteCoding
import Testing

@Suite("What fastavro writes")
struct FastavroTests {
    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
    }

    @Test("its data and its files are read, and the same values are written in the same bytes")
    func roundTrips() throws {
        let path = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let lines = try TextFile.lines("/\(path)/Table/fastavro.jsonl")
        #expect(lines.count == 150)
        for line in lines {
            let entry = try JSONValue(parsing: line)
            let schema = try AvroSchema(parsing: try #require(entry["schema"]?.text))
            let datum = Self.bytes(try #require(entry["datum"]?.text))
            let (value, count) = try BinaryTests.decode(schema, datum)
            #expect(count == datum.count)
            #expect(try BinaryTests.encode(schema, value) == datum, "\(schema)")
            let file = Self.bytes(try #require(entry["file"]?.text))
            var reader = try ContainerReader(file.span)
            let block = try reader.nextBlock()
            #expect(block == [value, value, value], "\(schema)")
        }
    }
}
