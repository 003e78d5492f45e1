import ChangeModel
import KafkaClient
import Logging
import TailraceTesting
import Testing

@Suite("Consumer")
struct ConsumerTests {
    let cluster: MockCluster
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let partition = TopicPartition(topic: "orders", partition: 0)

    init() throws {
        cluster = try MockCluster()
        cluster.createTopic("orders", partitionCount: 2)
    }

    private func fill(_ count: Int) async throws {
        let producer = try KafkaProducer(["bootstrap.servers": cluster.bootstrapServers], logger: logger)
        var batch = OutgoingBatch()
        let topic = batch.topicIndex("orders")
        for number in 0..<count {
            batch.append(topic: topic, partition: 0, key: nil, value: Array("\(number)".utf8).span)
        }
        let reports = try await producer.send(batch)
        #expect(reports.allSatisfy { $0.error == nil })
    }

    private func consumer(_ extra: ClientProperties = [:]) throws -> KafkaConsumer {
        let base: ClientProperties = [
            "bootstrap.servers": cluster.bootstrapServers, "group.id": "readers", "enable.auto.commit": "false",
            "auto.offset.reset": "earliest", "enable.partition.eof": "true", "session.timeout.ms": "6000",
        ]
        return try KafkaConsumer(base.merging(extra), logger: logger)
    }

    @Test("watermarks, batches, bounds of a batch and the partition's end")
    func assign() async throws {
        try await fill(100)
        let consumer = try consumer()
        #expect(try await consumer.watermarks(of: partition) == 0..<100)
        try await consumer.assign([PartitionOffset(partition, offset: 40)])
        var offsets: [Int64] = []
        var end: Int64?
        while end == nil {
            let batch = try await consumer.poll(recordCountMax: 7)
            let count = batch.recordCount
            #expect(count <= 7)
            offsets += (0..<count).map { batch.offset(at: $0) }
            end = batch.partitionEnds.first?.offset
        }
        #expect(offsets == Array(40..<100))
        #expect(end == 100)
        try await consumer.seek([PartitionOffset(partition, offset: 98)])
        var again: [Int64] = []
        while again.count < 2 { again += try await consumer.poll().records().map(\.offset) }
        #expect(again == [98, 99])
    }

    @Test("a group's member goes on where the last one committed")
    func resume() async throws {
        try await fill(10)
        let first = try consumer()
        try await first.subscribe(["orders"])
        var records: [ConsumedRecord] = []
        while records.count < 10 { records += try await first.poll().records() }
        #expect(try await first.assignment().count == 2)
        try await first.commit([PartitionOffset(partition, offset: 6, metadata: "half")])
        let committed = try await first.committed([partition])
        #expect(committed.map(\.offset) == [6])
        try await first.close()

        let second = try consumer()
        try await second.subscribe(["orders"])
        var rest: [Int64] = []
        while rest.count < 4 { rest += try await second.poll().records().map(\.offset) }
        #expect(rest == [6, 7, 8, 9])
        try await second.close()
    }

    @Test("a value is lent without a copy")
    func lending() async throws {
        try await fill(1)
        let consumer = try consumer()
        try await consumer.assign([PartitionOffset(partition, offset: PartitionOffset.beginning)])
        var length: Int?
        while length == nil {
            let batch = try await consumer.poll()
            if batch.recordCount > 0 {
                length = batch.withValue(at: 0) { $0?.count }
                let hasKey = batch.withKey(at: 0) { $0 != nil }
                #expect(!hasKey)
            }
        }
        #expect(length == 1)
    }
}
