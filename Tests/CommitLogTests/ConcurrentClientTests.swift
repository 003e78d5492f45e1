import ByteCoding
import ChangeModel
import KafkaProtocol
import TailraceTesting
import Testing

@testable import CommitLog

@Suite("Clients and coordinators at once")
struct ConcurrentClientTests {
    @Test("batches of many threads, some of them sent twice, are there once each and in their producers' order")
    func threads() throws {
        let disk = SimulatedFileSystem(seed: 1)
        var log = try CommitLog(directory: "/data", files: disk, options: .simulated())
        try log.createTopic("t", partitionCount: 2, settings: ["segment.bytes": "4000"])
        let outcomes = Monitor<[Int64: [Int64]]>([:])
        let (producerCount, batchCount) = (4, 40)
        let seen = Monitor<Set<TopicPartition>>([])
        log.setCommitObserver { changed in seen.update { $0.formUnion(changed) } }
        let threads = (0..<producerCount).map { [log] producer in
            WorkerThread {
                let partition = TopicPartition(topic: "t", partition: Int32(producer % 2))
                for number in 0..<batchCount {
                    // A producer that has lost the answer sends the batch again.
                    for _ in 0..<(number % 5 == 0 ? 2 : 1) {
                        let batch = TestBatch(
                            values: ["\(producer)/\(number)"], producerID: Int64(producer), sequence: Int32(number)
                        ).bytes()
                        log.append(batch, to: partition, origin: .client()) { result in
                            let offset = (try? result.get().baseOffset.rawValue) ?? -1
                            outcomes.update { $0[Int64(producer), default: []].append(offset) }
                        }
                    }
                }
            }
        }
        for thread in threads { thread.join() }
        log.drain()
        #expect(seen.read { $0.count } == 2)
        for producer in 0..<producerCount {
            let offsets = outcomes.read { $0[Int64(producer)] ?? [] }
            #expect(offsets.count == batchCount + batchCount / 5)
            #expect(offsets.allSatisfy { $0 >= 0 })
            #expect(offsets == offsets.sorted())
            #expect(Set(offsets).count == batchCount)
        }
        for round in 0..<2 {
            for number in 0..<2 {
                let view = try log.view(TopicPartition(topic: "t", partition: Int32(number)))
                let values = try view.records().compactMap(\.value)
                for producer in stride(from: number, to: producerCount, by: 2) {
                    let own = values.filter { $0.hasPrefix("\(producer)/") }
                    #expect(own == (0..<batchCount).map { "\(producer)/\($0)" }, "round \(round)")
                }
                #expect(values.count == 2 * batchCount)
            }
            try log.close()
            log = try CommitLog(directory: "/data", files: disk, options: .simulated())
        }
        try log.close()
    }

    @Test("markers and a coordinator's records in one request happen together or not at all")
    func coordinator() throws {
        let store = try LogStore(directory: "/data", files: SimulatedFileSystem(seed: 1), options: .simulated())
        _ = try store.createTopic("t", partitionCount: 2, settings: [:])
        _ = try store.createTopic("__transaction_state", partitionCount: 1, settings: ["cleanup.policy": "compact"])
        let partitions = [0, 1].map { TopicPartition(topic: "t", partition: $0) }
        let state = TopicPartition(topic: "__transaction_state", partition: 0)
        for partition in partitions {
            let request = CommitRequest()
            ProducerOperation(
                partition: partition, producerID: 5, epoch: 1, sequence: 0,
                kind: .data(count: 2, isTransactional: true)
            ).add(to: request)
            #expect(store.commitNow([request]) == [true])
        }
        let end = { (epoch: Int16, isCommit: Bool) -> CommitRequest in
            let request = CommitRequest()
            request.add(["state"], keys: ["id"], to: state)
            for partition in partitions {
                request.add(
                    TransactionMarker(
                        producerID: 5, producerEpoch: epoch, coordinatorEpoch: 0, isCommit: isCommit),
                    timestamp: 1000, for: partition)
            }
            return request
        }
        // The second partition knows a newer incarnation already, so nothing of the old one's end is written.
        let newer = CommitRequest()
        newer.add(
            TransactionMarker(producerID: 5, producerEpoch: 2, coordinatorEpoch: 0, isCommit: false), timestamp: 1000,
            for: partitions[1])
        #expect(store.commitNow([newer]) == [true])
        #expect(store.commitNow([end(1, true)]) == [false])
        #expect(store.partitions[partitions[0]]?.view.lastStableOffset == .zero)
        #expect(store.partitions[state]?.nextOffset == .zero)
        #expect(store.commitNow([end(2, false)]) == [true])
        #expect(store.partitions[partitions[0]]?.view.lastStableOffset.rawValue == 3)
        #expect(store.partitions[state]?.nextOffset.rawValue == 1)
        #expect(store.partitions[partitions[1]]?.view.lastStableOffset.rawValue == 4)
        // Offsets of a transaction carry the producer without a sequence, and hold the stable offset back likewise.
        let offsets = CommitRequest()
        let batch = TestBatch(values: ["offset"], key: "group", attributes: 0x10, producerID: 5, epoch: 2, sequence: -1)
            .bytes()
        offsets.buffer.append(batch.span)
        offsets.add(0..<offsets.buffer.count, for: partitions[0], origin: .coordinator)
        #expect(store.commitNow([offsets]) == [true])
        #expect(store.partitions[partitions[0]]?.view.lastStableOffset.rawValue == 3)
        #expect(store.commitNow([end(2, true)]) == [true])
        #expect(store.partitions[partitions[0]]?.view.lastStableOffset.rawValue == 5)
    }
}
