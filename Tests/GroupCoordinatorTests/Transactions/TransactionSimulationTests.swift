import ChangeModel
import TailraceTesting
import Testing

@testable import GroupCoordinator

@Suite("Transactions: under crashes, failures and lost replies")
struct TransactionSimulationTests {
    /// The next marker of each record's producer decides it: what became of each transaction in each partition.
    private func decisions(in world: SimulatedTransactions) -> [Int: Set<Bool?>] {
        var result: [Int: Set<Bool?>] = [:]
        for log in world.partitions.values {
            for (index, entry) in log.enumerated() {
                guard case .record(let producer, let transaction) = entry else { continue }
                var decision: Bool?
                for later in log[(index + 1)...] {
                    if case .marker(let owner, let isCommit) = later, owner.id == producer.id,
                        owner.epoch >= producer.epoch
                    {
                        decision = isCommit
                        break
                    }
                }
                result[transaction, default: []].insert(decision)
            }
        }
        return result
    }

    @Test(
        "every transaction is atomic over its partitions, as its producer was told, and no fenced producer commits",
        arguments: 0..<60 as Range<UInt64>)
    func atomicity(seed: UInt64) throws {
        var world = try SimulatedTransactions(
            seed: seed, initialEpoch: seed % 3 == 0 ? 32_760 : nil)
        let bumpsEpoch = seed % 2 == 0
        for _ in 0..<4_000 {
            switch Int.random(in: 0..<40, using: &world.generator) {
            case 0 where world.producers.count < 40:
                let id = "t\(Int.random(in: 0..<3, using: &world.generator))"
                world.producers.append(SimulatedProducer(id: id, bumpsEpoch: bumpsEpoch))
            case 1:
                world.advance(Int64.random(in: 0..<(world.generator.oneIn(8) ? 90_000 : 500), using: &world.generator))
            case 2 where world.generator.oneIn(4):
                try world.crash()
            case 3..<20:
                world.completeOne(faults: true)
            default:
                guard !world.producers.isEmpty else { continue }
                world.step(Int.random(in: 0..<world.producers.count, using: &world.generator))
            }
        }
        // Without further trouble everything comes to its end: timeouts abort what is left open.
        for _ in 0..<600 {
            world.advance(1_000)
            for _ in 0..<20 { world.completeOne(faults: false) }
        }

        #expect(world.problems == [], "seed \(seed)")
        let decisions = decisions(in: world)
        for (transaction, outcomes) in decisions {
            #expect(outcomes.count == 1, "seed \(seed): transaction \(transaction) is not atomic")
            #expect(!outcomes.contains(nil), "seed \(seed): transaction \(transaction) was never decided")
        }
        for outcome in world.outcomes {
            guard let decided = decisions[outcome.transaction] else { continue }
            #expect(decided == [outcome.isCommit], "seed \(seed): transaction \(outcome.transaction)")
        }
        #expect(world.coordinator.stateCounts[.prepareCommit] == nil)
        #expect(world.coordinator.stateCounts[.ongoing] == nil)
        // The run was worth its name.
        #expect(world.outcomes.contains { $0.isCommit } && world.crashCount > 3, "seed \(seed)")
    }

    @Test("a replayed log gives the state that was live", arguments: 0..<10 as Range<UInt64>)
    func replayEqualsLive(seed: UInt64) throws {
        var world = try SimulatedTransactions(seed: seed, initialEpoch: nil)
        for _ in 0..<6 { world.producers.append(SimulatedProducer(id: "t\(seed % 3)", bumpsEpoch: true)) }
        for _ in 0..<1_000 {
            world.completeOne(faults: true)
            world.step(Int.random(in: 0..<6, using: &world.generator))
        }
        for _ in 0..<200 {
            world.advance(1_000)
            for _ in 0..<20 { world.completeOne(faults: false) }
        }
        let live = try world.coordinator.list(.init(), now: world.now)
        try world.crash()
        let replayed = try world.coordinator.list(.init(), now: world.now)
        #expect(!live.isEmpty)
        #expect(live.map(\.producer) == replayed.map(\.producer))
        #expect(live.map(\.state) == replayed.map(\.state))
        #expect(live.map(\.startTimestamp) == replayed.map(\.startTimestamp))
    }
}
