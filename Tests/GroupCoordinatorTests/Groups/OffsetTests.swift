import GroupCoordinator
import Testing

@Suite("committed offsets")
struct OffsetTests {
    @Test("a commit from outside the group is taken while the group is empty, and refused while it lives")
    func simpleCommit() {
        var driver = Driver()
        #expect(driver.commit(offset: 5, metadata: "note") == GroupError.none)
        #expect(driver.fetch().value?.offset == 5)
        #expect(driver.fetch().value?.metadata == "note")
        _ = driver.stableGroup(count: 1)
        #expect(driver.commit(offset: 6) == .unknownMemberID)
        #expect(driver.fetch().value?.offset == 5)
    }

    @Test("a member commits in its generation only")
    func memberCommit() {
        var driver = Driver()
        let ids = driver.stableGroup(count: 1)
        let generation = driver.engine.generation(of: "g")
        #expect(driver.commit(offset: 1, generation: generation, member: ids[0]) == GroupError.none)
        #expect(driver.commit(offset: 1, generation: generation - 1, member: ids[0]) == .illegalGeneration)
        #expect(driver.commit(offset: 1, generation: generation, member: "x") == .unknownMemberID)
        #expect(driver.commit("unknown", offset: 1, generation: 1, member: "x") == .groupIDNotFound)
        _ = driver.join(member: ids[0])
        #expect(driver.commit(offset: 1, generation: generation + 1, member: ids[0]) == .rebalanceInProgress)
    }

    @Test("what was never committed has no offset, and that is no error")
    func nothingCommitted() {
        let driver = Driver()
        #expect(driver.fetch("nobody").value == nil)
        #expect(driver.fetch("nobody").error == GroupError.none)
        #expect(driver.engine.fetchOffsets(.init(groupID: "nobody")).topics.isEmpty)
    }

    @Test("an offset counts when its record is in the log, and not when it could not be put there")
    func appendFirst() {
        var driver = Driver()
        driver.holdsAppends = true
        #expect(driver.commit(offset: 5) == nil)
        #expect(driver.fetch().value == nil)
        driver.completeAppends()
        #expect(driver.fetch().value?.offset == 5)
        let token = driver.send(
            .commit(.init(groupID: "g", offsets: [.init(topic: "orders", partition: 0, offset: 9)])))
        driver.failAppends(.coordinatorNotAvailable)
        #expect(
            driver.replies[token] == .commit([.init(topic: "orders", partition: 0, error: .coordinatorNotAvailable)]))
        #expect(driver.fetch().value?.offset == 5)
    }

    @Test("metadata that is too long is refused, and the other partitions are not")
    func longMetadata() {
        var driver = Driver()
        let token = driver.send(
            .commit(
                .init(
                    groupID: "g",
                    offsets: [
                        .init(topic: "orders", partition: 0, offset: 1, metadata: String(repeating: "x", count: 4_097)),
                        .init(topic: "orders", partition: 1, offset: 2),
                    ])))
        #expect(
            driver.replies[token]
                == .commit([
                    .init(topic: "orders", partition: 0, error: .offsetMetadataTooLarge),
                    .init(topic: "orders", partition: 1, error: .none),
                ]))
        #expect(driver.fetch(partition: 1).value?.offset == 2)
    }

    @Test("a transaction's offsets count when it is committed, and never when it is aborted", arguments: [true, false])
    func transaction(isCommit: Bool) {
        var driver = Driver()
        #expect(driver.commit(offset: 1) == GroupError.none)
        #expect(driver.commit(offset: 10, producer: 77) == GroupError.none)
        #expect(driver.fetch(stable: true).error == .unstableOffsetCommit)
        #expect(driver.fetch(partition: 1, stable: true).error == GroupError.none)
        #expect(driver.fetch().value?.offset == 1)
        let partition = GroupPartition.index(of: "g", partitionCount: 50)
        driver.engine.transactionEnded(producerID: 77, partition: partition &+ 1, isCommit: isCommit)
        #expect(driver.fetch(stable: true).error == .unstableOffsetCommit)
        driver.engine.transactionEnded(producerID: 77, partition: partition, isCommit: isCommit)
        #expect(driver.fetch(stable: true).value?.offset == (isCommit ? 10 : 1))
    }

    @Test("an offset committed after a transaction's own stays when the transaction ends")
    func laterCommitWins() {
        var driver = Driver()
        _ = driver.commit(offset: 10, producer: 77)
        _ = driver.commit(offset: 20)
        driver.engine.transactionEnded(
            producerID: 77, partition: GroupPartition.index(of: "g", partitionCount: 50), isCommit: true)
        #expect(driver.fetch().value?.offset == 20)
    }

    @Test("pending offsets survive a restart")
    func pendingRestart() {
        var driver = Driver()
        _ = driver.commit(offset: 10, producer: 77)
        driver.restart()
        #expect(driver.fetch(stable: true).error == .unstableOffsetCommit)
    }

    @Test("offsets of an empty group expire after the retention time, and the group with them")
    func expiry() {
        var driver = Driver()
        let ids = driver.stableGroup(count: 1)
        let generation = driver.engine.generation(of: "g")
        _ = driver.commit(offset: 1, generation: generation, member: ids[0])
        _ = driver.send(.leave(.init(groupID: "g", members: [.init(memberID: ids[0])])))
        driver.advance(6 * 24 * 3_600_000)
        #expect(driver.fetch().value?.offset == 1)
        driver.restart()
        driver.advance(25 * 3_600_000)
        #expect(driver.fetch().value == nil)
        #expect(driver.engine.listGroups() == [])
        driver.restart()
        #expect(driver.engine.listGroups() == [])
    }

    @Test("offsets of a living group stay for the topics it is subscribed to")
    func subscribedStays() {
        var driver = Driver(topics: ["orders": 4, "old": 1])
        let ids = driver.stableGroup(count: 1)
        let generation = driver.engine.generation(of: "g")
        _ = driver.commit(offset: 1, generation: generation, member: ids[0])
        _ = driver.commit(offset: 1, topic: "old", generation: generation, member: ids[0])
        for _ in 0..<8 * 24 {
            for _ in 0..<400 {
                driver.advance(9_000)
                _ = driver.heartbeat(member: ids[0], generation: generation)
            }
        }
        #expect(driver.fetch().value?.offset == 1)
        #expect(driver.fetch(topic: "old").value == nil)
    }

    @Test("offsets go with their topic")
    func topicDeleted() {
        var driver = Driver()
        _ = driver.commit(offset: 1)
        _ = driver.commit(offset: 1, topic: "other")
        driver.perform(driver.engine.topicsDeleted(["orders"], now: driver.now))
        #expect(driver.fetch().value == nil)
        #expect(driver.fetch(topic: "other").value?.offset == 1)
    }

    @Test("offsets are deleted one by one, except of topics that the group reads")
    func deleteOffsets() {
        var driver = Driver()
        func delete(_ group: String, _ topic: String) -> GroupEngine.DeleteOffsetsReply? {
            let token = driver.send(
                .deleteOffsets(.init(groupID: group, partitions: [.init(topic: topic, partition: 0)])))
            if case .deleteOffsets(let reply)? = driver.replies[token] { return reply } else { return nil }
        }
        #expect(delete("g", "orders")?.error == .groupIDNotFound)
        let ids = driver.stableGroup(count: 1)
        let generation = driver.engine.generation(of: "g")
        _ = driver.commit(offset: 1, generation: generation, member: ids[0])
        _ = driver.commit(offset: 1, topic: "old", generation: generation, member: ids[0])
        #expect(delete("g", "orders")?.outcomes.first?.error == .groupSubscribedToTopic)
        #expect(delete("g", "old")?.outcomes.first?.error == GroupError.none)
        #expect(driver.fetch().value?.offset == 1)
        #expect(driver.fetch(topic: "old").value == nil)
    }

    @Test("an empty group is deleted with its offsets, a living one is not")
    func deleteGroup() {
        var driver = Driver()
        func delete() -> GroupEngine.Reply? { driver.replies[driver.send(.deleteGroup("g"))] }
        #expect(delete() == .deleteGroup(.groupIDNotFound))
        let ids = driver.stableGroup(count: 1)
        #expect(delete() == .deleteGroup(.nonEmptyGroup))
        _ = driver.send(.leave(.init(groupID: "g", members: [.init(memberID: ids[0])])))
        _ = driver.commit(offset: 4)
        #expect(delete() == .deleteGroup(.none))
        #expect(driver.fetch().value == nil)
        driver.restart()
        #expect(driver.engine.listGroups() == [])
        #expect(delete() == .deleteGroup(.groupIDNotFound))
    }

    @Test("while the groups are being loaded, requests are told to come again")
    func loading() {
        var engine = GroupEngine(seed: 1)
        let effects = engine.handle(
            .heartbeat(.init(groupID: "g", generation: 1, memberID: "m")), token: .init(rawValue: 1), now: 0)
        #expect(effects == [.reply(.init(rawValue: 1), .heartbeat(.coordinatorLoadInProgress))])
        #expect(engine.fetchOffsets(.init(groupID: "g")).error == .coordinatorLoadInProgress)
        #expect(engine.listGroups() == nil)
    }
}
