import CommitLog
import KafkaProtocol
import Testing

@testable import Broker

@Suite("Broker: who may do what, over the wire")
struct SecurityWireTests {
    private let sasl = [
        "listeners": "SASL_PLAINTEXT://127.0.0.1:0", "sasl.enabled.mechanisms": "PLAIN",
        "sasl.users.root": "r00t", "sasl.users.alice": "s3cret",
        "connection.failed.authentication.delay.ms": "0",
    ]

    private func logIn(_ client: TestConnection, _ user: String, _ password: String) async throws
        -> SaslAuthenticateResponse
    {
        var handshake = SaslHandshakeRequest()
        handshake.mechanism = "PLAIN"
        let chosen = try await client.ask(handshake, version: 1)
        #expect(chosen.errorCode == 0 && chosen.mechanisms == ["PLAIN"])
        var request = SaslAuthenticateRequest()
        request.authBytes = Array("\0\(user)\0\(password)".utf8)
        return try await client.ask(request, version: 2)
    }

    @Test("nothing but the exchange is answered before it is over, and wrong credentials end the connection")
    func authentication() async throws {
        try await RunningBroker.with(sasl) { broker in
            let early = try await broker.connect()
            try await early.send(TestConnection.frame(MetadataRequest(), version: 9))
            #expect(await early.receive() == nil)

            let wrong = try await broker.connect()
            let refused = try await logIn(wrong, "alice", "guess")
            #expect(refused.errorCode == 58)
            #expect(await wrong.receive() == nil)

            let right = try await broker.connect()
            let accepted = try await logIn(right, "alice", "s3cret")
            #expect(accepted.errorCode == 0)
            let metadata = try await right.ask(MetadataRequest(), version: 9)
            #expect(metadata.brokers.count == 1)
            await right.close()
        }
    }

    @Test("ACLs decide, superusers are above them, and what is not checked is for superusers alone")
    func authorization() async throws {
        var settings = sasl
        settings["authorizer.class.name"] = "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
        settings["super.users"] = "User:root"
        try await RunningBroker.with(settings) { broker in
            try broker.log.createTopic("orders")
            let root = try await broker.connect()
            let alice = try await broker.connect()
            _ = try await logIn(root, "root", "r00t")
            _ = try await logIn(alice, "alice", "s3cret")

            let closed = try await alice.ask(produce("orders", ["x"]), version: 8)
            #expect(closed.responses[0].partitionResponses[0].errorCode == 29)
            let unreadable = try await alice.ask(fetch("orders", from: 0, maxWaitMs: 0), version: 11)
            #expect(unreadable.responses[0].partitions[0].errorCode == 29)
            var all = MetadataRequest()
            all.topics = nil
            let nothing = try await alice.ask(all, version: 9)
            #expect(nothing.topics.isEmpty)

            var creation = CreateAclsRequest.AclCreation()
            creation.resourceType = 2
            creation.resourceName = "ord"
            creation.resourcePatternType = 4
            creation.principal = "User:alice"
            creation.host = "*"
            creation.operation = 4
            creation.permissionType = 3
            var creations = CreateAclsRequest()
            creations.creations = [creation]
            let refused = try await alice.ask(creations, version: 2)
            #expect(refused.results.map(\.errorCode) == [31])
            let created = try await root.ask(creations, version: 2)
            #expect(created.results.map(\.errorCode) == [0])

            let open = try await alice.ask(produce("orders", ["x"]), version: 8)
            #expect(open.responses[0].partitionResponses[0].errorCode == 0)
            let seen = try await alice.ask(all, version: 9)
            #expect(seen.topics.map(\.name) == ["orders"])
            let hidden = try await root.ask(fetch("__tailrace_access", from: 0, maxWaitMs: 0), version: 11)
            #expect(hidden.responses[0].partitions[0].errorCode == 3)

            try await alice.send(TestConnection.frame(DeleteTopicsRequest(), version: 4))
            #expect(await alice.receive() == nil)
            await root.close()
        }
    }
}
