import Testing

@testable import AccessControl

@Suite("Access control: records of __tailrace_access")
struct AccessRecordTests {
    private var rule: AccessRule {
        AccessRule(
            resourceType: .topic, resourceName: "orders/\"x\"", patternType: .prefixed, principal: "User:é",
            host: "::1",
            operation: .write, permission: .deny)
    }

    @Test("each kind of record reads back as written")
    func roundTrip() throws {
        let verifier = try ScramVerifier(mechanism: .sha256, password: "x")
        let records: [AccessRecord] = [
            .rule(rule, isPresent: true), .rule(rule, isPresent: false), .credential(user: "u", .sha256, verifier),
            .credential(user: "u", .sha256, nil), .producerIDs(below: 4_000),
            .quota(QuotaEntity(user: .default, clientID: .exactly("c")), [.producerByteRate: 1.5]),
            .quota(QuotaEntity(user: nil, clientID: .default), [.requestPercentage: 50, .consumerByteRate: 2]),
            .quota(QuotaEntity(user: .exactly("u"), clientID: nil), [:]),
        ]
        for record in records {
            let bytes = record.encode()
            #expect(AccessRecord.decode(key: bytes.key, value: bytes.value) == record)
        }
        #expect(records[0].encode().key == records[1].encode().key)
        #expect(records[1].encode().value == nil && records[3].encode().value == nil)
    }

    @Test("the bytes stay as they are documented")
    func golden() {
        let bytes = AccessRecord.quota(QuotaEntity(user: .exactly("u"), clientID: .default), [.producerByteRate: 10])
            .encode()
        #expect(String(decoding: bytes.key, as: UTF8.self) == #"{"clientIDDefault":true,"type":"quota","user":"u"}"#)
        #expect(String(decoding: bytes.value ?? [], as: UTF8.self) == #"{"quotas":{"producer_byte_rate":10}}"#)
    }

    @Test(
        "records of other types and broken ones are skipped",
        arguments: [
            (#"{"type":"new"}"#, "{}"), ("x", "{}"), (#"{"type":"acl"}"#, "{}"), (#"{"type":"quota"}"#, "{}"),
            (#"{"type":"scram","user":"u","mechanism":"SCRAM-SHA-256"}"#, #"{"verifier":"x"}"#),
            (#"{"type":"producer-ids"}"#, "5"),
        ])
    func skipped(key: String, value: String) {
        #expect(AccessRecord.decode(key: Array(key.utf8), value: Array(value.utf8)) == nil)
    }

    @Test("the state follows its records")
    func state() throws {
        var state = AccessState()
        state.apply(.rule(rule, isPresent: true))
        #expect(state.authorizer.rules == [rule])
        state.apply(.rule(rule, isPresent: false))
        #expect(state.authorizer.rules.isEmpty)
        state.apply(.credential(user: "u", .sha256, try ScramVerifier(mechanism: .sha256, password: "x")))
        #expect(state.credentials.managedUsers == ["u"])
        #expect(state.credentials.scramCredentials(of: "u").map(\.iterationCount) == [4_096])
        state.apply(.credential(user: "u", .sha256, nil))
        #expect(state.credentials.managedUsers == [])
        state.apply(.producerIDs(below: 2_000))
        state.apply(.producerIDs(below: 1_000))
        #expect(state.nextProducerID == 2_000)
    }
}
