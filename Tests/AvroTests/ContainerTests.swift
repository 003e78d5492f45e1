import Avro
import ByteCoding
import TailraceTesting
import Testing

@Suite("Avro's files")
struct ContainerTests {
    private static let schema = #"{"type":"record","name":"R","fields":[{"name":"a","type":"long"}]}"#
    private static let marker = [UInt8](repeating: 0xA7, count: 16)

    private static func file(_ values: [AvroValue], blockSize: Int) throws -> [UInt8] {
        var output = ByteBuffer()
        var writer = ContainerWriter(
            schema: try AvroSchema(parsing: schema), marker: marker, metadata: [("origin", [1, 2])], into: &output)
        for (index, value) in values.enumerated() {
            try writer.append(value)
            if index % blockSize == blockSize - 1 { try writer.flush(into: &output) }
        }
        try writer.flush(into: &output)
        return output.array()
    }

    private static func read(_ bytes: [UInt8]) throws(ContainerError) -> [AvroValue] {
        var reader = try ContainerReader(bytes.span)
        var values: [AvroValue] = []
        while let block = try reader.nextBlock() { values += block }
        return values
    }

    @Test("what was written is read, in blocks, with the schema and the metadata")
    func roundTrip() throws {
        let values = (0..<100).map { AvroValue.record([.long(Int64($0))]) }
        let bytes = try Self.file(values, blockSize: 7)
        #expect(try Self.read(bytes) == values)
        let reader = try ContainerReader(bytes.span)
        let (metadata, schema) = (reader.metadata, reader.schema.description)
        #expect(metadata.first { $0.key == "origin" }?.value == [1, 2])
        #expect(schema == Self.schema)
    }

    @Test("a damaged file is an error or fewer blocks, never a trap")
    func damage() throws {
        let bytes = try Self.file((0..<20).map { .record([.long($0)]) }, blockSize: 5)
        var random = SeededGenerator(seed: 1)
        for cut in 0..<bytes.count { _ = try? Self.read(Array(bytes[..<cut])) }
        for _ in 0..<2000 {
            var damaged = bytes
            damaged[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            _ = try? Self.read(damaged)
        }
        var unmarked = bytes
        unmarked[bytes.count - 1] ^= 1
        #expect(throws: ContainerError.markerMissing) { try Self.read(unmarked) }
        #expect(throws: ContainerError.notAContainer) { try Self.read(Array("PK..".utf8)) }
    }

    @Test("a single object finds its schema by the fingerprint")
    func singleObject() throws {
        let schema = try AvroSchema(parsing: Self.schema)
        var buffer = ByteBuffer()
        try SingleObject.encode(.record([.long(5)]), schema, into: &buffer)
        let bytes = buffer.array()
        #expect(Array(bytes[..<2]) == [0xC3, 0x01])
        var reader = ByteReader(bytes.span)
        let value = try SingleObject.decode(&reader) { $0 == schema.rabinFingerprint ? schema : nil }
        #expect(value == .record([.long(5)]))
    }
}

@Suite("Fingerprints and JSON")
struct FingerprintTests {
    @Test("MD5 and SHA-256 of a canonical form equal the published digests")
    func digests() throws {
        func hex(_ bytes: [UInt8]) -> String {
            bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }
        let schema = try AvroSchema(parsing: #""int""#)
        // Digests of the five characters of "int" with its quotes.
        #expect(hex(schema.md5Fingerprint) == "ef524ea1b91e73173d938ade36c1db32")
        #expect(
            hex(schema.sha256Fingerprint) == "3f2b87a9fe7cc9b13835598c3981cd45e3e355309e5090aa0933d7becb6fba45")
        #expect(hex(MD5.hash([])) == "d41d8cd98f00b204e9800998ecf8427e")
    }

    @Test("JSON keeps the order of members and the text of numbers; malformed text is refused with its place")
    func json() throws {
        let text = #"{"b":1,"a":[1.0,-0.5e10,true,null,"x\n\u0001"],"é":{}}"#
        #expect(try JSONValue(parsing: text).description == text)
        for bad in ["", "{", "[1,]", "{\"a\"}", "01", "1.", "\"\u{1}\"", "nul", "1 2", "[\"\\x\"]", "/**/1"] {
            #expect(throws: JSONError.self) { try JSONValue(parsing: bad) }
        }
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(repeating: "[", count: 100_000)) }
        #expect(try JSONValue(parsing: #""\ud83d\ude00""#) == "😀")
    }
}
