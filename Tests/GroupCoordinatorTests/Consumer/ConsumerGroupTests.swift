import ChangeModel
import GroupCoordinator
import Testing

extension Driver {
    mutating func beat(
        _ member: String, epoch: Int32, topics: [String]? = nil, regex: String? = nil, instance: String? = nil,
        owned: Assignment? = nil, assignor: String? = nil, group: String = "g", isFull: Bool = false
    ) -> GroupEngine.ConsumerHeartbeatReply? {
        let token = send(
            .consumerHeartbeat(
                .init(
                    groupID: group, memberID: member, memberEpoch: epoch, instanceID: instance,
                    rebalanceTimeout: epoch == 0 || isFull ? 30_000 : -1,
                    topicNames: epoch == 0 && regex == nil ? topics ?? ["orders"] : topics, topicRegex: regex,
                    serverAssignor: assignor, owned: epoch == 0 ? Assignment() : owned, clientID: "c",
                    clientHost: "/127.0.0.1")))
        if case .consumerHeartbeat(let reply)? = replies[token] { return reply } else { return nil }
    }

    /// The answer to a heartbeat that is answered at once.
    mutating func answer(
        _ member: String, epoch: Int32, topics: [String]? = nil, regex: String? = nil, instance: String? = nil,
        owned: Assignment? = nil
    ) throws -> GroupEngine.ConsumerHeartbeatReply {
        let reply = beat(member, epoch: epoch, topics: topics, regex: regex, instance: instance, owned: owned)
        return try #require(reply)
    }

    static func orders(_ partitions: Set<Int32>) -> Assignment { Assignment([topicID("orders"): partitions]) }
}

@Suite("the consumer protocol")
struct ConsumerGroupTests {
    @Test("the first member has every partition at once")
    func firstMember() throws {
        var driver = Driver()
        let reply = try driver.answer("a", epoch: 0)
        #expect(reply.error == .none && reply.memberEpoch == 1 && reply.heartbeatInterval == 5_000)
        #expect(reply.assignment == Driver.orders([0, 1, 2, 3]))
        let next = try driver.answer("a", epoch: 1)
        #expect(next.assignment == nil && next.memberEpoch == 1)
        #expect(driver.engine.listGroups()?.first?.state == "Stable")
    }

    @Test("partitions are given up before others get them")
    func revokeBeforeAssign() throws {
        var driver = Driver()
        _ = driver.beat("a", epoch: 0)
        let second = try driver.answer("b", epoch: 0)
        #expect(second.memberEpoch == 2 && second.assignment == Assignment())
        let asked = try driver.answer("a", epoch: 1, owned: Driver.orders([0, 1, 2, 3]))
        #expect(asked.memberEpoch == 1)
        let kept = try #require(asked.assignment)
        #expect(kept.partitionCount == 2)
        #expect(driver.beat("b", epoch: 2)?.assignment == nil)
        #expect(driver.engine.listGroups()?.first?.state == "Reconciling")
        let moved = try driver.answer("a", epoch: 1, owned: kept)
        #expect(moved.memberEpoch == 2)
        let givenReply = try driver.answer("b", epoch: 2)
        let given = try #require(givenReply.assignment)
        #expect(given.partitionCount == 2)
        let all = kept.sorted.flatMap(\.partitions) + given.sorted.flatMap(\.partitions)
        #expect(all.sorted() == [0, 1, 2, 3])
        #expect(driver.engine.listGroups()?.first?.state == "Stable")
    }

    @Test("who does not give up in time is taken out")
    func rebalanceTimeout() throws {
        var driver = Driver()
        _ = driver.beat("a", epoch: 0)
        _ = driver.beat("b", epoch: 0)
        _ = driver.beat("a", epoch: 1, owned: Driver.orders([0, 1, 2, 3]))
        for _ in 0..<4 {
            driver.advance(8_000)
            _ = driver.beat("a", epoch: 1, owned: Driver.orders([0, 1, 2, 3]))
            _ = driver.beat("b", epoch: 2)
        }
        #expect(driver.beat("a", epoch: 1)?.error == .unknownMemberID)
        #expect(driver.beat("b", epoch: driver.epoch(of: "b"))?.error == GroupError.none)
    }

    @Test("a member that is not heard from loses its partitions")
    func sessionTimeout() throws {
        var driver = Driver()
        _ = driver.beat("a", epoch: 0)
        driver.advance(30_000)
        _ = driver.beat("b", epoch: 0)
        driver.advance(20_000)
        let reply = try driver.answer("b", epoch: 2)
        #expect(reply.assignment == Driver.orders([0, 1, 2, 3]))
        #expect(driver.beat("a", epoch: 1)?.error == .unknownMemberID)
    }

    @Test("a member that leaves makes room")
    func leave() throws {
        var driver = Driver()
        _ = driver.beat("a", epoch: 0)
        #expect(driver.beat("a", epoch: -1)?.memberEpoch == -1)
        #expect(driver.engine.listGroups()?.first?.state == "Empty")
        #expect(driver.beat("a", epoch: 1)?.error == .unknownMemberID)
        #expect(driver.beat("b", epoch: 0)?.assignment == Driver.orders([0, 1, 2, 3]))
    }

    @Test("epochs that are ahead or too far behind are fenced; a lost answer is given again")
    func epochs() throws {
        var driver = Driver()
        _ = driver.beat("a", epoch: 0)
        #expect(driver.beat("a", epoch: 2)?.error == .fencedMemberEpoch)
        #expect(driver.beat("x", epoch: 1)?.error == .unknownMemberID)
        #expect(driver.beat("a", epoch: 1, group: "other")?.error == .groupIDNotFound)
        _ = driver.beat("b", epoch: 0)
        _ = driver.beat("a", epoch: 1, owned: Driver.orders([0, 1, 2, 3]))
        let kept = try #require(driver.assigned("a"))
        #expect(driver.beat("a", epoch: 1, owned: kept)?.memberEpoch == 2)
        #expect(driver.beat("a", epoch: 1, owned: kept)?.memberEpoch == 2)
        #expect(driver.beat("a", epoch: 1, owned: Driver.orders([0, 1, 2, 3]))?.error == .fencedMemberEpoch)
        #expect(driver.beat("a", epoch: 0)?.assignment == kept)
    }

    @Test("commits need the member's epoch")
    func commits() {
        var driver = Driver()
        _ = driver.beat("a", epoch: 0)
        #expect(driver.commit(offset: 1, generation: 1, member: "a") == GroupError.none)
        #expect(driver.commit(offset: 1, generation: 0, member: "a") == .staleMemberEpoch)
        #expect(driver.commit(offset: 1, generation: 1, member: "x") == .unknownMemberID)
        #expect(driver.commit(offset: 1) == .unknownMemberID)
        #expect(driver.commit(offset: 2, generation: 0, member: "a", producer: 5) == .illegalGeneration)
        let stale = driver.engine.fetchOffsets(.init(groupID: "g", memberID: "a", memberEpoch: 0, partitions: []))
        #expect(stale.error == .staleMemberEpoch)
    }

    @Test("new partitions and new topics are shared out when they come")
    func metadataChange() throws {
        var driver = Driver()
        _ = driver.beat("a", epoch: 0, topics: ["orders", "later"])
        driver.setTopics(["orders": 6, "later": 1])
        let reply = try driver.answer("a", epoch: 1)
        #expect(reply.memberEpoch == 2)
        #expect(reply.assignment?.partitionCount == 7)
        driver.setTopics(["orders": 6])
        #expect(driver.beat("a", epoch: 2)?.assignment?.partitionCount == 6)
    }

    @Test("a regular expression subscribes to what it matches, now and later")
    func regex() throws {
        var driver = Driver(topics: ["shop.orders": 2, "shop.items": 1, "other": 5, "__consumer_offsets": 50])
        let reply = try driver.answer("a", epoch: 0, regex: "shop\\..*|__.*")
        #expect(reply.assignment?.partitionCount == 3)
        driver.setTopics(["shop.orders": 2, "shop.items": 1, "shop.new": 4, "other": 5])
        #expect(driver.beat("a", epoch: 1)?.assignment?.partitionCount == 7)
        #expect(driver.beat("b", epoch: 0, regex: "(")?.error == .invalidRegularExpression)
        driver.restart()
        #expect(driver.engine.listGroups()?.first?.state == "Stable")
    }

    @Test("a static member that left for a while gets its partitions back under its new id")
    func staticMember() throws {
        var driver = Driver()
        _ = driver.beat("a", epoch: 0, instance: "one")
        #expect(driver.beat("b", epoch: 0, instance: "one")?.error == .unreleasedInstanceID)
        #expect(driver.beat("b", epoch: 1, instance: "one")?.error == .fencedInstanceID)
        #expect(driver.beat("a", epoch: -2, instance: "one")?.memberEpoch == -2)
        let back = try driver.answer("b", epoch: 0, instance: "one")
        #expect(back.memberEpoch == 1)
        #expect(back.assignment == Driver.orders([0, 1, 2, 3]))
        #expect(driver.beat("a", epoch: 1, instance: "one")?.error == .fencedInstanceID)
        driver.restart()
        #expect(driver.beat("b", epoch: 1, instance: "one")?.error == GroupError.none)
    }

    @Test("a static member that does not come back in time is taken out")
    func staticMemberGone() {
        var driver = Driver()
        _ = driver.beat("a", epoch: 0, instance: "one")
        _ = driver.beat("a", epoch: -2, instance: "one")
        driver.advance(46_000)
        #expect(driver.engine.listGroups()?.first?.state == "Empty")
    }

    @Test(
        "heartbeats that make no sense are refused",
        arguments: [
            GroupEngine.ConsumerHeartbeat(groupID: "", memberID: "a", memberEpoch: 1),
            .init(groupID: "g", memberID: "", memberEpoch: 1),
            .init(groupID: "g", memberID: "a", memberEpoch: -3),
            .init(groupID: "g", memberID: "a", memberEpoch: -2),
            .init(groupID: "g", memberID: "a", memberEpoch: 0, topicNames: ["orders"], owned: Assignment()),
            .init(groupID: "g", memberID: "a", memberEpoch: 0, rebalanceTimeout: 1, owned: Assignment()),
            .init(groupID: "g", memberID: "a", memberEpoch: 0, rebalanceTimeout: 1, topicNames: ["orders"]),
        ])
    func refusals(heartbeat: GroupEngine.ConsumerHeartbeat) {
        var driver = Driver()
        let token = driver.send(.consumerHeartbeat(heartbeat))
        guard case .consumerHeartbeat(let reply)? = driver.replies[token] else {
            Issue.record("no answer")
            return
        }
        #expect(reply.error == .invalidRequest)
    }

    @Test("an assignor that we do not have is refused")
    func unsupportedAssignor() {
        var driver = Driver()
        #expect(driver.beat("a", epoch: 0, assignor: "mine")?.error == .unsupportedAssignor)
    }

    @Test("an empty classic group gives way to the consumer protocol with its offsets, and the other way round")
    func conversion() throws {
        var driver = Driver()
        let ids = driver.stableGroup(count: 1)
        #expect(driver.beat("a", epoch: 0)?.error == .groupIDNotFound)
        _ = driver.commit(offset: 7, generation: driver.engine.generation(of: "g"), member: ids[0])
        _ = driver.send(.leave(.init(groupID: "g", members: [.init(memberID: ids[0])])))
        #expect(driver.beat("a", epoch: 0)?.error == GroupError.none)
        #expect(driver.engine.listGroups()?.map(\.type) == ["consumer"])
        #expect(driver.fetch().value?.offset == 7)
        let refused = driver.join()
        #expect(driver.joinReply(refused)?.error == .inconsistentGroupProtocol)
        driver.restart()
        #expect(driver.engine.listGroups()?.map(\.type) == ["consumer"])
        _ = driver.beat("a", epoch: -1)
        _ = driver.stableGroup(count: 1)
        #expect(driver.engine.listGroups()?.map(\.type) == ["classic"])
        driver.restart()
        #expect(driver.engine.listGroups()?.map(\.type) == ["classic"])
        #expect(driver.fetch().value?.offset == 7)
    }

    @Test("heartbeats that come while a record is on its way are decided one after another")
    func queued() throws {
        var driver = Driver()
        driver.holdsAppends = true
        let first = driver.send(
            .consumerHeartbeat(
                .init(
                    groupID: "g", memberID: "a", memberEpoch: 0, rebalanceTimeout: 1, topicNames: ["orders"],
                    owned: Assignment())))
        let second = driver.send(
            .consumerHeartbeat(
                .init(
                    groupID: "g", memberID: "b", memberEpoch: 0, rebalanceTimeout: 1, topicNames: ["orders"],
                    owned: Assignment())))
        #expect(driver.replies.isEmpty && driver.pending.count == 1)
        driver.completeAppends()
        guard case .consumerHeartbeat(let a)? = driver.replies[first],
            case .consumerHeartbeat(let b)? = driver.replies[second]
        else {
            Issue.record("both are answered")
            return
        }
        #expect(a.memberEpoch == 1 && b.memberEpoch == 2)
    }

    @Test("a heartbeat whose record could not be written down leaves the group as it was")
    func failedAppend() {
        var driver = Driver()
        _ = driver.beat("a", epoch: 0)
        driver.holdsAppends = true
        #expect(driver.beat("b", epoch: 0) == nil)
        driver.failAppends(.coordinatorNotAvailable)
        driver.holdsAppends = false
        #expect(driver.beat("a", epoch: 1)?.memberEpoch == 1)
        #expect((try? driver.engine.describeConsumer("g").members.map(\.id)) == ["a"])
    }
}

extension Driver {
    func epoch(of member: String) -> Int32 {
        (try? engine.describeConsumer("g").members.first { $0.id == member }?.epoch) ?? -9
    }

    func assigned(_ member: String) -> Assignment? {
        try? engine.describeConsumer("g").members.first { $0.id == member }?.assigned
    }
}
