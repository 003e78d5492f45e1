import GroupCoordinator
import Testing

@Suite("classic groups")
struct ClassicGroupTests {
    @Test("a new member is given an id, joins with it, leads and is synced")
    func firstMember() throws {
        var driver = Driver()
        let first = driver.join()
        let given = try #require(driver.joinReply(first))
        #expect(given.error == .memberIDRequired)
        #expect(given.memberID.hasPrefix("c-") && given.memberID.utf8.count == 38)
        let second = driver.join(member: given.memberID)
        #expect(driver.joinReply(second) == nil)
        driver.advance(1)
        let joined = try #require(driver.joinReply(second))
        #expect(joined.error == .none && joined.generation == 1 && joined.leader == given.memberID)
        #expect(joined.protocolName == "range" && joined.members.map(\.id) == [given.memberID])
        let sync = driver.sync(member: given.memberID, generation: 1, assignments: [given.memberID: [9]])
        #expect(driver.syncReply(sync)?.assignment == [9])
        #expect(driver.heartbeat(member: given.memberID, generation: 1) == GroupError.none)
    }

    @Test("a client that cannot come back with an id is a member at once")
    func oldClient() throws {
        var driver = Driver()
        let token = driver.join(version: 3)
        driver.advance(1)
        #expect(driver.joinReply(token)?.error == GroupError.none)
    }

    @Test("the initial delay waits for members that are coming, and is extended while they come")
    func initialDelay() throws {
        var options = GroupOptions()
        options.initialRebalanceDelay = 100
        var driver = Driver(options: options)
        let (first, _) = driver.joinTwice()
        driver.advance(60)
        let (second, _) = driver.joinTwice()
        driver.advance(60)
        #expect(driver.joinReply(first) == nil)
        driver.advance(100)
        #expect(driver.joinReply(first)?.generation == 1)
        #expect(driver.joinReply(second)?.generation == 1)
        #expect(driver.joinReply(first)?.members.count == 2)
        #expect(driver.joinReply(second)?.members.isEmpty == true)
    }

    @Test("a newcomer makes everybody join again; who does not come in time is out")
    func rebalance() throws {
        var driver = Driver()
        let ids = driver.stableGroup(count: 2)
        let generation = driver.engine.generation(of: "g")
        let (newcomer, _) = driver.joinTwice()
        #expect(driver.heartbeat(member: ids[0], generation: generation) == .rebalanceInProgress)
        let again = driver.join(member: ids[0])
        #expect(driver.joinReply(again) == nil)
        for _ in 0..<7 {
            driver.advance(9_000)
            _ = driver.heartbeat(member: ids[1], generation: generation)
        }
        #expect(driver.joinReply(again)?.generation == generation + 1)
        #expect(driver.joinReply(newcomer)?.generation == generation + 1)
        #expect(driver.heartbeat(member: ids[1], generation: generation) == .unknownMemberID)
        #expect(driver.heartbeat(member: ids[0], generation: generation) == .illegalGeneration)
    }

    @Test("a member that is not heard from loses its place, and the others share anew")
    func sessionExpiry() throws {
        var driver = Driver()
        let ids = driver.stableGroup(count: 2)
        let generation = driver.engine.generation(of: "g")
        driver.advance(9_000)
        #expect(driver.heartbeat(member: ids[0], generation: generation) == GroupError.none)
        driver.advance(2_000)
        #expect(driver.heartbeat(member: ids[0], generation: generation) == .rebalanceInProgress)
        let again = driver.join(member: ids[0])
        #expect(driver.joinReply(again)?.members.map(\.id) == [ids[0]])
    }

    @Test("a member that gets no answer is not taken for dead while it waits")
    func waitingIsAlive() throws {
        var driver = Driver()
        let ids = driver.stableGroup(count: 2)
        let generation = driver.engine.generation(of: "g")
        let waiting = driver.join(member: ids[0])
        for _ in 0..<4 {
            driver.advance(9_000)
            #expect(driver.heartbeat(member: ids[1], generation: generation) == .rebalanceInProgress)
        }
        #expect(driver.joinReply(waiting) == nil)
        _ = driver.join(member: ids[1])
        #expect(driver.joinReply(waiting)?.error == GroupError.none)
    }

    @Test("the protocol is the one that all support and most prefer")
    func protocolSelection() throws {
        var options = GroupOptions()
        options.initialRebalanceDelay = 10
        var driver = Driver(options: options)
        let (a, _) = driver.joinTwice(protocols: ["sticky", "range"])
        _ = driver.joinTwice(protocols: ["range", "sticky"])
        _ = driver.joinTwice(protocols: ["roundrobin", "range", "sticky"])
        driver.advance(1_000)
        #expect(driver.joinReply(a)?.protocolName == "range")
        let other = driver.join(protocols: ["roundrobin"])
        #expect(driver.joinReply(other)?.error == .inconsistentGroupProtocol)
        let connect = driver.join(type: "connect")
        #expect(driver.joinReply(connect)?.error == .inconsistentGroupProtocol)
    }

    @Test(
        "requests that make no sense are refused with Kafka's codes",
        arguments: [
            ("", Int32(10_000), GroupError.invalidGroupID), ("g", 100, .invalidSessionTimeout),
            ("g", 2_000_000, .invalidSessionTimeout),
        ])
    func refusals(group: String, session: Int32, error: GroupError) {
        var driver = Driver()
        let token = driver.join(group, session: session)
        #expect(driver.joinReply(token)?.error == error)
    }

    @Test("unknown members and groups are told so")
    func unknown() {
        var driver = Driver()
        #expect(driver.heartbeat(member: "x", generation: 1) == .unknownMemberID)
        let joining = driver.join(member: "x")
        #expect(driver.joinReply(joining)?.error == .unknownMemberID)
        let syncing = driver.sync(member: "x", generation: 1)
        #expect(driver.syncReply(syncing)?.error == .unknownMemberID)
        _ = driver.stableGroup(count: 1)
        #expect(driver.heartbeat(member: "x", generation: 1) == .unknownMemberID)
    }

    @Test("a full group takes no more members")
    func full() {
        var options = Driver.quick
        options.classicSizeMax = 2
        var driver = Driver(options: options)
        _ = driver.stableGroup(count: 2)
        let token = driver.join()
        #expect(driver.joinReply(token)?.error == .groupMaxSizeReached)
    }

    @Test("followers wait for the leader's assignment, and for its record")
    func syncWaitsForRecord() {
        var driver = Driver()
        let ids = driver.stableGroup(count: 2)
        let again = [driver.join(member: ids[0]), driver.join(member: ids[1])]
        #expect(driver.joinReply(again[0])?.leader == ids[0])
        let generation = driver.engine.generation(of: "g")
        driver.holdsAppends = true
        let follower = driver.sync(member: ids[1], generation: generation)
        let leader = driver.sync(member: ids[0], generation: generation, assignments: [ids[0]: [1], ids[1]: [2]])
        #expect(driver.syncReply(follower) == nil && driver.syncReply(leader) == nil)
        driver.completeAppends()
        #expect(driver.syncReply(follower)?.assignment == [2])
        #expect(driver.syncReply(leader)?.assignment == [1])
    }

    @Test("when the assignment cannot be written down, members are told and join again")
    func syncAppendFails() {
        var driver = Driver()
        let ids = driver.stableGroup(count: 1)
        _ = driver.join(member: ids[0])
        let generation = driver.engine.generation(of: "g")
        driver.holdsAppends = true
        let sync = driver.sync(member: ids[0], generation: generation, assignments: [ids[0]: [1]])
        driver.failAppends(.coordinatorNotAvailable)
        #expect(driver.syncReply(sync)?.error == .coordinatorNotAvailable)
        #expect(driver.heartbeat(member: ids[0], generation: generation) == .rebalanceInProgress)
    }

    @Test("members that do not sync in time are out")
    func syncTimeout() {
        var driver = Driver()
        let ids = driver.stableGroup(count: 2)
        _ = driver.join(member: ids[0])
        _ = driver.join(member: ids[1])
        let generation = driver.engine.generation(of: "g")
        _ = driver.sync(member: ids[0], generation: generation, assignments: [:])
        for _ in 0..<7 {
            driver.advance(9_000)
            _ = driver.heartbeat(member: ids[0], generation: generation)
            _ = driver.heartbeat(member: ids[1], generation: generation)
        }
        #expect(driver.heartbeat(member: ids[1], generation: generation) == .unknownMemberID)
    }

    @Test("leaving members are told one by one, and the others share anew")
    func leave() throws {
        var driver = Driver()
        let ids = driver.stableGroup(count: 2)
        let token = driver.send(.leave(.init(groupID: "g", members: [.init(memberID: ids[1]), .init(memberID: "x")])))
        guard case .leave(let reply)? = driver.replies[token] else {
            Issue.record("no answer to the leave")
            return
        }
        #expect(reply.members.map(\.memberID) == [ids[1], "x"])
        #expect(reply.members.map(\.error) == [.none, .unknownMemberID])
        _ = driver.send(.leave(.init(groupID: "g", members: [.init(memberID: ids[0])])))
        #expect(try driver.engine.describeClassic("g").state == "Empty")
    }

    @Test("a follower that joins again unchanged gets its generation back, the leader starts a new one")
    func rejoinUnchanged() {
        var driver = Driver()
        let ids = driver.stableGroup(count: 2)
        let generation = driver.engine.generation(of: "g")
        let follower = driver.join(member: ids[1])
        #expect(driver.joinReply(follower)?.generation == generation)
        let changed = driver.join(member: ids[1], topics: ["other"])
        #expect(driver.joinReply(changed) == nil)
        #expect(driver.heartbeat(member: ids[0], generation: generation) == .rebalanceInProgress)
    }

    @Test("a generation survives a restart, with its members and their assignments")
    func restart() throws {
        var driver = Driver()
        let ids = driver.stableGroup(count: 2)
        let generation = driver.engine.generation(of: "g")
        let before = try driver.engine.describeClassic("g")
        driver.restart()
        #expect(try driver.engine.describeClassic("g") == before)
        #expect(driver.heartbeat(member: ids[1], generation: generation) == GroupError.none)
        driver.advance(11_000)
        #expect(driver.heartbeat(member: ids[1], generation: generation) == .unknownMemberID)
    }

    // MARK: static members

    @Test("a static member that comes back keeps its assignment without a rebalance, and its predecessor is fenced")
    func staticReplacement() throws {
        var driver = Driver()
        let first = driver.join(instance: "one")
        driver.advance(1)
        let id = try #require(driver.joinReply(first)?.memberID)
        #expect(id.hasPrefix("one-"))
        _ = driver.sync(member: id, generation: 1, assignments: [id: [5]], instance: "one")
        let back = driver.join(instance: "one")
        let reply = try #require(driver.joinReply(back))
        #expect(reply.error == .none && reply.generation == 1 && reply.memberID != id)
        #expect(reply.skipAssignment && reply.leader == reply.memberID)
        let sync = driver.sync(member: reply.memberID, generation: 1, instance: "one")
        #expect(driver.syncReply(sync)?.assignment == [5])
        #expect(driver.heartbeat(member: id, generation: 1, instance: "one") == .fencedInstanceID)
        #expect(driver.heartbeat(member: id, generation: 1) == .unknownMemberID)
        driver.restart()
        #expect(driver.heartbeat(member: reply.memberID, generation: 1, instance: "one") == GroupError.none)
    }

    @Test("an older client's returning static leader is told the old leader's name, so that it does not share out")
    func staticReplacementBefore9() throws {
        var driver = Driver()
        let first = driver.join(instance: "one")
        driver.advance(1)
        let id = try #require(driver.joinReply(first)?.memberID)
        _ = driver.sync(member: id, generation: 1, assignments: [id: [5]], instance: "one")
        let back = driver.join(instance: "one", version: 5)
        #expect(driver.joinReply(back)?.leader == id)
        #expect(driver.joinReply(back)?.skipAssignment == false)
    }

    @Test("when a replacement cannot be written down, the predecessor holds its place")
    func staticReplacementFails() throws {
        var driver = Driver()
        let first = driver.join(instance: "one")
        driver.advance(1)
        let id = try #require(driver.joinReply(first)?.memberID)
        _ = driver.sync(member: id, generation: 1, assignments: [id: [5]], instance: "one")
        driver.holdsAppends = true
        let back = driver.join(instance: "one")
        driver.failAppends(.coordinatorNotAvailable)
        #expect(driver.joinReply(back)?.error == .coordinatorNotAvailable)
        #expect(driver.heartbeat(member: id, generation: 1, instance: "one") == GroupError.none)
    }
}
