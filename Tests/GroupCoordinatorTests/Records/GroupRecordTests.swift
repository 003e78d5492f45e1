import ByteCoding
import ChangeModel
import GroupCoordinator
import TailraceTesting
import Testing

@Suite("records of __consumer_offsets")
struct GroupRecordTests {
    static let samples: [GroupRecord] = [
        .offset(
            group: "g", topic: "orders", partition: 3,
            OffsetValue(offset: 42, leaderEpoch: 7, metadata: "m", commitTimestamp: 1_000)),
        .offset(
            group: "g", topic: "orders", partition: 3,
            OffsetValue(offset: 42, metadata: "", commitTimestamp: 1_000, expireTimestamp: 9_000)),
        .offset(group: "", topic: "orders", partition: 0, nil),
        .classicGroup(
            group: "g",
            ClassicGroupValue(
                protocolType: "consumer", generation: 5, protocolName: "range", leader: "a", stateTimestamp: 99,
                members: [
                    .init(
                        id: "a", instanceID: "i", clientID: "c", clientHost: "/127.0.0.1", rebalanceTimeout: 300_000,
                        sessionTimeout: 45_000, subscription: [1, 2], assignment: [3])
                ])),
        .classicGroup(group: "g", nil),
        .consumerGroup(group: "g", ConsumerGroupValue(epoch: 9, metadataHash: 12345)),
        .consumerGroup(group: "g", ConsumerGroupValue(epoch: 9, metadataHash: 0)),
        .targetEpoch(group: "g", 9), .targetEpoch(group: "g", nil),
        .targetAssignment(
            group: "g", member: "m", Assignment([TopicID(high: 1, low: 2): [0, 5], TopicID(high: 1, low: 3): [1]])),
    ]

    @Test("what is written is read back the same", arguments: samples)
    func roundTrip(record: GroupRecord) throws {
        let key = record.encodeKey()
        let value = record.encodeValue()
        let body = value ?? []
        let decoded = try GroupRecord.decode(key: key.span, value: body.span, hasValue: value != nil)
        #expect(decoded == record)
    }

    @Test("an offset's bytes are Kafka's")
    func offsetBytes() {
        let record = GroupRecord.offset(
            group: "g", topic: "t", partition: 1,
            OffsetValue(offset: 258, leaderEpoch: -1, metadata: "x", commitTimestamp: 2))
        #expect(record.encodeKey() == [0, 1, 0, 1, 0x67, 0, 1, 0x74, 0, 0, 0, 1])
        #expect(
            record.encodeValue() == [
                0, 3, 0, 0, 0, 0, 0, 0, 1, 2, 0xFF, 0xFF, 0xFF, 0xFF, 0, 1, 0x78, 0, 0, 0, 0, 0, 0, 0, 2,
            ])
    }

    @Test("a key of an unknown type means nothing and is no error")
    func unknownType() throws {
        let key: [UInt8] = [0, 11, 0, 1, 0x67]
        let value: [UInt8] = [0, 0]
        let decoded = try GroupRecord.decode(key: key.span, value: value.span, hasValue: true)
        #expect(decoded == nil)
    }

    @Test("bytes cut or changed anywhere give a value or an error, never a trap", arguments: samples)
    func damage(record: GroupRecord) {
        var generator = SeededGenerator(seed: 7)
        let key = record.encodeKey()
        let value = record.encodeValue() ?? []
        var outcomes = 0
        for length in 0..<value.count {
            let cut = Array(value[..<length])
            _ = try? GroupRecord.decode(key: key.span, value: cut.span, hasValue: true)
            outcomes += 1
        }
        for length in 0..<key.count {
            let cut = Array(key[..<length])
            let decoded = try? GroupRecord.decode(key: cut.span, value: value.span, hasValue: false)
            #expect(decoded == nil)
        }
        for _ in 0..<300 where !value.isEmpty {
            var damaged = value
            damaged[Int.random(in: 0..<damaged.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            _ = try? GroupRecord.decode(key: key.span, value: damaged.span, hasValue: true)
            outcomes += 1
        }
        #expect(outcomes == value.count + (value.isEmpty ? 0 : 300))
    }

    @Test("a group's partition is the one Kafka computes")
    func partition() {
        #expect(GroupPartition.index(of: "", partitionCount: 50) == 0)
        // "hello".hashCode() is 99162322, "polygenelubricants".hashCode() is the smallest 32-bit integer.
        #expect(GroupPartition.index(of: "hello", partitionCount: 50) == 22)
        #expect(GroupPartition.index(of: "polygenelubricants", partitionCount: 50) == 0)
    }
}
