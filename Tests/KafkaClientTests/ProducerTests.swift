import CRdkafka
import ChangeModel
import KafkaClient
import Logging
import Testing

@Suite("Producer")
struct ProducerTests {
    let cluster: MockCluster
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init() throws {
        cluster = try MockCluster()
        cluster.createTopic("orders", partitionCount: 4)
    }

    private func producer(_ extra: ClientProperties = [:]) throws -> KafkaProducer {
        let base: ClientProperties = ["bootstrap.servers": cluster.bootstrapServers, "linger.ms": "1"]
        return try KafkaProducer(base.merging(extra), logger: logger)
    }

    private func consume(_ count: Int, _ extra: ClientProperties = [:]) async throws -> [ConsumedRecord] {
        let base: ClientProperties = ["bootstrap.servers": cluster.bootstrapServers, "auto.offset.reset": "earliest"]
        let consumer = try KafkaConsumer(base.merging(extra), logger: logger)
        try await consumer.assign(
            (0..<4).map {
                PartitionOffset(TopicPartition(topic: "orders", partition: $0), offset: PartitionOffset.beginning)
            })
        var records: [ConsumedRecord] = []
        while records.count < count {
            let batch = try await consumer.poll()
            records += batch.records()
        }
        try await consumer.close()
        return records
    }

    @Test("keys, values, nulls, empties, headers and timestamps arrive as they were given")
    func roundTrip() async throws {
        var batch = OutgoingBatch(byteCount: 1)
        let topic = batch.topicIndex("orders")
        let key = Array("k".utf8)
        let value = [UInt8](repeating: 7, count: 5_000)
        let headers = [
            RecordHeader(name: "a", value: [1, 0, 2]), RecordHeader(name: "a", value: nil),
            RecordHeader(name: "b", value: []),
        ]
        batch.append(
            topic: topic, partition: 0, timestamp: 1_700_000_000_123, key: key.span, value: value.span,
            headers: headers)
        batch.append(topic: topic, partition: 0, key: nil, value: [UInt8]().span)
        batch.append(topic: topic, partition: 0, key: [UInt8]().span, value: nil)
        let reports = try await producer().send(batch)
        #expect(reports.map(\.error) == [nil, nil, nil])
        #expect(reports.map(\.offset) == [0, 1, 2])

        let records = try await consume(3)
        #expect(records.map(\.key) == [key, nil, []])
        #expect(records.map(\.value) == [value, [], nil])
        #expect(records[0].timestamp == 1_700_000_000_123)
        #expect(records[0].headers == headers)
        #expect(records.map(\.offset) == [0, 1, 2])
    }

    @Test("a full queue makes the producer wait; every record arrives once and in order")
    func backPressure() async throws {
        let producer = try producer(["queue.buffering.max.messages": "10", "enable.idempotence": "true"])
        var batch = OutgoingBatch()
        let topic = batch.topicIndex("orders")
        for number in 0..<2_000 {
            batch.append(topic: topic, partition: 1, key: nil, value: Array("\(number)".utf8).span)
        }
        let reports = try await producer.send(batch)
        #expect(reports.count == 2_000)
        #expect(reports.allSatisfy { $0.error == nil })
        let values = try await consume(2_000).map { String(decoding: $0.value ?? [], as: UTF8.self) }
        #expect(values == (0..<2_000).map(String.init))
    }

    @Test("a record that is refused has its error in its report, and the others arrive")
    func refusedRecord() async throws {
        let producer = try producer(["message.max.bytes": "2000"])
        var batch = OutgoingBatch()
        let topic = batch.topicIndex("orders")
        batch.append(topic: topic, partition: 0, key: nil, value: Array("good".utf8).span)
        batch.append(topic: topic, partition: 0, key: nil, value: [UInt8](repeating: 1, count: 5_000).span)
        batch.append(topic: topic, partition: 99, key: nil, value: Array("nowhere".utf8).span)
        let reports = try await producer.send(batch)
        #expect(reports[0].error == nil)
        #expect(reports[1].error == .messageTooLarge)
        #expect(!reports[1].isPossiblyPersisted)
        #expect(reports[2].error == .localUnknownPartition)
    }

    @Test("an idempotent producer rides out retriable answers without doubling")
    func retries() async throws {
        cluster.failProduce(with: [
            RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION, RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
            RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS,
        ])
        let producer = try producer(["enable.idempotence": "true", "retry.backoff.ms": "5"])
        var batch = OutgoingBatch()
        let topic = batch.topicIndex("orders")
        for number in 0..<10 { batch.append(topic: topic, partition: 2, key: nil, value: [UInt8(number)].span) }
        let reports = try await producer.send(batch)
        #expect(reports.map(\.offset) == Array(0..<10))
    }

    @Test("an empty batch is delivered at once")
    func emptyBatch() async throws {
        let reports = try await producer().send(OutgoingBatch())
        #expect(reports.isEmpty)
    }

    @Test("a producer that goes reports what it had not sent as purged")
    func purge() async throws {
        var producer: KafkaProducer? = try KafkaProducer(
            ["bootstrap.servers": "127.0.0.1:1", "linger.ms": "1"], logger: logger)
        var batch = OutgoingBatch()
        let topic = batch.topicIndex("orders")
        batch.append(topic: topic, key: nil, value: [1].span)
        let pending = try await producer?.enqueue(batch)
        producer = nil
        let reports = await pending?.reports()
        #expect(reports?.map(\.error) == [.purged])
    }

    @Test("a flush that cannot finish says why no broker is reached")
    func unreachable() async throws {
        let producer = try KafkaProducer(["bootstrap.servers": "127.0.0.1:1"], logger: logger)
        var batch = OutgoingBatch()
        let topic = batch.topicIndex("orders")
        batch.append(topic: topic, key: nil, value: [1].span)
        _ = try await producer.enqueue(batch)
        let error = await #expect(throws: KafkaError.self) { try await producer.flush(within: .seconds(1)) }
        #expect(error?.code == .timedOut)
        #expect(error?.detail.contains("127.0.0.1:1") == true)
        #expect(error?.isRetriable == true)
    }

    @Test("a committed transaction's records and offsets are there, an aborted one's are not")
    func transactions() async throws {
        let producer = try producer(["transactional.id": "shop"])
        try await producer.initializeTransactions()
        for isCommitted in [true, false] {
            try await producer.beginTransaction()
            var batch = OutgoingBatch()
            let topic = batch.topicIndex("orders")
            batch.append(topic: topic, partition: 3, key: nil, value: [isCommitted ? 1 : 0].span)
            let pending = try await producer.enqueue(batch)
            if isCommitted {
                let offset = PartitionOffset(TopicPartition(topic: "orders", partition: 0), offset: 17)
                try await producer.sendOffsets([offset], of: ConsumerGroupMetadata(group: "readers"))
                try await producer.commitTransaction()
            } else {
                try await producer.abortTransaction()
            }
            let reports = await pending.reports()
            if isCommitted { #expect(reports.map(\.error) == [nil]) }
        }
        let error = await #expect(throws: KafkaError.self) { try await producer.commitTransaction() }
        #expect(error?.detail.contains("committing the transaction") == true)
    }
}
