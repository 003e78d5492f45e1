import ByteCoding
import ChangeModel
import CommitLog
import KafkaProtocol
import TailraceTesting
import Testing

@testable import Broker

@Suite("producing and fetching")
struct RecordsTests {
    @Test("pipelined produce requests are appended and answered in their order")
    func pipelined() async throws {
        try await RunningBroker.with { broker in
            try broker.log.createTopic("t")
            let client = try await broker.connect()
            var bytes: [UInt8] = []
            for number in 0..<20 {
                bytes += TestConnection.frame(
                    try produce("t", ["value \(number)"]), version: 9, correlationID: Int32(number))
            }
            try await client.send(bytes)
            for number in 0..<20 {
                let frame = try #require(await client.receive())
                let answer = try TestConnection.decode(
                    ProduceResponse.self, frame, version: 9, correlationID: Int32(number))
                #expect(answer.responses[0].partitionResponses[0].baseOffset == Int64(number))
            }
            await client.close()
        }
    }

    @Test("a fetch that waits is answered by the commit of what it waits for")
    func longPoll() async throws {
        try await RunningBroker.with { broker in
            try broker.log.createTopic("t")
            let consumer = try await broker.connect()
            try await consumer.send(TestConnection.frame(fetch("t", from: 0), version: 11))
            try await eventually("the fetch waits") { broker.server.metrics.parkedFetchCount.value == 1 }
            let producer = try await broker.connect()
            _ = try await producer.ask(produce("t", ["a", "b"]), version: 9)
            let frame = try #require(await consumer.receive())
            let answer = try TestConnection.decode(FetchResponse.self, frame, version: 11)
            let partition = answer.responses[0].partitions[0]
            #expect(partition.highWatermark == 2)
            #expect(partition.records.range?.count == (try batch(["a", "b"]).count))
            #expect(broker.server.metrics.releasedFetchCount.value == 1)
            await consumer.close()
            await producer.close()
        }
    }

    @Test("a fetch waits for min_bytes, and for no longer than max_wait_ms")
    func minBytes() async throws {
        try await RunningBroker.with { broker in
            try broker.log.createTopic("t")
            let client = try await broker.connect()
            _ = try await client.ask(produce("t", ["a"]), version: 9)
            let answer = try await client.ask(
                fetch("t", from: 0, maxWaitMs: 20, minBytes: 1_000_000), version: 11)
            #expect(answer.responses[0].partitions[0].records.range?.isEmpty == false)
            await client.close()
        }
    }

    @Test("a fetch whose client has gone waits no longer")
    func abandonedFetch() async throws {
        try await RunningBroker.with { broker in
            try broker.log.createTopic("t")
            let client = try await broker.connect()
            try await client.send(TestConnection.frame(fetch("t", from: 0), version: 11))
            try await eventually("the fetch waits") { broker.server.metrics.parkedFetchCount.value == 1 }
            await client.close()
            try await eventually("it is given up") { broker.server.metrics.releasedFetchCount.value == 1 }
        }
    }

    @Test("an error ends the wait at once", arguments: [("none", Int64(0), Int16(3)), ("t", 5, 1), ("t", -1, 1)])
    func errors(topic: String, offset: Int64, code: Int16) async throws {
        try await RunningBroker.with { broker in
            try broker.log.createTopic("t")
            let client = try await broker.connect()
            let answer = try await client.ask(fetch(topic, from: offset), version: 11)
            #expect(answer.responses[0].partitions[0].errorCode == code)
            #expect(answer.responses[0].partitions[0].records.range?.isEmpty == true)
            await client.close()
        }
    }

    @Test("the first batch is returned however small the limits are")
    func firstBatchAlways() async throws {
        try await RunningBroker.with { broker in
            try broker.log.createTopic("t")
            let client = try await broker.connect()
            let value = String(repeating: "x", count: 100_000)
            _ = try await client.ask(produce("t", [value]), version: 9)
            _ = try await client.ask(produce("t", [value]), version: 9)
            var request = fetch("t", from: 0)
            request.maxBytes = 10
            request.topics[0].partitions[0].partitionMaxBytes = 10
            let answer = try await client.ask(request, version: 11)
            #expect(answer.responses[0].partitions[0].records.range?.count == (try batch([value]).count))
            await client.close()
        }
    }

    @Test("a session answers what has changed, and nothing else")
    func session() async throws {
        try await RunningBroker.with { broker in
            try broker.log.createTopic("t")
            let client = try await broker.connect()
            let opened = try await client.ask(fetch("t", from: 0, maxWaitMs: 0, sessionEpoch: 0), version: 11)
            #expect(opened.sessionId != 0)
            #expect(opened.responses.count == 1)
            var again = FetchRequest()
            again.sessionId = opened.sessionId
            again.sessionEpoch = 1
            again.maxBytes = 1 << 20
            let quiet = try await client.ask(again, version: 11)
            #expect(quiet.sessionId == opened.sessionId)
            #expect(quiet.responses.isEmpty)
            _ = try await client.ask(produce("t", ["a"]), version: 9)
            again.sessionEpoch = 2
            let news = try await client.ask(again, version: 11)
            #expect(news.responses.first?.partitions.first?.highWatermark == 1)
            let wrong = try await client.ask(again, version: 11)
            #expect(wrong.errorCode == 71)
            await client.close()
        }
    }

    @Test("acks 0 gets no answer, and its error ends the connection")
    func noAcks() async throws {
        try await RunningBroker.with { broker in
            try broker.log.createTopic("t")
            let client = try await broker.connect()
            try await client.send(
                TestConnection.frame(try produce("t", acks: 0, ["a"]), version: 9, correlationID: 1)
                    + TestConnection.frame(ApiVersionsRequest(), version: 0, correlationID: 2))
            let frame = try #require(await client.receive())
            _ = try TestConnection.decode(ApiVersionsResponse.self, frame, version: 0, correlationID: 2)
            #expect(try broker.log.view(TopicPartition(topic: "t", partition: 0)).latestOffset.rawValue == 1)
            try await client.send(TestConnection.frame(try produce("none", acks: 0, ["a"]), version: 9))
            #expect(await client.receive() == nil)
        }
    }

    /// What a client may get wrong in one batch, and the code it is told.
    @Test(
        "a batch that is not acceptable is refused with Kafka's code",
        arguments: [("crc", Int16(2)), ("empty", 87), ("two", 87)])
    func refusedBatches(fault: String, code: Int16) async throws {
        try await RunningBroker.with { broker in
            try broker.log.createTopic("t")
            let client = try await broker.connect()
            var bytes = try batch(["a"])
            switch fault {
            case "crc": bytes[bytes.count - 1] ^= 1
            case "empty": bytes = []
            default: bytes += bytes
            }
            var request = try produce("t", ["a"])
            request.topicData[0].partitionData[0].records = .bytes(bytes)
            let answer = try await client.ask(request, version: 9)
            #expect(answer.responses[0].partitionResponses[0].errorCode == code)
            await client.close()
        }
    }

    @Test("topics can be named by their ids, and an id that is gone is told")
    func topicIDs() async throws {
        try await RunningBroker.with { broker in
            let topic = try broker.log.createTopic("t")
            let client = try await broker.connect()
            var request = try produce("", ["a"])
            request.topicData[0].topicId = topic.id
            let written = try await client.ask(request, version: 13)
            #expect(written.responses[0].partitionResponses[0].errorCode == 0)
            #expect(written.responses[0].topicId == topic.id)
            var wanted = fetch("", from: 0)
            wanted.topics[0].topicId = topic.id
            let read = try await client.ask(wanted, version: 16)
            #expect(read.responses[0].topicId == topic.id)
            #expect(read.responses[0].partitions[0].highWatermark == 1)
            try broker.log.deleteTopic("t")
            try broker.log.createTopic("t")
            #expect(try await client.ask(request, version: 13).responses[0].partitionResponses[0].errorCode == 100)
            #expect(try await client.ask(wanted, version: 16).responses[0].partitions[0].errorCode == 100)
            await client.close()
        }
    }

    @Test("a stop answers what is under way, fetches that wait included")
    func drains() async throws {
        try await RunningBroker.with { broker in
            try broker.log.createTopic("t")
            let client = try await broker.connect()
            try await client.send(TestConnection.frame(fetch("t", from: 0), version: 11))
            try await eventually("the fetch waits") { broker.server.metrics.parkedFetchCount.value == 1 }
            await broker.server.stop()
            #expect(await client.receive() != nil)
            #expect(await client.receive() == nil)
        }
    }
}
