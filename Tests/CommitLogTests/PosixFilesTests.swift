import ByteCoding
import ChangeModel
import KafkaProtocol
import TailraceTesting
import Testing

@testable import CommitLog

@Suite("The log on the operating system's files")
struct PosixFilesTests {
    @Test("producers and transactions are in Kafka's files beside the segments, and are found again")
    func files() throws {
        let folder = try TemporaryDirectory()
        let partition = TopicPartition(topic: "t", partition: 0)
        let options = LogOptions.simulated()
        var log = try CommitLog(directory: folder.file("data"), files: PosixFileSystem(), options: options)
        try log.createTopic("t", partitionCount: 1)
        for producer in [1, 2] as [Int64] {
            let batch = TestBatch(values: ["v"], attributes: 0x10, producerID: producer, sequence: 0).bytes()
            _ = try log.appendResult(batch, to: partition, origin: .client(transactionVerified: true)).get()
        }
        #expect(log.end(1, epoch: 0, coordinatorEpoch: 0, isCommit: false, in: partition).error == nil)
        try log.close()
        let names = try PosixFileSystem().names(in: folder.file("data/t-0")).sorted()
        #expect(
            names == [
                "00000000000000000000.index", "00000000000000000000.log", "00000000000000000000.timeindex",
                "00000000000000000000.txnindex", "00000000000000000003.snapshot", "partition.metadata",
            ])
        log = try CommitLog(directory: folder.file("data"), files: PosixFileSystem(), options: options)
        let view = try log.view(partition)
        #expect(view.lastStableOffset.rawValue == 1)
        #expect(try view.abortedTransactions(from: .zero, to: view.latestOffset).map(\.producerID) == [1])
        let located = try view.locate(from: .zero, byteCountMax: 1 << 20)
        let slice = try #require(located.slice)
        let held = try slice.file.byteCount()
        #expect(held == Int64(slice.byteCount))
        // A range that is being sent outlives its topic.
        try log.deleteTopic("t")
        var bytes = ByteBuffer()
        try slice.read(into: &bytes)
        #expect(bytes.count == slice.byteCount)
        try log.close()
    }
}
