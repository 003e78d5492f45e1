import ByteCoding
import ChangeModel
import CommitLog
import KafkaProtocol
import TailraceTesting
import Testing

@testable import Broker

@Suite("connections")
struct ConnectionTests {
    @Test("an unknown version of ApiVersions is answered in the form of version 0, and the connection goes on")
    func unknownApiVersions() async throws {
        try await RunningBroker.with { broker in
            let client = try await broker.connect()
            var bytes = ByteBuffer()
            bytes.append(bigEndian: Int32(0))
            RequestHeader(apiKey: 18, apiVersion: 99, correlationId: 7, clientId: nil).encode(into: &bytes)
            bytes.replace(bigEndian: Int32(bytes.count - 4), at: 0)
            try await client.send(bytes.array())
            let frame = try #require(await client.receive())
            let refusal = try TestConnection.decode(ApiVersionsResponse.self, frame, version: 0, correlationID: 7)
            #expect(refusal.errorCode == 35)
            #expect(refusal.apiKeys.contains { $0.apiKey == 18 && $0.maxVersion == 4 })
            var request = ApiVersionsRequest()
            request.clientSoftwareName = "test"
            request.clientSoftwareVersion = "1"
            let answer = try await client.ask(request, version: 3)
            #expect(answer.errorCode == 0)
            #expect(answer.finalizedFeatures.map(\.name) == ["metadata.version"])
            await client.close()
        }
    }

    @Test("produce is told from version 0 on, or librdkafka would not compress")
    func produceFromZero() async throws {
        try await RunningBroker.with { broker in
            let client = try await broker.connect()
            let answer = try await client.ask(ApiVersionsRequest(), version: 0)
            let produce = try #require(answer.apiKeys.first { $0.apiKey == 0 })
            #expect(produce.minVersion == 0)
            #expect(produce.maxVersion == 13)
            await client.close()
        }
    }

    /// Frames that no broker can answer, by what is wrong with them.
    static let unanswerable: [(String, [UInt8])] = [
        ("an API key that is not there", [0, 0, 0, 10, 0, 99, 0, 0, 0, 0, 0, 1, 255, 255]),
        ("a version that is not served", [0, 0, 0, 10, 0, 3, 0, 99, 0, 0, 0, 1, 255, 255]),
        ("a negative size", [255, 255, 255, 255]),
        ("a size above socket.request.max.bytes", [127, 255, 255, 255]),
        ("a body that is cut short", [0, 0, 0, 11, 0, 3, 0, 1, 0, 0, 0, 1, 255, 255, 0]),
        (
            "an array that claims more than there is",
            [0, 0, 0, 14, 0, 3, 0, 1, 0, 0, 0, 1, 255, 255, 127, 255, 255, 255]
        ),
        ("text of another protocol", Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)),
    ]

    @Test("what cannot be answered closes its connection alone", arguments: unanswerable.indices)
    func refused(index: Int) async throws {
        try await RunningBroker.with { broker in
            let bystander = try await broker.connect()
            let stranger = try await broker.connect()
            try await stranger.send(Self.unanswerable[index].1)
            #expect(await stranger.receive() == nil, "\(Self.unanswerable[index].0)")
            let metrics = broker.server.metrics
            #expect(metrics.malformedRequestCount.value + metrics.unsupportedRequestCount.value == 1)
            #expect(try await bystander.ask(ApiVersionsRequest(), version: 0).errorCode == 0)
            await bystander.close()
        }
    }

    @Test("half a request holds up nobody else")
    func halfRequest() async throws {
        try await RunningBroker.with { broker in
            let slow = try await broker.connect()
            let whole = TestConnection.frame(ApiVersionsRequest(), version: 0)
            try await slow.send(Array(whole.prefix(9)))
            let other = try await broker.connect()
            #expect(try await other.ask(ApiVersionsRequest(), version: 0).errorCode == 0)
            try await slow.send(Array(whole.dropFirst(9)))
            #expect(await slow.receive() != nil)
            await slow.close()
            await other.close()
        }
    }

    @Test("an address gets no more than max.connections.per.ip connections")
    func connectionsPerAddress() async throws {
        try await RunningBroker.with(["max.connections.per.ip": "2"]) { broker in
            let first = try await broker.connect()
            let second = try await broker.connect()
            #expect(try await first.ask(ApiVersionsRequest(), version: 0).errorCode == 0)
            #expect(try await second.ask(ApiVersionsRequest(), version: 0).errorCode == 0)
            let third = try await broker.connect()
            #expect(await third.receive() == nil)
            #expect(broker.server.metrics.refusedConnectionCount.value == 1)
            await first.close()
            try await eventually("the closed connection is counted out") {
                broker.server.metrics.connectionCount == 1
            }
            let fourth = try await broker.connect()
            #expect(try await fourth.ask(ApiVersionsRequest(), version: 0).errorCode == 0)
            await second.close()
            await fourth.close()
        }
    }

    @Test("a thousand connections that say nothing hold up nobody")
    func idleConnections() async throws {
        try await RunningBroker.with { broker in
            var idle: [TestConnection] = []
            for _ in 0..<1000 { idle.append(try await broker.connect()) }
            let busy = try await broker.connect()
            #expect(try await busy.ask(ApiVersionsRequest(), version: 0).errorCode == 0)
            try await eventually("all are counted") { broker.server.metrics.connectionCount == 1001 }
            for connection in idle { await connection.close() }
            try await eventually("all are counted out") { broker.server.metrics.connectionCount == 1 }
            await busy.close()
        }
    }

    @Test("answers come in the order of the requests, even behind one that has to wait")
    func orderBehindWait() async throws {
        try await RunningBroker.with { broker in
            try broker.log.createTopic("t")
            let client = try await broker.connect()
            try await client.send(
                TestConnection.frame(fetch("t", from: 0), version: 11, correlationID: 1)
                    + TestConnection.frame(ApiVersionsRequest(), version: 0, correlationID: 2))
            let producer = try await broker.connect()
            _ = try await producer.ask(produce("t", ["a"]), version: 9)
            let first = try #require(await client.receive())
            _ = try TestConnection.decode(FetchResponse.self, first, version: 11, correlationID: 1)
            let second = try #require(await client.receive())
            _ = try TestConnection.decode(ApiVersionsResponse.self, second, version: 0, correlationID: 2)
            await client.close()
            await producer.close()
        }
    }

    @Test("thousands of requests in one piece are all answered")
    func manyAtOnce() async throws {
        try await RunningBroker.with { broker in
            let client = try await broker.connect()
            var bytes: [UInt8] = []
            for number in 0..<5000 {
                bytes += TestConnection.frame(ApiVersionsRequest(), version: 0, correlationID: Int32(number))
            }
            try await client.send(bytes)
            for number in 0..<5000 {
                let frame = try #require(await client.receive())
                _ = try TestConnection.decode(
                    ApiVersionsResponse.self, frame, version: 0, correlationID: Int32(number))
            }
            await client.close()
        }
    }

    @Test("a request that is cut off by its connection's end gives its memory back")
    func memoryOfHalfRequest() async throws {
        try await RunningBroker.with { broker in
            let memory = try #require(broker.server.frameMemory)
            let client = try await broker.connect()
            try await client.send([0, 16, 0, 0, 1, 2, 3])
            try await eventually("the frame has its memory") { memory.usedByteCount == 1 << 20 }
            await client.close()
            try await eventually("it has given it back") { memory.usedByteCount == 0 }
        }
    }

    @Test("when memory for requests is short, requests wait for it and all get through")
    func shortMemory() async throws {
        try await RunningBroker.with(["queued.max.request.bytes": "2048"]) { broker in
            try broker.log.createTopic("t")
            let value = String(repeating: "x", count: 3000)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        let client = try await broker.connect()
                        for _ in 0..<5 {
                            let answer = try await client.ask(try produce("t", [value]), version: 9)
                            #expect(answer.responses[0].partitionResponses[0].errorCode == 0)
                        }
                        await client.close()
                    }
                }
                try await group.waitForAll()
            }
            #expect(try broker.log.view(TopicPartition(topic: "t", partition: 0)).latestOffset.rawValue == 100)
            let memory = try #require(broker.server.frameMemory)
            try await eventually("all is given back") { memory.usedByteCount == 0 }
        }
    }
}
