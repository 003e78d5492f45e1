import ChangeModel
import KafkaProtocol
import TailraceTesting
import Testing

@testable import CommitLog

@Suite("Retention and compaction")
struct RetentionTests {
    private let partition = TopicPartition(topic: "t", partition: 0)

    private func makeStore(
        _ settings: [String: String], disk: SimulatedFileSystem = SimulatedFileSystem(seed: 1)
    ) throws -> LogStore<SimulatedFileSystem> {
        let store = try LogStore(directory: "/data", files: disk, options: .simulated())
        if store.topics["t"] == nil {
            _ = try store.createTopic("t", partitionCount: 1, settings: settings)
        }
        return store
    }

    private func append(
        _ values: [String], keys: [String?]? = nil, at timestamp: Int64 = 1000,
        to store: LogStore<SimulatedFileSystem>
    ) {
        let request = CommitRequest()
        request.add(values, keys: keys, timestamp: timestamp, to: partition)
        #expect(store.commitNow([request]) == [true])
    }

    private func compact(_ store: LogStore<SimulatedFileSystem>, now: Int64 = 1000) throws {
        for plan in store.compactionPlans(now: now) {
            var compactor = Compactor(plan: plan, files: store.files, codec: PlainCodec())
            if let result = try compactor.run() { try store.apply(result) }
        }
    }

    @Test("segments whose newest record is too old go, others stay, and offsets do not change")
    func time() throws {
        let store = try makeStore(["segment.bytes": "200", "retention.ms": "1000"])
        for number in 0..<20 { append(["value \(number)"], at: Int64(number) * 100, to: store) }
        try store.enforceRetention(now: 2000)
        let records = try store.records(partition)
        let first = try #require(records.first)
        #expect(first.value == "value \(first.offset)")
        // A segment of two records goes when both are older than 1,000 ms.
        #expect(first.offset.rawValue == 10)
        #expect(records.count == 10)
        let view = try #require(store.partitions[partition]?.view)
        let error = #expect(throws: StorageError.self) { _ = try view.read(from: .zero, byteCountMax: 100) }
        #expect(error?.code == .offsetOutOfRange)
        #expect(error?.availableOffsets == Offset(rawValue: 10)..<Offset(rawValue: 20))
    }

    @Test("when all records are too old, all go, and the next record keeps counting")
    func everything() throws {
        let store = try makeStore(["retention.ms": "1000"])
        append(["a", "b"], to: store)
        try store.enforceRetention(now: 10_000)
        #expect(try store.records(partition).isEmpty)
        append(["c"], at: 10_000, to: store)
        #expect(try store.records(partition).map(\.offset) == [Offset(rawValue: 2)])
    }

    @Test("the oldest segments go while the rest still has retention.bytes")
    func size() throws {
        let store = try makeStore(["segment.bytes": "200", "retention.bytes": "600", "retention.ms": "-1"])
        for number in 0..<20 { append(["value \(number)"], to: store) }
        try store.enforceRetention(now: 1000)
        let log = try #require(store.partitions[partition])
        let size = try log.segments.reduce(0) { try $0 + $1.open().log.byteCount() }
        #expect((600..<800).contains(size))
    }

    @Test("records before an offset can be deleted, and a restart does not bring them back")
    func deleteRecords() throws {
        let disk = SimulatedFileSystem(seed: 1)
        let store = try makeStore(["segment.bytes": "200"], disk: disk)
        for number in 0..<10 { append(["value \(number)"], to: store) }
        #expect(try store.deleteRecords(before: Offset(rawValue: 5), in: partition) == Offset(rawValue: 5))
        #expect(try store.records(partition).first?.value == "value 5")
        #expect(throws: StorageError.self) { try store.deleteRecords(before: Offset(rawValue: 11), in: partition) }
        disk.restart()
        let again = try makeStore([:], disk: disk)
        #expect(try again.records(partition).map(\.value) == (5..<10).map { "value \($0)" })
    }

    @Test("compaction keeps the newest record of each key, in place, and drops records without a key")
    func compaction() throws {
        let store = try makeStore(["segment.bytes": "300", "cleanup.policy": "compact"])
        for number in 0..<30 {
            append(["\(number)", "n"], keys: ["k\(number % 3)", nil], to: store)
        }
        let before = try store.records(partition)
        let activeBase = try #require(store.partitions[partition]?.active.baseOffset)
        try compact(store)
        let after = try store.records(partition)
        let sealed = before.filter { $0.offset < activeBase && $0.key != nil }
        let newest = Dictionary(sealed.map { ($0.key ?? "", $0.offset) }) { $1 }
        let expected =
            sealed.filter { newest[$0.key ?? ""] == $0.offset }.map(\.offset)
            + before.filter { $0.offset >= activeBase }.map(\.offset)
        #expect(after.map(\.offset) == expected)
        // Reading from any offset finds the next record that is left.
        let view = try #require(store.partitions[partition]?.view)
        for offset in 0..<Int64(before.count) {
            let slice = try view.read(from: Offset(rawValue: offset), byteCountMax: 1)
            #expect(slice.nextOffset.rawValue > offset)
        }
        try compact(store)
        #expect(try store.records(partition).map(\.offset) == expected)
    }

    @Test("a tombstone stays for delete.retention.ms after it was first compacted, then goes")
    func tombstones() throws {
        let store = try makeStore([
            "segment.bytes": "150", "cleanup.policy": "compact", "delete.retention.ms": "500",
            "min.cleanable.dirty.ratio": "0",
        ])
        append(["a"], keys: ["k"], to: store)
        append(["(tombstone)"], keys: ["k"], to: store)
        for number in 0..<4 { append(["\(number)"], keys: ["other"], to: store) }
        try compact(store, now: 1000)
        #expect(try store.records(partition).contains { $0.key == "k" && $0.value == nil })
        #expect(try !store.records(partition).contains { $0.value == "a" })
        for number in 4..<8 { append(["\(number)"], keys: ["other"], to: store) }
        try compact(store, now: 1400)
        #expect(try store.records(partition).contains { $0.key == "k" })
        for number in 8..<12 { append(["\(number)"], keys: ["other"], to: store) }
        try compact(store, now: 1600)
        #expect(try !store.records(partition).contains { $0.key == "k" })
    }

    @Test("a power cut during compaction or retention leaves the newest record of every key", arguments: 0..<80)
    func crash(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let disk = SimulatedFileSystem(seed: UInt64(seed))
        var store = try makeStore(
            ["segment.bytes": "300", "cleanup.policy": "compact", "min.cleanable.dirty.ratio": "0"], disk: disk)
        var newest: [String: String] = [:]
        for round in 0..<6 {
            for number in 0..<15 {
                let (key, value) = ("k\(Int.random(in: 0..<6, using: &generator))", "\(round).\(number)")
                append([value], keys: [key], to: store)
                newest[key] = value
            }
            disk.cutPower(afterOperations: Int.random(in: 1...60, using: &generator))
            try? compact(store)
            if generator.oneIn(2) { disk.restart() } else { disk.restartProcess() }
            store = try makeStore([:], disk: disk)
            let records = try store.records(partition)
            #expect(zip(records, records.dropFirst()).allSatisfy { $0.offset < $1.offset }, "seed \(seed)")
            let found = Dictionary(records.map { ($0.key ?? "", $0.value ?? "") }) { $1 }
            #expect(found == newest, "seed \(seed), round \(round)")
        }
    }
}
