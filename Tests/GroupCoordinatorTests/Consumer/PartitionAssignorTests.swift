import ChangeModel
import TailraceTesting
import Testing

@testable import GroupCoordinator

@Suite("assignors")
struct PartitionAssignorTests {
    private static func topic(_ number: UInt64) -> TopicID { TopicID(high: 0, low: number) }

    @Test(
        "every partition has one owner who is subscribed to it, and nobody has more than their share",
        arguments: 1...60 as ClosedRange<UInt64>)
    func fair(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let counts = Dictionary(
            uniqueKeysWithValues: (0..<UInt64.random(in: 1...5, using: &generator)).map {
                (Self.topic($0), Int32.random(in: 0...9, using: &generator))
            })
        let isHomogeneous = generator.oneIn(2)
        var previous: [String: Assignment] = [:]
        for _ in 0..<6 {
            let members = (0..<Int.random(in: 1...6, using: &generator)).map { number in
                PartitionAssignor.Member(
                    id: "m\(number)", instanceID: nil,
                    topics: Set(counts.keys.filter { _ in isHomogeneous || generator.oneIn(2) }),
                    previous: previous["m\(number)"] ?? Assignment())
            }
            for assignor in PartitionAssignor.allCases {
                let result = assignor.assign(members, partitionCounts: counts)
                check(result, members, counts, isHomogeneous && assignor == .uniform)
                if assignor == .uniform { previous = result }
            }
        }
    }

    private func check(
        _ result: [String: Assignment], _ members: [PartitionAssignor.Member], _ counts: [TopicID: Int32],
        _ isEven: Bool
    ) {
        for (topic, count) in counts {
            for partition in 0..<count {
                let owners = members.filter { result[$0.id]?.contains(topic, partition) == true }
                #expect(owners.count == (members.contains { $0.topics.contains(topic) } ? 1 : 0))
                #expect(owners.allSatisfy { $0.topics.contains(topic) })
            }
        }
        let sizes = members.map { result[$0.id]?.partitionCount ?? 0 }
        if isEven { #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1) }
    }

    @Test("a newcomer takes only its share, everything else stays where it was")
    func sticky() {
        let topic = Self.topic(1)
        func member(_ id: String, _ previous: Set<Int32>) -> PartitionAssignor.Member {
            .init(id: id, instanceID: nil, topics: [topic], previous: Assignment([topic: previous]))
        }
        let result = PartitionAssignor.uniform.assign(
            [member("a", [0, 2, 4]), member("b", [1, 3, 5]), member("c", [])], partitionCounts: [topic: 6])
        #expect(result["a"]?[topic].isSubset(of: [0, 2, 4]) == true && result["a"]?[topic].count == 2)
        #expect(result["b"]?[topic].isSubset(of: [1, 3, 5]) == true && result["b"]?[topic].count == 2)
        #expect(result["c"]?[topic].count == 2)
    }

    @Test("range gives neighbours, and the same numbers of equal topics to the same member")
    func range() {
        let members = ["a", "b"].map {
            PartitionAssignor.Member(
                id: $0, instanceID: nil, topics: [Self.topic(1), Self.topic(2)], previous: Assignment())
        }
        let result = PartitionAssignor.range.assign(members, partitionCounts: [Self.topic(1): 3, Self.topic(2): 3])
        #expect(result["a"] == Assignment([Self.topic(1): [0, 1], Self.topic(2): [0, 1]]))
        #expect(result["b"] == Assignment([Self.topic(1): [2], Self.topic(2): [2]]))
    }
}
