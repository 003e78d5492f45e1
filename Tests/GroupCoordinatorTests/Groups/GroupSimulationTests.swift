import ChangeModel
import GroupCoordinator
import TailraceTesting
import Testing

/// Members that come, work, crash and come back, brokers that are killed, appends that fail; after every step what may
/// never happen has not happened.
@Suite("groups under fire")
struct GroupSimulationTests {
    @Test(
        "no partition of a consumer group is ever owned twice, and the group settles",
        arguments: 1...40 as ClosedRange<UInt64>)
    func consumerProtocol(seed: UInt64) throws {
        var world = ConsumerWorld(seed: seed)
        for _ in 0..<250 {
            world.step()
            #expect(world.doublyOwned().isEmpty, "seed \(seed)")
        }
        world.settle()
        #expect(world.doublyOwned().isEmpty, "seed \(seed)")
        let owned = world.clients.values.reduce(0) { $0 + $1.owned.partitionCount }
        #expect(owned == (world.clients.isEmpty ? 0 : 7), "seed \(seed): everything is owned by somebody")
    }

    @Test(
        "committed offsets go forward only, through crashes and failed appends",
        arguments: 1...30 as ClosedRange<UInt64>)
    func offsets(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var driver = Driver(seed: seed)
        driver.holdsAppends = true
        var acknowledged: Int64 = 0
        var asked: Int64 = 0
        for _ in 0..<300 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<5:
                asked += 1
                _ = driver.commit(offset: asked)
            case 5..<8:
                driver.completeAppends()
                acknowledged = asked
            case 8:
                // What was not appended is lost; what was is there.
                driver.restart()
                asked = acknowledged
            default:
                driver.failAppends(.coordinatorNotAvailable)
                asked = acknowledged
            }
            #expect(driver.fetch().value?.offset ?? 0 == acknowledged, "seed \(seed)")
        }
    }

    @Test("every transaction's offsets count as a whole or not at all", arguments: 1...30 as ClosedRange<UInt64>)
    func transactions(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var driver = Driver(seed: seed)
        let partition = GroupPartition.index(of: "g", partitionCount: 50)
        var expected: [Int32: Int64] = [:]
        for round in Int64(1)...60 {
            let producer = round
            let touched = (0..<Int32.random(in: 1...4, using: &generator)).map { $0 }
            for each in touched { _ = driver.commit(offset: round, partition: each, producer: producer) }
            if generator.oneIn(3) { driver.restartKeepingMarkers() }
            #expect(touched.allSatisfy { driver.fetch(partition: $0, stable: true).error == .unstableOffsetCommit })
            let isCommit = generator.oneIn(2)
            driver.endTransaction(producer, partition: partition, isCommit: isCommit)
            if isCommit { for each in touched { expected[each] = round } }
            for each in Int32(0)..<4 { #expect(driver.fetch(partition: each).value?.offset == expected[each]) }
        }
    }

    @Test("what a replay gives is what was alive", arguments: 1...30 as ClosedRange<UInt64>)
    func replay(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var driver = Driver(seed: seed)
        var ids: [String] = []
        for step in 0..<60 {
            switch Int.random(in: 0..<6, using: &generator) {
            case 0, 1: ids = driver.stableGroup("g\(step % 3)", count: Int.random(in: 1...3, using: &generator))
            case 2: _ = driver.commit("h\(step % 4)", offset: Int64(step))
            case 3:
                if let id = ids.randomElement(using: &generator) {
                    _ = driver.send(.leave(.init(groupID: "g\(step % 3)", members: [.init(memberID: id)])))
                }
            case 4: _ = driver.send(.deleteGroup("h\(step % 4)"))
            default: driver.advance(Int64.random(in: 0...70_000, using: &generator))
            }
        }
        // Let what is under way come to its end.
        driver.advance(400_000)
        let before = driver.snapshot()
        driver.restart()
        #expect(driver.snapshot() == before, "seed \(seed)")
    }
}

extension Driver {
    /// Everything that can be asked of the engine.
    func snapshot() -> [String] {
        (engine.listGroups() ?? []).map { group in
            let classic = try? engine.describeClassic(group.id)
            let offsets = engine.fetchOffsets(.init(groupID: group.id))
            return "\(group.id) \(group.state) \(group.type) \(String(describing: classic)) \(offsets)"
        }
    }

    mutating func endTransaction(_ producer: Int64, partition: Int32, isCommit: Bool) {
        markers.append((log.count, producer, partition, isCommit))
        engine.transactionEnded(producerID: producer, partition: partition, isCommit: isCommit)
    }

    mutating func restartKeepingMarkers() {
        let ends = markers
        restart { engine, position in
            for marker in ends where marker.position == position {
                engine.transactionEnded(
                    producerID: marker.producer, partition: marker.partition, isCommit: marker.isCommit)
            }
        }
    }
}

/// Clients of the consumer protocol: each knows only what it was told, and gives partitions up when it gets round to it.
struct ConsumerWorld {
    struct Client {
        var epoch: Int32 = 0
        var owned = Assignment()
        var assigned = Assignment()
        var isJoined = false
        /// It does not know what became of its last heartbeat: the next one says everything.
        var isUnsure = false
    }

    var driver: Driver
    var clients: [String: Client] = [:]
    private var generator: SeededGenerator
    private var lastName = 0

    init(seed: UInt64) {
        driver = Driver(topics: ["orders": 4, "items": 3], seed: seed)
        generator = SeededGenerator(seed: seed)
    }

    mutating func step() {
        switch Int.random(in: 0..<20, using: &generator) {
        case 0 where clients.count < 6:
            lastName += 1
            clients["m\(lastName)"] = Client()
        case 1:
            // A crash: it is not heard from any more, and owns nothing.
            if let name = clients.keys.sorted().randomElement(using: &generator) { clients[name] = nil }
        case 2:
            if let name = clients.keys.sorted().randomElement(using: &generator), clients[name]?.isJoined == true {
                _ = driver.beat(name, epoch: -1)
                clients[name] = nil
            }
        case 3: driver.restart()
        case 4: driver.advance(Int64.random(in: 0...20_000, using: &generator))
        case 5:
            // The broker's disk is full for a moment.
            driver.holdsAppends = true
            if let name = clients.keys.sorted().randomElement(using: &generator) { heartbeat(name) }
            driver.failAppends(.coordinatorNotAvailable)
            driver.holdsAppends = false
        default:
            driver.advance(200)
            if let name = clients.keys.sorted().randomElement(using: &generator) {
                heartbeat(name, isAnswerLost: generator.oneIn(10))
            }
        }
    }

    mutating func heartbeat(_ name: String, isAnswerLost: Bool = false) {
        guard var client = clients[name] else { return }
        // What it was told to give up it gives up by the next heartbeat, mostly.
        if !generator.oneIn(4) { client.owned = client.assigned }
        clients[name] = client
        let isFull = !client.isJoined || client.isUnsure
        let reply = driver.beat(
            name, epoch: client.isJoined ? client.epoch : 0, topics: isFull ? ["orders", "items"] : nil,
            owned: client.isJoined ? client.owned : nil, isFull: isFull)
        guard let reply, !isAnswerLost else {
            clients[name]?.isUnsure = true
            return
        }
        client.isUnsure = reply.error != .none
        switch reply.error {
        case .none:
            client.isJoined = true
            client.epoch = reply.memberEpoch
            if let assignment = reply.assignment {
                client.assigned = assignment
                // New partitions are taken at once; old ones are kept until the next heartbeat.
                for (topic, partitions) in assignment.sorted {
                    for partition in partitions { client.owned.insert(topic, partition) }
                }
            }
        case .fencedMemberEpoch, .unknownMemberID, .groupIDNotFound:
            client = Client()
        default: break
        }
        clients[name] = client
    }

    /// Everybody is heard from until nothing changes any more.
    mutating func settle() {
        for _ in 0..<30 {
            for name in clients.keys.sorted() {
                driver.advance(200)
                heartbeat(name)
            }
        }
        // Those who crashed are given up.
        for _ in 0..<20 {
            driver.advance(3_000)
            for name in clients.keys.sorted() { heartbeat(name) }
        }
        for _ in 0..<30 { for name in clients.keys.sorted() { heartbeat(name) } }
    }

    /// Partitions that two living clients believe to own while the coordinator knows both.
    func doublyOwned() -> [String] {
        var owners: [String: [String]] = [:]
        let known = Set((try? driver.engine.describeConsumer("g").members.map(\.id)) ?? [])
        for (name, client) in clients where known.contains(name) && client.isJoined {
            for (topic, partitions) in client.owned.sorted {
                for partition in partitions { owners["\(topic)-\(partition)", default: []].append(name) }
            }
        }
        return owners.filter { $0.value.count > 1 }.map { "\($0.key): \($0.value)" }
    }
}
