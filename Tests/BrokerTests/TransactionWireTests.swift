import ChangeModel
import CommitLog
import KafkaProtocol
import Testing

@testable import Broker

@Suite("Broker: transactions over the wire")
struct TransactionWireTests {
    private func initialize(_ client: TestConnection, version: Int16 = 4) async throws -> InitProducerIdResponse {
        var request = InitProducerIdRequest()
        request.transactionalId = "t"
        request.transactionTimeoutMs = 60_000
        return try await client.ask(request, version: version)
    }

    private func add(_ client: TestConnection, _ producer: InitProducerIdResponse, _ topic: String) async throws
        -> Int16
    {
        var request = AddPartitionsToTxnRequest()
        request.v3AndBelowTransactionalId = "t"
        request.v3AndBelowProducerId = producer.producerId
        request.v3AndBelowProducerEpoch = producer.producerEpoch
        var partitions = AddPartitionsToTxnRequest.AddPartitionsToTxnTopic()
        partitions.name = topic
        partitions.partitions = [0]
        request.v3AndBelowTopics = [partitions]
        let answer = try await client.ask(request, version: 3)
        return answer.resultsByTopicV3AndBelow[0].resultsByPartition[0].partitionErrorCode
    }

    private func end(
        _ client: TestConnection, _ producer: InitProducerIdResponse, commit: Bool, version: Int16 = 3
    ) async throws -> Int16 {
        var request = EndTxnRequest()
        request.transactionalId = "t"
        request.producerId = producer.producerId
        request.producerEpoch = producer.producerEpoch
        request.committed = commit
        return try await client.ask(request, version: version).errorCode
    }

    @Test("a transaction is begun, ended once, and its markers are in its partitions")
    func roundTrip() async throws {
        try await RunningBroker.with { broker in
            try broker.log.createTopic("orders")
            let client = try await broker.connect()
            let producer = try await initialize(client)
            #expect(producer.errorCode == 0 && producer.producerEpoch == 0)
            #expect(try await end(client, producer, commit: true) == 48)
            #expect(try await add(client, producer, "missing") == 3)
            #expect(try await add(client, producer, "orders") == 0)
            #expect(try await end(client, producer, commit: true) == 0)
            #expect(try await end(client, producer, commit: true) == 0)
            #expect(try await end(client, producer, commit: false) == 48)
            // The repeated end is answered behind the markers.
            let view = try broker.log.view(TopicPartition(topic: "orders", partition: 0))
            #expect(view.latestOffset.rawValue == 1)
            await client.close()
        }
    }

    @Test("the holder before is fenced, by the code that its version knows")
    func fencing() async throws {
        try await RunningBroker.with { broker in
            try broker.log.createTopic("orders")
            let client = try await broker.connect()
            let old = try await initialize(client)
            #expect(try await add(client, old, "orders") == 0)
            let new = try await initialize(client)
            #expect(new.producerId == old.producerId && new.producerEpoch > old.producerEpoch)
            #expect(try await end(client, old, commit: true) == 90)
            #expect(try await end(client, old, commit: true, version: 1) == 47)
            await client.close()
        }
    }
}
