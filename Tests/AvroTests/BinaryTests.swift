import Avro
import ByteCoding
import TailraceTesting
import Testing

@Suite("Avro's binary encoding")
struct BinaryTests {
    static func decode(_ schema: AvroSchema, _ bytes: [UInt8]) throws(DecodeError) -> (AvroValue, read: Int) {
        var reader = ByteReader(bytes.span)
        let value = try schema.decode(&reader)
        return (value, reader.position)
    }

    static func encode(_ schema: AvroSchema, _ value: AvroValue) throws(EncodeMismatch) -> [UInt8] {
        var buffer = ByteBuffer()
        try schema.encode(value, into: &buffer)
        return buffer.array()
    }

    @Test("the specification's examples have its bytes")
    func examples() throws {
        let record = try AvroSchema(
            parsing: """
                {"type":"record","name":"test","fields":[{"name":"a","type":"long"},{"name":"b","type":"string"}]}
                """)
        #expect(try Self.encode(record, .record([.long(27), .string("foo")])) == [0x36, 0x06, 0x66, 0x6F, 0x6F])
        let array = try AvroSchema(parsing: #"{"type":"array","items":"long"}"#)
        #expect(try Self.encode(array, .array([.long(3), .long(27)])) == [0x04, 0x06, 0x36, 0x00])
        let union = try AvroSchema(parsing: #"["null","string"]"#)
        #expect(try Self.encode(union, .union(branch: 1, .string("a"))) == [0x02, 0x02, 0x61])
        // A block with its size in bytes, as other writers make them.
        #expect(try Self.decode(array, [0x03, 0x04, 0x06, 0x36, 0x00]).0 == .array([.long(3), .long(27)]))
        let float = try AvroSchema(parsing: #""float""#)
        #expect(try Self.encode(float, .float(1)) == [0, 0, 0x80, 0x3F])
    }

    @Test("any value of any schema reads back as itself; cut short or flipped it is a value or an error, never a trap")
    func roundTrips() throws {
        for seed in 0..<400 {
            var sample = SampleData(SeededGenerator(seed: UInt64(seed)))
            let text = sample.schema()
            let schema = try AvroSchema(parsing: text)
            #expect(try AvroSchema(parsing: schema.description).description == schema.description)
            let value = sample.value(schema)
            let bytes = try Self.encode(schema, value)
            let (decoded, count) = try Self.decode(schema, bytes)
            #expect(decoded == value, "seed \(seed)")
            #expect(count == bytes.count)
            let resolved = SchemaResolution(writer: schema, reader: schema).resolve(value)
            #expect(resolved == value, "seed \(seed)")
            for cut in 0..<min(bytes.count, 64) {
                // A prefix never decodes: every type's encoding says where it ends.
                #expect(throws: DecodeError.self) { try Self.decode(schema, Array(bytes[..<cut])) }
            }
            for _ in 0..<20 where !bytes.isEmpty {
                var damaged = bytes
                damaged[Int.random(in: 0..<bytes.count, using: &sample.random)] ^= UInt8(
                    1 << Int.random(in: 0..<8, using: &sample.random))
                _ = try? Self.decode(schema, damaged)
            }
        }
    }

    @Test("a datum that claims more than it may is refused before it takes the memory")
    func limits() throws {
        let nulls = try AvroSchema(parsing: #"{"type":"array","items":"null"}"#)
        var buffer = ByteBuffer()
        buffer.append(avroLong: 1 << 40)
        buffer.append(avroLong: 0)
        let many = buffer.array()
        #expect(throws: DecodeError.malformed("a datum of too many values")) { try Self.decode(nulls, many) }
        let list = try AvroSchema(
            parsing: #"{"type":"record","name":"L","fields":[{"name":"n","type":["null","L"]}]}"#)
        let deep = [UInt8](repeating: 2, count: 10_000) + [0]
        #expect(throws: DecodeError.malformed("values nest too deep")) { try Self.decode(list, deep) }
        let bytes = try AvroSchema(parsing: #""bytes""#)
        buffer.removeAll()
        buffer.append(avroLong: .max)
        let long = buffer.array()
        #expect(throws: DecodeError.self) { try Self.decode(bytes, long) }
    }

    @Test("a reader's schema fills in defaults, follows aliases, promotes numbers and falls back on an enum's default")
    func resolution() throws {
        let writer = try AvroSchema(
            parsing: """
                {"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"gone","type":"string"},
                {"name":"e","type":{"type":"enum","name":"E","symbols":["A","B"]}}]}
                """)
        let reader = try AvroSchema(
            parsing: """
                {"type":"record","name":"R","fields":[{"name":"b","type":"double","aliases":["a"]},
                {"name":"e","type":{"type":"enum","name":"E","symbols":["A"],"default":"A"}},
                {"name":"n","type":["null","int"],"default":null},{"name":"x","type":"bytes","default":"\\u00ff"}]}
                """)
        let value = AvroValue.record([.int(7), .string("x"), .enumeration(1)])
        let resolved = SchemaResolution(writer: writer, reader: reader).resolve(value)
        #expect(
            resolved == .record([.double(7), .enumeration(0), .union(branch: 0, .null), .bytes([255])]))
        #expect(SchemaResolution(writer: reader, reader: writer).resolve(try #require(resolved)) == nil)
    }
}
