import ByteCoding
import ChangeModel
import Compression
import KafkaProtocol
import TailraceTesting
import Testing

@Suite("Record batches")
struct RecordBatchTests {
    @Test("an uncompressed batch has Kafka's bytes")
    func bytes() throws {
        let builder = RecordBatchBuilder()
        let (key, value, headers) = (Array("k".utf8), Array("v".utf8), [2, 2, 0x68, 1] as [UInt8])
        builder.append(
            timestamp: 1000, key: key.span, hasKey: true, value: value.span, hasValue: true, headers: headers.span)
        let noHeaders: [UInt8] = [0]
        builder.append(
            timestamp: 1001, key: key.span, hasKey: true, value: value.span, hasValue: false, headers: noHeaders.span)
        var output = ByteBuffer()
        try RecordBatchEncoder.encode(builder, as: .none, codec: StandardCodec(), into: &output)
        let bytes = output.array()
        var expected: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 69, 0, 0, 0, 0, 2]
        expected += bytes[17..<21]  // the checksum, which `validate` proves
        expected += [0, 0, 0, 0, 0, 1]
        expected += [0, 0, 0, 0, 0, 0, 3, 232, 0, 0, 0, 0, 0, 0, 3, 233]
        expected += [UInt8](repeating: 255, count: 14) + [0, 0, 0, 2]
        expected += [22, 0, 0, 0, 2, 0x6B, 2, 0x76, 2, 2, 0x68, 1]
        expected += [14, 0, 2, 2, 2, 0x6B, 1, 0]
        #expect(bytes.count == 81)
        #expect(bytes == expected)
        let header = try RecordBatchHeader.validate(bytes.span)
        #expect(header.recordCount == 2 && header.lastOffsetDelta == 1 && header.producerID == -1)
    }

    @Test("records come back as they were, through every codec", arguments: CompressionType.allCases)
    func roundTrip(type: CompressionType) throws {
        var generator = SeededGenerator(seed: 7)
        let records = (0..<500).map { SampleRecord.random(number: $0, using: &generator) }
        let batch = try Self.batch(of: records, as: type)
        let decoded = try Self.decode(batch)
        #expect(decoded == records)
    }

    @Test("a batch keeps its checksum when its base offset is set")
    func baseOffset() throws {
        var generator = SeededGenerator(seed: 1)
        var output = ByteBuffer()
        output.append(try Self.batch(of: [.random(number: 0, using: &generator)], as: .none))
        RecordBatchEncoder.setBaseOffset(Offset(rawValue: 77), in: &output, at: 0)
        let bytes = output.array()
        let header = try RecordBatchHeader.validate(bytes.span)
        #expect(header.baseOffset == Offset(rawValue: 77))
    }

    @Test("a batch cut at any byte is refused", arguments: CompressionType.allCases)
    func cut(type: CompressionType) throws {
        var generator = SeededGenerator(seed: 3)
        let batch = try Self.batch(of: (0..<5).map { .random(number: $0, using: &generator) }, as: type)
        for count in 1..<batch.count {
            let part = Array(batch[..<count])
            #expect(throws: (any Error).self) { try Self.decode(part) }
        }
    }

    @Test("a flipped bit gives an error or a value, never a trap; behind the header's start it is always noticed")
    func flip() throws {
        var generator = SeededGenerator(seed: 4)
        let batch = try Self.batch(of: (0..<3).map { .random(number: $0, using: &generator) }, as: .none)
        for index in batch.indices {
            for bit in 0..<8 {
                var changed = batch
                changed[index] ^= 1 << UInt8(bit)
                let isAccepted = (try? Self.decode(changed)) != nil
                // The base offset and the leader epoch are outside of the checksum.
                if isAccepted { #expect(index < 8 || (12..<16).contains(index), "byte \(index), bit \(bit)") }
            }
        }
    }

    @Test("records with a valid checksum and arbitrary content give an error or a value", arguments: 0..<200)
    func arbitrary(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        var batch = try Self.batch(
            of: (0..<4).map { .random(number: $0, using: &generator) },
            as: CompressionType.allCases[seed % CompressionType.allCases.count])
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            batch[Int.random(in: 21..<batch.count, using: &generator)] = .random(in: 0...255, using: &generator)
        }
        let covered = Array(batch[21...])
        let crc = CRC32C.checksum(covered.span)
        for index in 0..<4 { batch[17 + index] = UInt8(truncatingIfNeeded: crc >> (24 - 8 * UInt32(index))) }
        _ = try? Self.decode(batch)
    }

    @Test("a batch that claims too much is refused before it takes the memory", arguments: [1, 2, 3, 4] as [UInt8])
    func bomb(number: UInt8) throws {
        let type = try #require(CompressionType(rawValue: number))
        let codec = StandardCodec()
        var output = ByteBuffer()
        let zeros = [UInt8](repeating: 0, count: 4 << 20)
        try codec.compress(zeros.span, as: type, into: &output)
        let compressed = output.array()
        #expect(throws: CompressionError.tooLarge(byteCountMax: 1 << 20)) {
            try Self.decompress(compressed, as: type, codec: codec, byteCountMax: 1 << 20)
        }
        let plain = try Self.decompress(compressed, as: type, codec: codec, byteCountMax: 4 << 20)
        #expect(plain == zeros)
    }

    @Test("compressed bytes with changes give an error or a value", arguments: 0..<200)
    func damagedCompression(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let type = CompressionType.allCases[1 + seed % 4]
        let codec = StandardCodec()
        var output = ByteBuffer()
        let text = Array(String(repeating: "some text that compresses ", count: 50).utf8)
        try codec.compress(text.span, as: type, into: &output)
        var bytes = output.array()
        if seed % 3 == 0 { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator)) }
        for _ in 0..<3 {
            bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
        }
        let plain = try? Self.decompress(bytes, as: type, codec: codec, byteCountMax: 100_000)
        #expect((plain ?? []).count <= 100_000)
        // The codec is as good as new afterwards.
        let again = try Self.decompress(output.array(), as: type, codec: codec, byteCountMax: 100_000)
        #expect(again == text)
    }

    @Test("bare snappy blocks, as librdkafka writes them, are read")
    func bareSnappy() throws {
        // Five literal bytes: their count as a varint, the tag (count - 1) << 2, the bytes.
        let block: [UInt8] = [5, 16] + Array("hello".utf8)
        let plain = try Self.decompress(block, as: .snappy, codec: StandardCodec(), byteCountMax: 100)
        #expect(plain == Array("hello".utf8))
    }

    static func decompress(
        _ bytes: [UInt8], as type: CompressionType, codec: StandardCodec, byteCountMax: Int
    ) throws -> [UInt8] {
        var plain = ByteBuffer()
        try codec.decompress(bytes.span, as: type, into: &plain, byteCountMax: byteCountMax)
        return plain.array()
    }

    static func copy(_ bytes: Span<UInt8>) -> [UInt8] { bytes.withUnsafeBufferPointer { Array($0) } }

    static func batch(of records: [SampleRecord], as type: CompressionType) throws -> [UInt8] {
        let builder = RecordBatchBuilder()
        for record in records {
            let (key, value) = (record.key ?? [], record.value ?? [])
            var headers = ByteBuffer()
            headers.append(varInt: Int64(record.headers.count))
            for header in record.headers {
                headers.append(varInt: Int64(header.key.utf8.count))
                headers.append(header.key)
                headers.append(varInt: header.value.map { Int64($0.count) } ?? -1)
                if let value = header.value { headers.append(value) }
            }
            builder.append(
                timestamp: record.timestamp, key: key.span, hasKey: record.key != nil, value: value.span,
                hasValue: record.value != nil, headers: headers.span)
        }
        var output = ByteBuffer()
        try RecordBatchEncoder.encode(builder, as: type, codec: StandardCodec(), into: &output)
        return output.array()
    }

    static func decode(_ bytes: [UInt8]) throws -> [SampleRecord] {
        var result: [SampleRecord] = []
        try RecordBatches.forEachRecord(in: bytes.span, codec: StandardCodec()) { record in
            result.append(
                SampleRecord(
                    timestamp: record.timestamp,
                    key: record.hasKey ? copy(record.key) : nil, value: record.hasValue ? copy(record.value) : nil,
                    headers: try record.decodeHeaders()))
        }
        return result
    }
}

struct SampleRecord: Equatable {
    var timestamp: Int64
    var key: [UInt8]?
    var value: [UInt8]?
    var headers: [RecordHeader]

    static func random(number: Int, using generator: inout SeededGenerator) -> SampleRecord {
        var headers: [RecordHeader] = []
        for index in 0..<Int.random(in: 0...2, using: &generator) {
            headers.append(
                RecordHeader(key: "h\(index)", value: generator.oneIn(3) ? nil : bytes(10, using: &generator)))
        }
        return SampleRecord(
            timestamp: 1_700_000_000_000 + .random(in: -500...500, using: &generator),
            key: generator.oneIn(5) ? nil : bytes(20, using: &generator),
            value: generator.oneIn(5) ? nil : bytes(300, using: &generator), headers: headers)
    }

    private static func bytes(_ most: Int, using generator: inout SeededGenerator) -> [UInt8] {
        var result: [UInt8] = []
        for _ in 0..<Int.random(in: 0...most, using: &generator) {
            result.append(.random(in: 97...110, using: &generator))
        }
        return result
    }
}
