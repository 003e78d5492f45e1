import ByteCoding
import ChangeModel
import Compression
import KafkaProtocol
import TailraceTesting
import Testing

@testable import CommitLog

@Suite("The check of a client's batch")
struct BatchValidatorTests {
    private static let codecs: [CompressionType] = [.gzip, .snappy, .lz4, .zstd]

    private func validator(_ settings: [String: String] = [:]) throws -> BatchValidator {
        BatchValidator(configuration: try TopicConfiguration(settings), now: 5000)
    }

    /// The batch with its records compressed.
    private func compressed(_ batch: borrowing ByteBuffer, as type: CompressionType) throws -> ByteBuffer {
        var output = ByteBuffer()
        let header = try RecordBatchHeader(parsing: batch.span)
        try RecordBatchEncoder.recompress(
            batch.span.extracting(RecordBatchHeader.byteCount..<batch.count), of: header, as: type,
            codec: StandardCodec(), into: &output)
        return output
    }

    private func values(_ batch: borrowing ByteBuffer) throws -> [String] {
        var result: [String] = []
        try RecordBatches.forEachRecord(in: batch.span, codec: StandardCodec()) { record in
            result.append(record.value.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
        }
        return result
    }

    private func code(_ batch: consuming ByteBuffer, _ settings: [String: String] = [:]) throws -> Int16? {
        var batch = batch
        let validator = try validator(settings)
        do throws(AppendError) {
            _ = try validator.validate(&batch, codec: StandardCodec())
            return nil
        } catch {
            return error.code
        }
    }

    @Test("a compressed batch is left as it came", arguments: codecs)
    func untouched(type: CompressionType) throws {
        var batch = try compressed(TestBatch(values: ["a", "b", "c"]).bytes(), as: type)
        let before = batch.array()
        _ = try validator().validate(&batch, codec: StandardCodec())
        #expect(batch.array() == before)
        #expect(try values(batch) == ["a", "b", "c"])
    }

    @Test("a topic's own codec takes the place of the producer's, and the producer's fields stay", arguments: codecs)
    func recompression(type: CompressionType) throws {
        for target in [CompressionType.none] + Self.codecs {
            let name = target == .none ? "uncompressed" : target.name
            var batch = try compressed(
                TestBatch(values: ["a", "b"], producerID: 4, epoch: 2, sequence: 9).bytes(), as: type)
            let time = try validator(["compression.type": name, "message.timestamp.type": "LogAppendTime"])
                .validate(&batch, codec: StandardCodec())
            #expect(time == 5000)
            let header = try RecordBatchHeader.validate(batch.span)
            #expect(header.compression == target)
            #expect(header.hasLogAppendTime)
            #expect(header.producerID == 4 && header.producerEpoch == 2 && header.baseSequence == 9)
            #expect(try values(batch) == ["a", "b"])
        }
    }

    @Test("what is wrong inside a compressed batch is found", arguments: codecs)
    func inside(type: CompressionType) throws {
        let keyless = try compressed(TestBatch(values: ["a"]).bytes(), as: type)
        #expect(try code(keyless, ["cleanup.policy": "compact"]) == 87)
        let fewer = try compressed(
            TestBatch(values: ["a", "b"], recordCount: 3, lastOffsetDelta: 2).bytes(), as: type)
        #expect(try code(fewer) == 87)
        let more = try compressed(
            TestBatch(values: ["a", "b"], recordCount: 1, lastOffsetDelta: 0).bytes(), as: type)
        #expect(try code(more) == 87)
        let late = try compressed(TestBatch(values: ["a"], timestamp: 3_605_001).bytes(), as: type)
        #expect(try code(late) == 32)
        // Bytes that are no compressed data, under a right checksum.
        #expect(try code(TestBatch(values: ["abcdefgh"], attributes: Int16(type.rawValue)).bytes()) == 2)
    }

    @Test("a record's time may lie no further in the past or the future than the topic says")
    func timestamps() throws {
        let settings = ["message.timestamp.before.max.ms": "1000", "message.timestamp.after.max.ms": "10"]
        for (timestamp, expected) in [(3999, 32), (4000, nil), (5010, nil), (5011, 32), (-1, nil)] as [(Int64, Int16?)]
        {
            #expect(try code(TestBatch(values: ["a"], timestamp: timestamp).bytes(), settings) == expected)
        }
        let unbounded = ["message.timestamp.after.max.ms": "9223372036854775807"]
        #expect(try code(TestBatch(values: ["a"], timestamp: .max).bytes(), unbounded) == nil)
        #expect(try code(TestBatch(values: ["a"], timestamp: 0).bytes()) == nil)
        let byLog = ["message.timestamp.type": "LogAppendTime"]
        #expect(try code(TestBatch(values: ["a"], timestamp: .max).bytes(), byLog) == nil)
    }

    @Test("a batch with any bit flipped or cut at any byte is refused", arguments: [CompressionType.none] + codecs)
    func damage(type: CompressionType) throws {
        let whole = try compressed(TestBatch(values: ["first", "second"], key: "k").bytes(), as: type).array()
        for cut in 0..<whole.count { #expect(try code(Array(whole[..<cut]).buffer) != nil) }
        // Base offset and leader epoch are the log's to set; all else is under the checksum, or breaks the frame.
        for place in whole.indices where !(12..<16).contains(place) {
            for bit in 0..<8 {
                var flipped = whole
                flipped[place] ^= 1 << UInt8(bit)
                #expect(try code(flipped.buffer) != nil, "byte \(place), bit \(bit)")
            }
        }
    }
}
