import ChangeModel
import TailraceTesting
import Testing

@testable import CommitLog

@Suite("Topic settings")
struct TopicSettingTests {
    @Test("every setting of Kafka is known, by name, and its default can be set")
    func defaults() throws {
        #expect(TopicSetting.all.count == 33)
        #expect(TopicSetting.all.map(\.name) == TopicSetting.all.map(\.name).sorted())
        var configuration = TopicConfiguration()
        for setting in TopicSetting.all { try configuration.set(setting.name, to: setting.defaultValue) }
        var plain = TopicConfiguration()
        #expect(plain.effective.map(\.value) == configuration.effective.map(\.value))
        // What the defaults say is what a topic without settings does.
        for setting in TopicSetting.all { try plain.set(setting.name, to: setting.defaultValue) }
        #expect(plain == configuration)
    }

    @Test("the defaults that stand in the table are those in force")
    func inForce() throws {
        let plain = TopicConfiguration()
        for setting in TopicSetting.all {
            var one = TopicConfiguration()
            try one.set(setting.name, to: setting.defaultValue)
            #expect(one.withoutOverrides == plain.withoutOverrides, "\(setting.name)")
        }
    }

    @Test(
        "values that cannot be honoured are refused with the setting's name",
        arguments: [
            ("preallocate", "true"), ("remote.storage.enable", "true"), ("compression.zstd.level", "9"),
            ("message.timestamp.type", "createtime"), ("min.insync.replicas", "0"), ("flush.messages", "0"),
            ("segment.index.bytes", "4"), ("unclean.leader.election.enable", "yes"),
            ("leader.replication.throttled.replicas", "0-1"), ("message.format.version", "3.0"),
        ])
    func refusals(name: String, value: String) {
        let error = #expect(throws: StorageError.self) { try TopicConfiguration([name: value]) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.detail.contains(name) == true)
    }

    @Test("a full index ends a segment")
    func indexSize() throws {
        let store = try LogStore(directory: "/data", files: SimulatedFileSystem(seed: 1), options: .simulated())
        let settings = ["segment.index.bytes": "40", "index.interval.bytes": "0"]
        _ = try store.createTopic("t", partitionCount: 1, settings: settings)
        let id = TopicPartition(topic: "t", partition: 0)
        for number in 0..<20 {
            let request = CommitRequest()
            request.add(["\(number)"], timestamp: Int64(number), to: id)
            #expect(store.commitNow([request]) == [true])
        }
        let log = try #require(store.partitions[id])
        #expect(log.segments.count > 3)
        for segment in log.segments {
            let opened = try segment.open()
            #expect(try opened.index?.byteCount() ?? 0 <= 40)
            #expect(try opened.timeIndex?.byteCount() ?? 0 <= 40)
        }
        #expect(try store.records(id).count == 20)
    }

    @Test("flush.messages makes records durable where a commit does not")
    func flushMessages() throws {
        let disk = SimulatedFileSystem(seed: 4)
        let store = try LogStore(directory: "/data", files: disk, options: .simulated(.never))
        _ = try store.createTopic("t", partitionCount: 1, settings: ["flush.messages": "3"])
        let id = TopicPartition(topic: "t", partition: 0)
        for number in 0..<8 {
            let request = CommitRequest()
            request.add(["\(number)"], to: id)
            #expect(store.commitNow([request]) == [true])
        }
        disk.restart()
        let again = try LogStore(directory: "/data", files: disk, options: .simulated(.never))
        let found = try again.records(id).compactMap(\.value)
        #expect(found.count >= 6)
        #expect(found == (0..<found.count).map { "\($0)" })
    }

    @Test("the newest record is found by timestamp, in sealed segments and in the active one")
    func newest() throws {
        let store = try LogStore(directory: "/data", files: SimulatedFileSystem(seed: 1), options: .simulated())
        _ = try store.createTopic("t", partitionCount: 1, settings: ["segment.bytes": "300"])
        let id = TopicPartition(topic: "t", partition: 0)
        let view = try #require(store.partitions[id]?.view)
        #expect(try view.newestRecord(codec: PlainCodec()) == nil)
        var best: (offset: Int64, timestamp: Int64)?
        for (offset, timestamp) in [5, 9, 7, 9, 12, 3, 4, 12, 6, 20, 1].enumerated() {
            let request = CommitRequest()
            request.add(["v"], timestamp: Int64(timestamp), to: id)
            #expect(store.commitNow([request]) == [true])
            if Int64(timestamp) > best?.timestamp ?? -1 { best = (Int64(offset), Int64(timestamp)) }
            let found = try view.newestRecord(codec: PlainCodec())
            #expect(found?.offset.rawValue == best?.offset)
            #expect(found?.timestamp == best?.timestamp)
        }
        let sizes = try store.partitions[id]?.segments.map { try $0.open().log.byteCount() }.reduce(0, +)
        #expect(try view.byteCount() == sizes)
    }

    @Test("records can be deleted up to the middle of a batch, which is then still read whole")
    func deleteWithinBatch() throws {
        let store = try LogStore(directory: "/data", files: SimulatedFileSystem(seed: 1), options: .simulated())
        _ = try store.createTopic("t", partitionCount: 1, settings: [:])
        let id = TopicPartition(topic: "t", partition: 0)
        let request = CommitRequest()
        request.add(["a", "b", "c", "d"], to: id)
        #expect(store.commitNow([request]) == [true])
        #expect(try store.deleteRecords(before: Offset(rawValue: 2), in: id) == Offset(rawValue: 2))
        let view = try #require(store.partitions[id]?.view)
        #expect(view.earliestOffset == Offset(rawValue: 2))
        let located = try view.locate(from: Offset(rawValue: 2), byteCountMax: 1)
        #expect(located.slice?.position == 0)
        #expect(located.logStartOffset == Offset(rawValue: 2))
        #expect(throws: StorageError.self) { _ = try view.locate(from: Offset(rawValue: 1), byteCountMax: 1) }
    }
}

extension TopicConfiguration {
    /// Everything but the record of what was set, as text.
    fileprivate var withoutOverrides: String {
        Mirror(reflecting: self).children.filter { $0.label != "overrides" }
            .map { "\($0.label ?? ""): \($0.value)" }.joined(separator: "\n")
    }
}
