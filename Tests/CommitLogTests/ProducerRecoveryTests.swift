import ByteCoding
import ChangeModel
import KafkaProtocol
import TailraceTesting
import Testing

@testable import CommitLog

@Suite("Producers after crashes")
struct ProducerRecoveryTests {
    @Test(
        "after a power cut at any operation sequences, transactions and the stable offset are those of the batches that stayed",
        arguments: 0..<80)
    func powerCut(seed: Int) throws { try run(seed: UInt64(seed), flush: .commit, loses: true) }

    @Test("the same after a process that died, whatever the flush policy", arguments: 0..<40)
    func processDeath(seed: Int) throws { try run(seed: UInt64(seed), flush: .never, loses: false) }

    @Test("without a sync at each commit, the same for the prefix that is left", arguments: 0..<40)
    func powerCutWithoutSync(seed: Int) throws { try run(seed: UInt64(seed), flush: .never, loses: true) }

    @Test(
        "where only this process's writers wait for the disk, what they were told is there, with all that came before",
        arguments: 0..<80)
    func mixedPolicies(seed: Int) throws {
        try run(seed: UInt64(seed), flush: .commit, clientFlush: .never, loses: true)
    }

    private func run(
        seed: UInt64, flush: LogOptions.Flush, clientFlush: LogOptions.Flush? = nil, loses: Bool
    ) throws {
        var options = LogOptions.simulated(flush, seed: seed)
        if let clientFlush { options.clientFlush = clientFlush }
        var generator = SeededGenerator(seed: seed)
        let disk = SimulatedFileSystem(seed: seed ^ 0xABCD)
        var history = ProducerHistory()
        for _ in 0..<4 {
            disk.cutPower(afterOperations: Int.random(in: 1...500, using: &generator))
            writeUntilFailure(disk, options: options, history: &history, generator: &generator)
            if loses { disk.restart() } else { disk.restartProcess() }
            if generator.oneIn(3) {
                disk.cutPower(afterOperations: Int.random(in: 1...40, using: &generator))
                _ = try? LogStore(directory: "/data", files: disk, options: options)
                if loses { disk.restart() } else { disk.restartProcess() }
            }
            let store = try LogStore(directory: "/data", files: disk, options: options)
            let floor = flush == .commit || !loses ? history.acknowledgedCount : 0
            var found = try store.models()
            // The topic itself may not have been made yet.
            for id in ProducerHistory.partitions where found[id] == nil { found[id] = PartitionModel() }
            let count = try #require(
                (floor...history.groups.count).reversed().first {
                    history.models(after: $0).mapValues(\.end) == found.mapValues(\.end)
                }, "seed \(seed): no prefix of whole groups")
            let expected = history.models(after: count)
            for (id, model) in found {
                #expect(model == expected[id], "seed \(seed), \(id)")
                let stable = store.partitions[id]?.view.lastStableOffset.rawValue ?? 0
                #expect(stable == expected[id]?.stable, "seed \(seed)")
            }
            history.groups.removeLast(history.groups.count - count)
            history.acknowledgedCount = count
            history.models = expected
            if generator.oneIn(2) { try store.close() }
        }
    }

    private func writeUntilFailure(
        _ disk: SimulatedFileSystem, options: LogOptions, history: inout ProducerHistory,
        generator: inout SeededGenerator
    ) {
        guard let store = try? LogStore(directory: "/data", files: disk, options: options) else { return }
        if store.topics["t"] == nil {
            let settings = ["segment.bytes": "1500", "index.interval.bytes": "300"]
            guard (try? store.createTopic("t", partitionCount: 2, settings: settings)) != nil else { return }
        }
        while store.failure == nil {
            var isFromSource = options.clientFlush == nil
            let requests = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                guard generator.oneIn(6) else { return history.makeGroup(using: &generator) }
                isFromSource = true
                return history.makeSourceGroup(using: &generator)
            }
            let outcomes = store.commitNow(requests)
            guard outcomes.allSatisfy({ $0 }) else { return }
            if isFromSource { history.acknowledgedCount = history.groups.count }
            if generator.oneIn(10) { store.synchronizePending() }
        }
    }

    @Test(
        "a full disk takes nothing of a producer's batch, and the same batch is taken when there is room",
        arguments: 0..<30)
    func diskFull(seed: Int) throws {
        let disk = SimulatedFileSystem(seed: UInt64(seed))
        let store = try LogStore(directory: "/data", files: disk, options: .simulated(seed: UInt64(seed)))
        _ = try store.createTopic("t", partitionCount: 2, settings: ["segment.bytes": "1500"])
        var generator = SeededGenerator(seed: UInt64(seed))
        var history = ProducerHistory()
        disk.byteCountMax = 4000 + seed * 91
        for _ in 0..<80 {
            let before = history
            if store.commitNow([history.makeGroup(using: &generator)]) != [true] {
                history = before
                if generator.oneIn(2) { disk.byteCountMax = nil }
            }
            #expect(store.failure == nil)
        }
        #expect(try store.models() == history.models(after: history.groups.count))
        disk.restart()
        let again = try LogStore(directory: "/data", files: disk, options: .simulated(seed: UInt64(seed)))
        #expect(try again.models() == history.models(after: history.groups.count))
    }

    @Test("a damaged snapshot is made good from the batches")
    func damagedSnapshot() throws {
        let disk = SimulatedFileSystem(seed: 5)
        var generator = SeededGenerator(seed: 5)
        var history = ProducerHistory()
        let store = try LogStore(directory: "/data", files: disk, options: .simulated())
        _ = try store.createTopic("t", partitionCount: 2, settings: ["segment.bytes": "1500"])
        for _ in 0..<60 { #expect(store.commitNow([history.makeGroup(using: &generator)]) == [true]) }
        try store.close()
        for name in try disk.names(in: "/data/t-0") where name.hasSuffix(".snapshot") {
            try disk.open("/data/t-0/" + name, .readWrite).write([0xFF, 0xFF].span, at: 12)
        }
        let again = try LogStore(directory: "/data", files: disk, options: .simulated())
        #expect(try again.models() == history.models(after: 60))
    }

    @Test("a producer that writes nothing for its time is forgotten, unless its transaction is open")
    func expiry() throws {
        let disk = SimulatedFileSystem(seed: 1)
        let store = try LogStore(directory: "/data", files: disk, options: .simulated())
        _ = try store.createTopic("t", partitionCount: 1, settings: [:])
        let id = TopicPartition(topic: "t", partition: 0)
        for (producer, isTransactional) in [(1, false), (2, true)] as [(Int64, Bool)] {
            let request = CommitRequest()
            ProducerOperation(
                partition: id, producerID: producer, epoch: 0, sequence: 0,
                kind: .data(count: 1, isTransactional: isTransactional)
            ).add(to: request)
            #expect(store.commitNow([request]) == [true])
        }
        store.expireProducers(now: 1000 + 86_400_000)
        #expect(store.partitions[id]?.producers.states.count == 2)
        store.expireProducers(now: 1001 + 86_400_000)
        #expect(store.partitions[id]?.producers.states.keys.sorted() == [2])
    }

    @Test("a crash that may have taken what readers saw begins a new leader epoch, and tells where the old one ended")
    func leaderEpochs() throws {
        let disk = SimulatedFileSystem(seed: 2)
        let id = TopicPartition(topic: "t", partition: 0)
        var ends: [Int64] = []
        for round in 0..<3 {
            let store = try LogStore(directory: "/data", files: disk, options: .simulated(.never))
            if round == 0 { _ = try store.createTopic("t", partitionCount: 1, settings: [:]) }
            let view = try #require(store.partitions[id]?.view)
            #expect(view.leaderEpoch == Int32(ends.count))
            for (epoch, end) in ends.enumerated() {
                #expect(view.endOffset(ofEpoch: Int32(epoch))?.offset.rawValue == end)
            }
            #expect(view.endOffset(ofEpoch: Int32(ends.count + 1)) == nil)
            for _ in 0..<5 {
                let request = CommitRequest()
                request.add(["a"], to: id)
                #expect(store.commitNow([request]) == [true])
            }
            let slice = try view.read(from: Offset(rawValue: view.latestOffset.rawValue - 1), byteCountMax: 1)
            #expect(try RecordBatchHeader(parsing: slice.bytes.span).partitionLeaderEpoch == Int32(ends.count))
            ends.append(view.latestOffset.rawValue)
            disk.restartProcess()
        }
        let file = try LogLayout.read("/data/t-0/leader-epoch-checkpoint", files: disk)
        #expect(String(decoding: file, as: UTF8.self) == "0\n3\n0 0\n1 5\n2 10\n")
        let durable = try LogStore(directory: "/data", files: disk, options: .simulated(.commit))
        #expect(durable.partitions[id]?.view.leaderEpoch == 2)
    }
}

extension LogStore {
    func models() throws -> [TopicPartition: PartitionModel] { try partitions.mapValues { try PartitionModel($0) } }
}
