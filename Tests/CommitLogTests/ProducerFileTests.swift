import ByteCoding
import ChangeModel
import KafkaProtocol
import TailraceTesting
import Testing

@testable import CommitLog

/// Byte for byte against Kafka's definitions: `ProducerSnapshot` version 1, the transaction index's `AbortedTxn` version 0,
/// and the control records of transactions.
@Suite("Files of producers and transactions")
struct ProducerFileTests {
    private func makeHeader(sequence: Int32, offset: Int64, attributes: Int16 = 0) -> RecordBatchHeader? {
        var bytes = TestBatch(
            values: ["a", "b"], attributes: attributes, producerID: 0x0102, epoch: 3, sequence: sequence
        ).bytes()
        RecordBatchEncoder.setBaseOffset(Offset(rawValue: offset), in: &bytes, at: 0)
        return try? RecordBatchHeader(parsing: bytes.span)
    }

    @Test("a snapshot is Kafka's: version, checksum, count, and 46 bytes an entry, a producer's newest batch last")
    func snapshot() throws {
        var table = ProducerTable()
        for (sequence, offset) in [(0, 10), (2, 12)] as [(Int32, Int64)] {
            let header = try #require(makeHeader(sequence: sequence, offset: offset, attributes: 0x10))
            #expect(table.apply(header, marker: nil, now: 77) == nil)
        }
        let bytes = ProducerSnapshot.encode(table)
        #expect(bytes.count == 2 + 4 + 4 + 2 * 46)
        #expect(Array(bytes[..<2]) == [0, 1])
        #expect(bytes[6..<10] == [0, 0, 0, 2])
        let newest: [UInt8] = [
            0, 0, 0, 0, 0, 0, 1, 2, 0, 3,  // producer id, epoch
            0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 13, 0, 0, 0, 1,  // last sequence, last offset, offset delta
            0, 0, 0, 0, 0, 0, 0, 77, 0xFF, 0xFF, 0xFF, 0xFF,  // timestamp, coordinator epoch
            0, 0, 0, 0, 0, 0, 0, 10,  // where the open transaction began
        ]
        #expect(Array(bytes.suffix(46)) == newest)
        let crc = bytes[2..<6].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        #expect(CRC32C.checksum(bytes.span.extracting(6..<bytes.count)) == crc)
        let again = try ProducerSnapshot.decode(bytes, path: "x")
        #expect(again.states == table.states)
        #expect(again.firstUnstableOffset == Offset(rawValue: 10))
        for cut in 0..<bytes.count {
            #expect(throws: StorageError.self) { try ProducerSnapshot.decode(Array(bytes[..<cut]), path: "x") }
        }
        for place in bytes.indices {
            var flipped = bytes
            flipped[place] ^= 0x40
            #expect(throws: StorageError.self) { try ProducerSnapshot.decode(flipped, path: "x") }
        }
    }

    @Test("a transaction index's entry is Kafka's 34 bytes")
    func transactionIndex() {
        let entry = AbortedTransaction(
            producerID: 5, firstOffset: Offset(rawValue: 6), lastOffset: Offset(rawValue: 7),
            lastStableOffset: Offset(rawValue: 8))
        var buffer = ByteBuffer()
        entry.append(to: &buffer)
        #expect(buffer.array() == [0, 0] + [5, 6, 7, 8].flatMap { [0, 0, 0, 0, 0, 0, 0, UInt8($0)] })
        let second = AbortedTransaction(
            producerID: 5, firstOffset: Offset(rawValue: 8), lastOffset: Offset(rawValue: 9),
            lastStableOffset: Offset(rawValue: 10))
        second.append(to: &buffer)
        let whole = buffer.array()
        for cut in 0...whole.count {
            let part = Array(whole[..<cut])
            let decoded = AbortedTransaction.decode(part.span)
            #expect(decoded == Array([entry, second].prefix(cut / 34)))
        }
        // A lost write leaves zeros.
        let zeros = Array(repeating: 0 as UInt8, count: 34) + whole
        let none = AbortedTransaction.decode(zeros.span)
        #expect(none.isEmpty)
    }

    @Test("a marker's batch is Kafka's control batch")
    func marker() throws {
        let marker = TransactionMarker(producerID: 9, producerEpoch: 2, coordinatorEpoch: 7, isCommit: true)
        var buffer = ByteBuffer()
        marker.appendBatch(timestamp: 1000, into: &buffer)
        let header = try RecordBatchHeader.validate(buffer.span)
        #expect(header.attributes == 0x30)
        #expect(header.baseSequence == -1)
        #expect(header.recordCount == 1)
        #expect(try TransactionMarker(parsing: buffer.span, header: header) == marker)
        let record: [UInt8] = [
            32, 0, 0, 0,  // length 16, attributes, timestamp and offset deltas
            8, 0, 0, 0, 1,  // key: version 0, type 1
            12, 0, 0, 0, 0, 0, 7,  // value: version 0, coordinator epoch
            0,
        ]
        #expect(Array(buffer.array().dropFirst(RecordBatchHeader.byteCount)) == record)
    }
}
