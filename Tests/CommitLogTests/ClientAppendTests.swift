import ByteCoding
import ChangeModel
import KafkaProtocol
import Synchronization
import TailraceTesting
import Testing

@testable import CommitLog

@Suite("Appends of Kafka clients")
struct ClientAppendTests {
    private let partition = TopicPartition(topic: "t", partition: 0)

    private func makeLog(
        _ settings: [String: String] = [:], disk: SimulatedFileSystem = SimulatedFileSystem(seed: 1),
        now: Int64 = 1000
    ) throws -> CommitLog<SimulatedFileSystem> {
        var options = LogOptions.simulated()
        options.now = { now }
        let log = try CommitLog(directory: "/data", files: disk, options: options)
        if log.topic("t") == nil { try log.createTopic("t", partitionCount: 1, settings: settings) }
        return log
    }

    @Test("a batch is stored as it came, but for its base offset and leader epoch")
    func plain() throws {
        let log = try makeLog()
        let batch = TestBatch(values: ["a", "b"])
        #expect(log.appendNow(TestBatch(values: ["x"]).bytes(), to: partition)?.baseOffset == Offset(rawValue: 0))
        let outcome = log.appendNow(batch.bytes(), to: partition)
        #expect(
            outcome
                == AppendOutcome(
                    baseOffset: Offset(rawValue: 1), logAppendTime: -1, logStartOffset: .zero, isDuplicate: false))
        let stored = try log.view(partition).read(from: Offset(rawValue: 1), byteCountMax: 10_000).bytes.array()
        #expect(stored.dropFirst(16) == batch.bytes().array().dropFirst(16))
        try log.close()
    }

    @Test("what Kafka refuses is refused with Kafka's code")
    func refusals() throws {
        let log = try makeLog(["max.message.bytes": "300"])
        let code = { (bytes: consuming ByteBuffer) -> Int16? in log.appendCode(bytes, to: self.partition) }
        let whole = TestBatch(values: ["value"]).bytes().array()
        #expect(code(whole.changing(at: 70) { $0 ^ 1 }) == 2)
        #expect(code([UInt8]().buffer) == 87)
        #expect(code(Array(whole.dropLast()).buffer) == 87)
        #expect(code((whole + whole).buffer) == 87)
        #expect(code(whole.changing(at: 16) { _ in 1 }) == 87)
        #expect(code(TestBatch(values: [String(repeating: "x", count: 400)]).bytes()) == 10)
        #expect(code(TestBatch(values: ["a"], attributes: 7).bytes()) == 76)
        #expect(code(TestBatch(values: ["a"], attributes: 0x20).bytes()) == 87)
        #expect(code(TestBatch(values: ["a", "b"], lastOffsetDelta: 2).bytes()) == 87)
        #expect(code(TestBatch(values: ["a", "b"], recordCount: 1, lastOffsetDelta: 0).bytes()) == 87)
        #expect(code(TestBatch(values: ["a"], producerID: 1, sequence: -1).bytes()) == 87)
        #expect(code(TestBatch(values: ["a"], timestamp: 3_601_001).bytes()) == 32)
        #expect(code(TestBatch(values: ["a"], timestamp: 3_601_000).bytes()) == nil)
        #expect(
            log.appendCode(TestBatch(values: ["a"]).bytes(), to: TopicPartition(topic: "t", partition: 1)) == 3)
        try log.alterTopic("t", settings: ["cleanup.policy": "compact", "min.insync.replicas": "2"])
        let error = log.appendError(TestBatch(values: ["a", "b"]).bytes(), to: partition)
        #expect(error?.code == 87)
        #expect(error?.refusals.map(\.batchIndex) == [0, 1])
        #expect(
            log.appendCode(TestBatch(values: ["a"]).bytes(), to: partition, origin: .client(acksAll: true)) == 19)
        try log.close()
        #expect(log.appendCode(TestBatch(values: ["a"], key: "k").bytes(), to: partition) == 6)
    }

    @Test("with LogAppendTime every record gets the log's time, and the checksum holds")
    func logAppendTime() throws {
        let log = try makeLog(["message.timestamp.type": "LogAppendTime"], now: 77_000)
        let outcome = log.appendNow(TestBatch(values: ["a", "b"], timestamp: 5).bytes(), to: partition)
        #expect(outcome?.logAppendTime == 77_000)
        let slice = try log.view(partition).read(from: .zero, byteCountMax: 10_000)
        var times: [Int64] = []
        try RecordBatches.forEachRecord(in: slice.bytes.span, codec: PlainCodec()) { times.append($0.timestamp) }
        #expect(times == [77_000, 77_000])
        try log.close()
    }

    @Test("a batch that is sent again is answered with its offset, and one out of order is refused")
    func sequences() throws {
        let log = try makeLog()
        let send = { (sequence: Int32, count: Int, epoch: Int16) -> Result<AppendOutcome, AppendError> in
            log.appendResult(
                TestBatch(
                    values: (0..<count).map { "\(sequence)+\($0)" }, producerID: 7, epoch: epoch, sequence: sequence
                ).bytes(), to: self.partition)
        }
        for number in 0..<6 {
            #expect(try send(Int32(number * 2), 2, 0).get().baseOffset.rawValue == Int64(number * 2))
        }
        for number in 1..<6 {
            let again = try send(Int32(number * 2), 2, 0).get()
            #expect(again.isDuplicate)
            #expect(again.baseOffset.rawValue == Int64(number * 2))
        }
        // The sixth last is forgotten; overlaps and gaps are no duplicates.
        for (sequence, count) in [(0, 2), (11, 2), (13, 1)] {
            #expect(send(Int32(sequence), count, 0).error?.code == 45)
        }
        #expect(send(1, 1, 1).error?.code == 45)
        #expect(try send(0, 1, 1).get().baseOffset.rawValue == 12)
        #expect(send(12, 1, 0).error?.code == 47)
        #expect(try log.view(partition).latestOffset.rawValue == 13)
        try log.close()
    }

    @Test("sequences go on from 0 behind the greatest one")
    func wrap() throws {
        let log = try makeLog()
        let send = { (sequence: Int32, count: Int) -> Result<AppendOutcome, AppendError> in
            log.appendResult(
                TestBatch(values: (0..<count).map { "\($0)" }, producerID: 7, sequence: sequence).bytes(),
                to: self.partition)
        }
        // A producer that is not known may begin anywhere.
        #expect(try send(.max - 1, 4).get().baseOffset.rawValue == 0)
        #expect(try send(2, 1).get().baseOffset.rawValue == 4)
        #expect(try send(.max - 1, 4).get().isDuplicate)
        try log.close()
    }

    @Test("a transaction holds the last stable offset back until its marker, and an aborted one is listed")
    func transactions() throws {
        let log = try makeLog()
        let send = { (id: Int64, sequence: Int32, verified: Bool) -> Result<AppendOutcome, AppendError> in
            log.appendResult(
                TestBatch(values: ["\(id)"], attributes: 0x10, producerID: id, sequence: sequence).bytes(),
                to: self.partition, origin: .client(transactionVerified: verified))
        }
        #expect(send(1, 0, false).error?.code == 48)
        _ = try send(1, 0, true).get()
        _ = try send(1, 1, false).get()
        _ = log.appendNow(TestBatch(values: ["plain"]).bytes(), to: partition)
        _ = try send(2, 0, true).get()
        let view = try log.view(partition)
        #expect(view.lastStableOffset.rawValue == 0)
        #expect(try view.locate(from: .zero, byteCountMax: 1000, isolation: .committed).slice == nil)
        #expect(log.end(1, epoch: 0, coordinatorEpoch: 3, isCommit: false, in: partition).error == nil)
        #expect(view.lastStableOffset.rawValue == 3)
        #expect(log.end(2, epoch: 0, coordinatorEpoch: 2, isCommit: true, in: partition).error == nil)
        #expect(view.lastStableOffset.rawValue == 6)
        let aborted = AbortedTransaction(
            producerID: 1, firstOffset: .zero, lastOffset: Offset(rawValue: 4), lastStableOffset: Offset(rawValue: 3))
        let located = try view.locate(from: .zero, byteCountMax: 100_000, isolation: .committed)
        #expect(located.abortedTransactions == [aborted])
        #expect(try view.abortedTransactions(from: Offset(rawValue: 5), to: Offset(rawValue: 6)).isEmpty)
        // A marker of an older incarnation or of an older coordinator is refused.
        #expect(log.end(1, epoch: 0, coordinatorEpoch: 2, isCommit: true, in: partition).error?.code == 52)
        #expect(log.end(1, epoch: 5, coordinatorEpoch: 3, isCommit: false, in: partition).error == nil)
        #expect(log.end(1, epoch: 4, coordinatorEpoch: 3, isCommit: false, in: partition).error?.code == 47)
        #expect(send(1, 2, true).error?.code == 47)
        #expect(try log.activeProducers(in: partition).map(\.id) == [1, 2])
        try log.close()
    }

    @Test("producers, open transactions and aborted ones are the same after a clean restart and after a crash")
    func restarts() throws {
        let disk = SimulatedFileSystem(seed: 3)
        var log = try makeLog(disk: disk)
        for number in 0..<7 {
            _ = try log.appendResult(
                TestBatch(values: ["v"], producerID: 9, sequence: Int32(number)).bytes(), to: partition
            ).get()
        }
        for id in [20, 21] as [Int64] {
            _ = try log.appendResult(
                TestBatch(values: ["v"], attributes: 0x10, producerID: id, sequence: 0).bytes(), to: partition,
                origin: .client(transactionVerified: true)
            ).get()
        }
        #expect(log.end(20, epoch: 0, coordinatorEpoch: 0, isCommit: false, in: partition).error == nil)
        for isClean in [false, true, false, true] {
            if isClean { try log.close() } else { log.drain() }
            disk.restart()
            log = try makeLog(disk: disk)
            let view = try log.view(partition)
            #expect(log.recovery.wasClean == isClean)
            #expect(view.lastStableOffset.rawValue == 8)
            #expect(try view.abortedTransactions(from: .zero, to: view.latestOffset).map(\.producerID) == [20])
            for number in 2..<7 {
                let again = try log.appendResult(
                    TestBatch(values: ["v"], producerID: 9, sequence: Int32(number)).bytes(), to: partition
                ).get()
                #expect(again.isDuplicate)
                #expect(again.baseOffset.rawValue == Int64(number))
            }
        }
        try log.close()
    }

    @Test("a fetch gets a range of a file: whole first batch, nothing beyond the end")
    func locate() throws {
        let log = try makeLog(["segment.bytes": "1000", "index.interval.bytes": "100"])
        for number in 0..<30 { _ = log.appendNow(TestBatch(values: ["\(number)", "x"]).bytes(), to: partition) }
        let view = try log.view(partition)
        for size in [1, 100, 5000] {
            var offset = Offset.zero
            var values: [String] = []
            while offset < view.latestOffset {
                let located = try view.locate(from: offset, byteCountMax: size)
                let slice = try #require(located.slice)
                var bytes = ByteBuffer()
                try slice.read(into: &bytes)
                #expect(bytes.count == slice.byteCount)
                var at = 0
                // The last batch may be cut short.
                while let header = try? RecordBatchHeader(parsing: bytes.span.extracting(at..<bytes.count)),
                    at + header.totalByteCount <= bytes.count
                {
                    try RecordBatches.forEachRecord(
                        in: bytes.span.extracting(at..<at + header.totalByteCount), codec: PlainCodec()
                    ) { record in
                        values.append(record.value.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) })
                    }
                    offset = header.lastOffset.advanced(by: 1)
                    at += header.totalByteCount
                }
                try #require(at > 0)
            }
            #expect(values == (0..<30).flatMap { ["\($0)", "x"] })
        }
        #expect(try view.locate(from: .zero, byteCountMax: 1, atLeastOneBatch: false).slice == nil)
        #expect(try view.locate(from: view.latestOffset, byteCountMax: 1000).slice == nil)
        #expect(throws: StorageError.self) {
            _ = try view.locate(from: view.latestOffset.advanced(by: 1), byteCountMax: 1000)
        }
        try log.close()
    }

    @Test("partitions can be added, a topic is found by its identity, and an observer hears of every change")
    func topics() throws {
        let disk = SimulatedFileSystem(seed: 1)
        var log = try makeLog(disk: disk)
        let heard = Monitor<[TopicPartition]>([])
        log.setCommitObserver { changed in heard.update { $0 += changed } }
        let topic = try log.addPartitions(topic: "t", to: 3)
        let second = TopicPartition(topic: "t", partition: 2)
        _ = log.appendNow(TestBatch(values: ["a"]).bytes(), to: second)
        log.drain()
        #expect(heard.read { $0 } == [second])
        #expect(log.topic(topic.id)?.partitionCount == 3)
        #expect(throws: StorageError.self) { try log.addPartitions(topic: "t", to: 3) }
        try log.deleteRecords(before: Offset(rawValue: 1), in: second)
        #expect(heard.read { $0.count } == 2)
        disk.restart()
        log = try makeLog(disk: disk)
        #expect(try log.view(second).latestOffset.rawValue == 1)
        #expect(log.topic("t")?.partitionCount == 3)
        try log.close()
    }
}
