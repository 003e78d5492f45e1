import ChangeModel
import KafkaProtocol
import TailraceTesting
import Testing

@testable import CommitLog

@Suite("The commit log")
struct LogStoreTests {
    private let partition = TopicPartition(topic: "t", partition: 0)

    private func request(_ values: [String], at timestamp: Int64 = 1000) -> CommitRequest {
        let request = CommitRequest()
        request.add(values, timestamp: timestamp, to: partition)
        return request
    }

    @Test(
        "a full disk fails the commit and leaves nothing of it; reading goes on, and so does writing when there is room"
    )
    func diskFull() throws {
        let disk = SimulatedFileSystem(seed: 1)
        let store = try LogStore(directory: "/data", files: disk, options: .simulated())
        _ = try store.createTopic("t", partitionCount: 1, settings: ["segment.bytes": "1000"])
        var count = 0
        #expect(store.commitNow([request(["first"])]) == [true])
        disk.byteCountMax = 20_000
        while store.commitNow([request([String(repeating: "x", count: 300)])]) == [true] { count += 1 }
        #expect(store.failure == nil)
        #expect(try store.records(partition).count == count + 1)
        #expect(store.commitNow([request(["no room"])]) == [false] || count > 0)
        disk.byteCountMax = nil
        #expect(store.commitNow([request(["last"])]) == [true])
        #expect(try store.records(partition).last?.value == "last")
        disk.restart()
        let again = try LogStore(directory: "/data", files: disk, options: .simulated())
        #expect(try again.records(partition).last?.value == "last")
        #expect(again.recovery.discardedCommitCount == 0)
    }

    @Test("the disk fills up at any byte, and the log holds what was acknowledged", arguments: 0..<100)
    func diskFullAnywhere(seed: Int) throws {
        let disk = SimulatedFileSystem(seed: UInt64(seed))
        let store = try LogStore(directory: "/data", files: disk, options: .simulated(seed: UInt64(seed)))
        for name in ["t", "u"] {
            _ = try store.createTopic(name, partitionCount: 1, settings: ["segment.bytes": "700"])
        }
        disk.byteCountMax = 3000 + seed * 37
        var acknowledged: [String] = []
        for number in 0..<60 {
            if number == 40 { disk.byteCountMax = nil }
            let request = request(["\(number)"])
            request.add(["\(number)"], to: TopicPartition(topic: "u", partition: 0))
            if store.commitNow([request]) == [true] { acknowledged.append("\(number)") }
        }
        #expect(acknowledged.last == "59")
        for name in ["t", "u"] {
            #expect(try store.records(TopicPartition(topic: name, partition: 0)).map(\.value) == acknowledged)
        }
        disk.restart()
        let again = try LogStore(directory: "/data", files: disk, options: .simulated(seed: UInt64(seed)))
        #expect(try again.records(partition).map(\.value) == acknowledged)
    }

    @Test("topics without a commit journal are refused, and nothing is touched")
    func missingJournal() throws {
        let disk = SimulatedFileSystem(seed: 1)
        let store = try LogStore(directory: "/data", files: disk, options: .simulated())
        _ = try store.createTopic("t", partitionCount: 1, settings: [:])
        #expect(store.commitNow([request(["a"])]) == [true])
        try store.close()
        for name in try disk.names(in: "/data") where name.hasSuffix(".journal") { try disk.remove("/data/" + name) }
        let segment = try disk.open("/data/t-0/00000000000000000000.log", .read)
        let before = try segment.byteCount()
        let error = #expect(throws: StorageError.self) {
            _ = try LogStore(directory: "/data", files: disk, options: .simulated())
        }
        #expect(error?.code == .corrupt)
        #expect(try segment.byteCount() == before)
    }

    @Test("after a failed request the rest of its lane is refused, and other lanes go on")
    func lanes() throws {
        let store = try LogStore(
            directory: "/data", files: SimulatedFileSystem(seed: 1), options: .simulated())
        _ = try store.createTopic("t", partitionCount: 1, settings: ["max.message.bytes": "200"])
        let lane = CommitLane()
        let requests = [request(["a"]), request([String(repeating: "x", count: 300)]), request(["b"]), request(["c"])]
        for index in 0..<3 { requests[index].lane = lane }
        #expect(store.commitNow(requests) == [true, false, false, true])
        #expect(try store.records(partition).map(\.value) == ["a", "c"])
    }

    @Test("an offset is found by timestamp, in sealed segments and in the active one")
    func timestamps() throws {
        let store = try LogStore(
            directory: "/data", files: SimulatedFileSystem(seed: 1), options: .simulated())
        _ = try store.createTopic(
            "t", partitionCount: 1, settings: ["segment.bytes": "1000", "index.interval.bytes": "100"])
        for number in 0..<100 { _ = store.commitNow([request(["\(number)"], at: Int64(number) * 10)]) }
        let view = try #require(store.partitions[partition]?.view)
        for number in 0..<100 {
            #expect(
                try view.offset(atOrAfter: Int64(number) * 10 - 5, codec: PlainCodec())
                    == Offset(rawValue: Int64(number)))
        }
        #expect(try view.offset(atOrAfter: 991, codec: PlainCodec()) == nil)
    }

    @Test("any offset can be read from, with any size of answer")
    func offsets() throws {
        let store = try LogStore(
            directory: "/data", files: SimulatedFileSystem(seed: 1), options: .simulated())
        _ = try store.createTopic(
            "t", partitionCount: 1, settings: ["segment.bytes": "700", "index.interval.bytes": "100"])
        for number in 0..<40 { _ = store.commitNow([request((0..<3).map { "\(number * 3 + $0)" })]) }
        let view = try #require(store.partitions[partition]?.view)
        for size in [1, 100, 350, 5000] {
            #expect(try view.records(byteCountMax: size).map(\.value) == (0..<120).map { "\($0)" })
        }
        for offset in 0..<120 {
            let slice = try view.read(from: Offset(rawValue: Int64(offset)), byteCountMax: 1)
            #expect(slice.nextOffset.rawValue == Int64(offset / 3 * 3 + 3))
        }
    }

    @Test("a clean shutdown spares the next start its check; a crash does not")
    func cleanShutdown() throws {
        let disk = SimulatedFileSystem(seed: 1)
        var store = try LogStore(directory: "/data", files: disk, options: .simulated())
        #expect(store.recovery.wasClean)
        _ = try store.createTopic("t", partitionCount: 1, settings: [:])
        _ = store.commitNow([request(["a"])])
        try store.close()
        #expect(store.commitNow([request(["late"])]) == [false])
        store = try LogStore(directory: "/data", files: disk, options: .simulated())
        #expect(store.recovery.wasClean)
        _ = store.commitNow([request(["b"])])
        store = try LogStore(directory: "/data", files: disk, options: .simulated())
        #expect(!store.recovery.wasClean)
        #expect(try store.records(partition).map(\.value) == ["a", "b"])
    }

    @Test("a topic that is deleted and made again is empty, also after a crash")
    func topics() throws {
        let disk = SimulatedFileSystem(seed: 1)
        let store = try LogStore(directory: "/data", files: disk, options: .simulated())
        let first = try store.createTopic("t", partitionCount: 2, settings: [:])
        _ = store.commitNow([request(["a"])])
        #expect(throws: StorageError.self) { try store.createTopic("t", partitionCount: 1, settings: [:]) }
        try store.deleteTopic("t")
        #expect(store.commitNow([request(["b"])]) == [false])
        let second = try store.createTopic("t", partitionCount: 1, settings: ["retention.ms": "5"])
        #expect(first.id != second.id)
        #expect(
            try store.alterTopic("t", settings: ["retention.ms": nil, "segment.bytes": "100"])
                .configuration.overrides == ["segment.bytes": "100"])
        disk.restart()
        let again = try LogStore(directory: "/data", files: disk, options: .simulated())
        #expect(again.topics["t"]?.id == second.id)
        #expect(again.topics["t"]?.configuration.segmentBytes == 100)
        #expect(try again.records(partition).isEmpty)
    }

    @Test(
        "settings that are not acceptable are refused with their name",
        arguments: [
            ("retention.mss", "1", "retention.ms"), ("cleanup.policy", "none", "cleanup.policy"),
            ("segment.bytes", "0", "segment.bytes"), ("compression.type", "lzma", "compression.type"),
            ("min.cleanable.dirty.ratio", "2", "min.cleanable.dirty.ratio"),
        ])
    func settings(name: String, value: String, mentioned: String) throws {
        let error = #expect(throws: StorageError.self) { try TopicConfiguration([name: value]) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.detail.contains("'\(mentioned)'") == true)
    }

    @Test("a topic's identity is written as Kafka writes it, and read back")
    func topicID() throws {
        for _ in 0..<50 {
            let id = TopicID.random()
            #expect(id.description.utf8.count == 22)
            #expect(TopicID(id.description) == id)
        }
        // UUID 00000000-0000-0001-0000-000000000002
        #expect(TopicID(high: 1, low: 2).description == "AAAAAAAAAAEAAAAAAAAAAg")
    }

    @Test(
        "names that Kafka refuses are refused",
        arguments: ["", ".", "..", "a/b", "ü", String(repeating: "x", count: 250)])
    func names(name: String) {
        #expect(throws: StorageError.self) { try TopicDescription.validate(name: name) }
    }
}
