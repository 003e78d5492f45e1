import ChangeModel
import Foundation
import Testing

@testable import PostgresCapture

@Suite("The ledger of a snapshot")
struct SnapshotLedgerTests {
    private func storage(blocks: UInt32, chunk: UInt32, next: UInt32 = 0) -> SnapshotLedger.Storage {
        SnapshotLedger.Storage(oid: 7, fileNode: 9, blockCount: blocks, blocksPerChunk: chunk, nextBlock: next)
    }

    @Test("chunks cover every block that is left, once")
    func chunks() {
        #expect(storage(blocks: 10, chunk: 4).remainingChunks == [0..<4, 4..<8, 8..<10])
        #expect(storage(blocks: 10, chunk: 4, next: 8).remainingChunks == [8..<10])
        #expect(storage(blocks: 10, chunk: 4, next: 10).remainingChunks.isEmpty)
        #expect(storage(blocks: 0, chunk: 4).remainingChunks == [0..<0])
        #expect(storage(blocks: .max, chunk: .max - 1).remainingChunks == [0..<(.max - 1), (.max - 1)..<(.max)])
    }

    @Test("completing chunks, heaps and tables leaves what is left, also through its stored form")
    func completion() throws {
        let first = SnapshotLedger.Table(
            oid: 1, id: TableID(schema: "s", table: "a"), storages: [storage(blocks: 10, chunk: 4)])
        let second = SnapshotLedger.Table(
            oid: 2, id: TableID(schema: "s", table: "b"), storages: [], select: "SELECT 1")
        var ledger = SnapshotLedger(
            lsn: LSN(rawValue: 5), transactions: TransactionSnapshot(xmin: 1, xmax: 3, inProgress: [2]),
            transactionID: 4, timestampMicros: 6, tables: [first, second])
        ledger.complete(storage: 7, below: 4, of: 1)
        #expect(ledger.tables[0].storages[0].nextBlock == 4)
        ledger.complete(storage: 7, below: 10, of: 2)
        #expect(ledger.tables[0].storages[0].nextBlock == 4, "another table's chunk changes nothing")
        ledger = try JSONDecoder().decode(SnapshotLedger.self, from: JSONEncoder().encode(ledger))
        #expect(ledger.tables[0].storages[0].remainingChunks == [4..<8, 8..<10])
        ledger.complete(storage: 7, below: 10, of: 1)
        ledger.complete(table: 1)
        #expect(ledger.tables == [second])
        #expect(!ledger.isAtFirstTable)
        ledger.complete(table: 2)
        #expect(ledger.isComplete)
    }

    @Test("rows that live in TOAST make chunks of fewer blocks")
    func chunkSize() {
        func blocks(_ heap: Int, _ total: Int) -> UInt32 {
            SnapshotPlanner.blocksPerChunk(
                heapByteCount: heap, totalByteCount: total, blockByteCount: 8192, chunkByteCount: 1 << 20)
        }
        #expect(blocks(0, 0) == 1)
        #expect(blocks(1 << 30, 1 << 30) == 128)
        #expect(blocks(8192, 8192 * 1000) == 1)
    }
}
