import ByteCoding
import ChangeModel
import KafkaProtocol
import TailraceTesting
import Testing

@testable import CommitLog

@Suite("Compaction of transactions")
struct TransactionCompactionTests {
    private let partition = TopicPartition(topic: "t", partition: 0)
    private let settings = [
        "segment.bytes": "400", "cleanup.policy": "compact", "min.cleanable.dirty.ratio": "0",
        "delete.retention.ms": "500",
    ]

    private func makeStore(_ disk: SimulatedFileSystem) throws -> LogStore<SimulatedFileSystem> {
        let store = try LogStore(directory: "/data", files: disk, options: .simulated())
        if store.topics["t"] == nil { _ = try store.createTopic("t", partitionCount: 1, settings: settings) }
        return store
    }

    private func write(
        _ value: String, key: String, producer: Int64 = -1, sequence: Int32 = -1, isTransactional: Bool = false,
        to store: LogStore<SimulatedFileSystem>
    ) {
        let request = CommitRequest()
        let batch = TestBatch(
            values: [value], key: key, attributes: isTransactional ? 0x10 : 0, producerID: producer, sequence: sequence
        ).bytes()
        request.buffer.append(batch.span)
        request.add(0..<request.buffer.count, for: partition, origin: .client(transactionVerified: true))
        #expect(store.commitNow([request]) == [true])
    }

    private func end(_ producer: Int64, isCommit: Bool, in store: LogStore<SimulatedFileSystem>) {
        let request = CommitRequest()
        request.add(
            TransactionMarker(producerID: producer, producerEpoch: 0, coordinatorEpoch: 0, isCommit: isCommit),
            timestamp: 1000, for: partition)
        #expect(store.commitNow([request]) == [true])
    }

    private func compact(_ store: LogStore<SimulatedFileSystem>, now: Int64) throws {
        for plan in store.compactionPlans(now: now) {
            var compactor = Compactor(plan: plan, files: store.files, codec: PlainCodec())
            if let result = try compactor.run() { try store.apply(result) }
        }
    }

    private func fill(_ store: LogStore<SimulatedFileSystem>) {
        for number in 0..<8 { write("\(number)", key: "fill", to: store) }
    }

    private func markers(_ store: LogStore<SimulatedFileSystem>) throws -> Int {
        var count = 0
        let log = try #require(store.partitions[partition])
        for segment in log.segments {
            let file = try segment.open().log
            _ = try SegmentScan.run(file, limit: file.byteCount(), first: segment.baseOffset, allowsGaps: true) {
                header, _, _ in if header.isControl { count += 1 }
            }
        }
        return count
    }

    @Test("aborted records go at once, their marker and its entry in a later pass")
    func aborted() throws {
        let store = try makeStore(SimulatedFileSystem(seed: 1))
        write("old", key: "k", to: store)
        write("aborted", key: "k", producer: 1, sequence: 0, isTransactional: true, to: store)
        end(1, isCommit: false, in: store)
        write("other", key: "x", producer: 1, sequence: 1, isTransactional: true, to: store)
        end(1, isCommit: true, in: store)
        write("last", key: "y", producer: 1, sequence: 2, isTransactional: true, to: store)
        end(1, isCommit: true, in: store)
        fill(store)
        let view = try #require(store.partitions[partition]?.view)
        try compact(store, now: 1000)
        #expect(try view.committed().map { $0.value }.prefix(3) == ["old", "other", "last"])
        #expect(try store.records(partition).allSatisfy { $0.value != "aborted" })
        #expect(try view.abortedTransactions(from: .zero, to: view.latestOffset).count == 1)
        #expect(try markers(store) == 3)
        fill(store)
        try compact(store, now: 1100)
        #expect(try view.abortedTransactions(from: .zero, to: view.latestOffset).isEmpty)
        #expect(try markers(store) == 3)
        fill(store)
        try compact(store, now: 1601)
        // The commits' records are still there, so their markers stay.
        #expect(try markers(store) == 2)
        #expect(try view.committed().map { $0.value }.prefix(3) == ["old", "other", "last"])
    }

    @Test("nothing behind the beginning of an open transaction is compacted")
    func open() throws {
        let store = try makeStore(SimulatedFileSystem(seed: 1))
        write("first", key: "k", producer: 1, sequence: 0, isTransactional: true, to: store)
        fill(store)
        fill(store)
        let before = try store.records(partition).count
        try compact(store, now: 1000)
        #expect(try store.records(partition).count == before)
        end(1, isCommit: true, in: store)
        fill(store)
        try compact(store, now: 1000)
        #expect(try store.records(partition).count < before)
    }

    @Test("the last batch of a producer stays, without its record, and the producer's sequence with it")
    func lastBatch() throws {
        let disk = SimulatedFileSystem(seed: 1)
        var store = try makeStore(disk)
        write("a", key: "k", producer: 1, sequence: 0, to: store)
        write("b", key: "k", producer: 1, sequence: 1, to: store)
        write("c", key: "k", to: store)
        fill(store)
        try compact(store, now: 1000)
        let view = try #require(store.partitions[partition]?.view)
        let slice = try view.read(from: .zero, byteCountMax: 1)
        let header = try RecordBatchHeader.validate(slice.bytes.span)
        #expect(header.recordCount == 0)
        #expect(header.baseSequence == 1)
        #expect(header.lastOffset == Offset(rawValue: 1))
        disk.restart()
        store = try makeStore(disk)
        #expect(store.partitions[partition]?.producers.states[1]?.batches.last?.lastSequence == 1)
        #expect(try store.records(partition).first?.value == "c")
    }

    @Test(
        "what a reader of committed records sees as the newest of each key stays, whatever is compacted and whenever the power fails",
        arguments: 0..<60)
    func property(seed: Int) throws {
        var generator = SeededGenerator(seed: UInt64(seed))
        let disk = SimulatedFileSystem(seed: UInt64(seed))
        var store = try makeStore(disk)
        var sequences: [Int64: Int32] = [:]
        var open: [Int64: [String: String]] = [:]
        var newest: [String: String] = [:]
        var now: Int64 = 1000
        for round in 0..<6 {
            for number in 0..<25 {
                let producer = Int64.random(in: 0...3, using: &generator)
                let (key, value) = ("k\(Int.random(in: 0..<5, using: &generator))", "\(round).\(number)")
                if producer == 0 {
                    write(value, key: key, to: store)
                    newest[key] = value
                } else if let content = open[producer], generator.oneIn(3) {
                    let isCommit = generator.oneIn(2)
                    end(producer, isCommit: isCommit, in: store)
                    if isCommit { newest.merge(content) { $1 } }
                    open[producer] = nil
                } else {
                    // Keys of their own, so that the order of commits does not matter.
                    let own = "p\(producer)\(key)"
                    write(
                        value, key: own, producer: producer, sequence: sequences[producer, default: 0],
                        isTransactional: true, to: store)
                    sequences[producer, default: 0] += 1
                    open[producer, default: [:]][own] = value
                }
            }
            now += Int64.random(in: 0...400, using: &generator)
            if generator.oneIn(2) { disk.cutPower(afterOperations: Int.random(in: 1...80, using: &generator)) }
            try? compact(store, now: now)
            if generator.oneIn(2) { disk.restart() } else { disk.restartProcess() }
            store = try makeStore(disk)
            let view = try #require(store.partitions[partition]?.view)
            for size in [1, 300, 100_000] {
                let seen = Dictionary(
                    try view.committed(byteCountMax: size, upTo: view.lastStableOffset).map {
                        ($0.key ?? "", $0.value ?? "")
                    }
                ) { $1 }
                let expected = newest.filter { _ in open.isEmpty }
                if open.isEmpty { #expect(seen == expected, "seed \(seed), round \(round), \(size)") }
                for values in open.values {
                    for value in values.values { #expect(!seen.values.contains(value), "seed \(seed)") }
                }
            }
        }
        for producer in open.keys.sorted() {
            end(producer, isCommit: true, in: store)
            newest.merge(open[producer] ?? [:]) { $1 }
        }
        fill(store)
        newest["fill"] = "7"
        try compact(store, now: now + 10_000)
        let view = try #require(store.partitions[partition]?.view)
        let seen = Dictionary(try view.committed().map { ($0.key ?? "", $0.value ?? "") }) { $1 }
        #expect(seen == newest, "seed \(seed)")
    }
}

extension PartitionView {
    /// What a consumer with isolation.level=read_committed gives its user, by the rules of Kafka's Java client.
    func committed(
        byteCountMax: Int = 300, upTo end: Offset? = nil
    ) throws -> [(offset: Offset, key: String?, value: String?)] {
        var result: [(offset: Offset, key: String?, value: String?)] = []
        var offset = earliestOffset
        let end = end ?? lastStableOffset
        while offset < end {
            let located = try locate(from: offset, byteCountMax: byteCountMax, isolation: .committed)
            guard let slice = located.slice else { break }
            var bytes = ByteBuffer()
            try slice.read(into: &bytes)
            var waiting = located.abortedTransactions.sorted { $0.firstOffset > $1.firstOffset }
            var aborted: Set<Int64> = []
            var at = 0
            while let header = try? RecordBatchHeader(parsing: bytes.span.extracting(at..<bytes.count)),
                at + header.totalByteCount <= bytes.count
            {
                let batch = bytes.span.extracting(at..<at + header.totalByteCount)
                at += header.totalByteCount
                defer { offset = header.lastOffset.advanced(by: 1) }
                while let next = waiting.last, next.firstOffset <= header.lastOffset {
                    aborted.insert(next.producerID)
                    waiting.removeLast()
                }
                if let marker = try TransactionMarker(parsing: batch, header: header) {
                    if !marker.isCommit { aborted.remove(marker.producerID) }
                    continue
                }
                if header.isTransactional, aborted.contains(header.producerID) { continue }
                try RecordBatches.forEachRecord(in: batch, codec: PlainCodec()) { record in
                    guard record.offset >= offset else { return }
                    let key = record.key.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
                    let value = record.value.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
                    result.append((record.offset, record.hasKey ? key : nil, record.hasValue ? value : nil))
                }
            }
            try #require(at > 0)
        }
        return result
    }
}
