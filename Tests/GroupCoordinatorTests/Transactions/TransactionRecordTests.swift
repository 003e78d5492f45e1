import ByteCoding
import ChangeModel
import TailraceTesting
import Testing

@testable import GroupCoordinator

@Suite("Transactions: records of __transaction_state")
struct TransactionRecordTests {
    private func decode(_ bytes: [UInt8]) throws -> TransactionMetadata {
        try TransactionRecord.decodeValue(bytes.span, transactionalID: "t")
    }

    private var full: TransactionMetadata {
        var metadata = TransactionMetadata(
            transactionalID: "t", producerID: 5, producerEpoch: 3, timeoutMillis: 60_000, state: .prepareCommit,
            lastUpdateTimestamp: 258)
        metadata.previousProducerID = 4
        metadata.nextProducerID = 6
        metadata.bumpsEpochOnEnd = true
        metadata.startTimestamp = 257
        metadata.partitions = [
            TopicPartition(topic: "a", partition: 0), TopicPartition(topic: "b", partition: 2),
            TopicPartition(topic: "a", partition: 1),
        ]
        return metadata
    }

    @Test("the bytes are Kafka's")
    func golden() throws {
        #expect(TransactionRecord.encodeKey("tx") == [0, 0, 0, 2, 0x74, 0x78])
        let expected: [UInt8] =
            [0, 1] + [0, 0, 0, 0, 0, 0, 0, 5] + [0, 3] + [0, 0, 0xEA, 0x60] + [2]
            + [3, 2, 0x61, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 0x62, 2, 0, 0, 0, 2, 0]
            + [0, 0, 0, 0, 0, 0, 1, 2] + [0, 0, 0, 0, 0, 0, 1, 1]
            + [3, 0, 8, 0, 0, 0, 0, 0, 0, 0, 4, 1, 8, 0, 0, 0, 0, 0, 0, 0, 6, 2, 2, 0, 2]
        #expect(TransactionRecord.encodeValue(full) == expected)
    }

    @Test("a value reads back as written, its partitions grouped by topic")
    func roundTrip() throws {
        var expected = full
        expected.partitions.swapAt(1, 2)
        #expect(try decode(TransactionRecord.encodeValue(full)) == expected)
        var empty = full
        empty.state = .empty
        empty.partitions = []
        #expect(try decode(TransactionRecord.encodeValue(empty)) == empty)
        let key = TransactionRecord.encodeKey("søker")
        #expect(try TransactionRecord.decodeKey(key.span) == "søker")
    }

    @Test("version 0, as older brokers write it, is read")
    func versionZero() throws {
        let bytes: [UInt8] =
            [0, 0] + [0, 0, 0, 0, 0, 0, 0, 5] + [0, 3] + [0, 0, 0xEA, 0x60] + [1]
            + [0, 0, 0, 1, 0, 1, 0x61, 0, 0, 0, 1, 0, 0, 0, 7]
            + [0, 0, 0, 0, 0, 0, 1, 2] + [0, 0, 0, 0, 0, 0, 1, 1]
        let metadata = try decode(bytes)
        #expect(metadata.state == .ongoing)
        #expect(metadata.partitions == [TopicPartition(topic: "a", partition: 7)])
        #expect(metadata.previousProducerID == -1)
        #expect(metadata.startTimestamp == 257)
    }

    @Test("a record cut anywhere is an error, and one with flipped bits is an error or a value")
    func broken() throws {
        let bytes = TransactionRecord.encodeValue(full)
        for end in 0..<bytes.count {
            let cut = Array(bytes[..<end])
            #expect(throws: DecodeError.self) { try decode(cut) }
        }
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<5_000 {
            var changed = bytes
            changed[Int.random(in: 0..<changed.count, using: &generator)] ^= UInt8(
                1 << Int.random(in: 0..<8, using: &generator))
            if let metadata = try? decode(changed) { #expect(metadata.partitions.count <= bytes.count) }
        }
    }

    @Test("a transactional id goes to the partition that Java's hash of it names")
    func partition() {
        #expect(TransactionPartition.index(of: "", partitionCount: 50) == 0)
        // "abc".hashCode() is 96354; "polygenelubricants".hashCode() is the smallest Int32.
        #expect(TransactionPartition.index(of: "abc", partitionCount: 50) == 96_354 % 50)
        #expect(TransactionPartition.index(of: "polygenelubricants", partitionCount: 50) == 0)
        #expect(TransactionPartition.index(of: "-1", partitionCount: 7) == 1_444 % 7)
    }
}
