import ChangeModel
import Testing

@testable import GroupCoordinator

@Suite("Transactions: the coordinator's rules")
struct TransactionRuleTests {
    private func producer(_ id: Int64, _ epoch: Int16) -> ProducerIdentity { ProducerIdentity(id: id, epoch: epoch) }

    @Test("producers without a transactional id get ids that nobody else has")
    func plainProducerIDs() throws {
        var driver = try CoordinatorDriver()
        var seen: Set<Int64> = []
        for _ in 0..<2_500 {
            let given = try driver.holder(nil)
            #expect(given.epoch == 0)
            #expect(seen.insert(given.id).inserted)
            #expect(given.id < driver.reservedBelow)
        }
    }

    @Test("each InitProducerId bumps the epoch and keeps the id; the one before is fenced")
    func epochBump() throws {
        var driver = try CoordinatorDriver()
        #expect(driver.initProducer() == .success(producer(0, 0)))
        #expect(driver.initProducer() == .success(producer(0, 1)))
        #expect(driver.add(producer(0, 0)) == .failure(.producerFenced))
        #expect(driver.end(producer(0, 0), commit: true) == .failure(.producerFenced))
        #expect(driver.add(producer(7, 1)) == .failure(.invalidProducerIDMapping))
        #expect(driver.add(producer(0, 1), id: "unknown") == .failure(.invalidProducerIDMapping))
        #expect(driver.add(producer(0, 1)) == .success(producer(0, 1)))
    }

    @Test("a transaction commits: the markers name its partitions, and the same end asked again succeeds")
    func commit() throws {
        var driver = try CoordinatorDriver()
        let holder = try driver.holder()
        #expect(driver.end(holder, commit: true) == .failure(.invalidTransactionState))
        #expect(driver.add(holder, 3) == .success(holder))
        #expect(driver.add(holder, 5) == .success(holder))
        #expect(driver.open[0]?.count == 2)
        #expect(driver.end(holder, commit: true) == .success(holder))
        #expect(driver.open[0] == nil)
        #expect(driver.markers.map(\.isCommit) == [true])
        #expect(driver.markers[0].partitions.map(\.partition) == [3, 5])
        #expect(driver.end(holder, commit: true) == .success(holder))
        #expect(driver.end(holder, commit: false) == .failure(.invalidTransactionState))
        #expect(driver.markers.count == 1)
        #expect(try driver.coordinator.describe("t").state == .completeCommit)
    }

    @Test("a new holder's InitProducerId aborts the open transaction and is answered when that is done")
    func fenceOpenTransaction() throws {
        var driver = try CoordinatorDriver()
        let old = try driver.holder()
        _ = driver.add(old)
        driver.holdsMarkers = true
        let token = driver.send(.initProducer(transactionalID: "t", timeoutMillis: 60_000, expected: nil))
        #expect(driver.replies[token] == nil)
        #expect(driver.markers.map(\.isCommit) == [false])
        #expect(driver.markers[0].producer == producer(old.id, 1))
        driver.completeMarkers()
        #expect(driver.replies[token] == .success(producer(old.id, 2)))
        #expect(driver.end(old, commit: true) == .failure(.producerFenced))
    }

    @Test("requests wait for the markers of the transaction before, in order, and not for ever")
    func parking() throws {
        var options = TransactionOptions()
        options.parkedCountMax = 2
        var driver = try CoordinatorDriver(options: options)
        let holder = try driver.holder()
        _ = driver.add(holder)
        driver.holdsMarkers = true
        #expect(driver.end(holder, commit: true) == .success(holder))
        let partition = TopicPartition(topic: "orders", partition: 9)
        let add = TransactionCoordinator.Request.addPartitions(
            transactionalID: "t", producer: holder, partitions: [partition])
        let first = driver.send(add)
        let second = driver.send(add)
        #expect(driver.replies[first] == nil)
        #expect(driver.ask(add) == .failure(.concurrentTransactions))
        driver.completeMarkers()
        #expect(driver.replies[first] == .success(holder))
        #expect(driver.replies[second] == .success(holder))

        _ = driver.end(holder, commit: false)
        let late = driver.send(add)
        driver.advance(options.parkMillisMax)
        #expect(driver.replies[late] == .failure(.concurrentTransactions))
    }

    @Test("a transaction older than its timeout is aborted, and its producer is fenced")
    func timeout() throws {
        var driver = try CoordinatorDriver()
        let holder = try driver.holder(timeout: 10_000)
        _ = driver.add(holder)
        driver.advance(10_000)
        #expect(driver.markers.isEmpty)
        driver.advance(1_000)
        #expect(driver.markers.map(\.isCommit) == [false])
        #expect(driver.end(holder, commit: true) == .failure(.producerFenced))
        #expect(driver.end(holder, commit: false, bumps: true) == .failure(.producerFenced))
        #expect(driver.initProducer() == .success(producer(holder.id, 2)))
    }

    @Test(
        "a timeout that is not positive or above the broker's maximum is refused",
        arguments: [0, -1, 900_001] as [Int32])
    func invalidTimeout(timeout: Int32) throws {
        var driver = try CoordinatorDriver()
        #expect(driver.initProducer(timeout: timeout) == .failure(.invalidTransactionTimeout))
        #expect(driver.initProducer("", timeout: 1) == .failure(.invalidRequest))
    }

    @Test("a bump that carries the holder's epoch may be repeated; another's is fenced")
    func clientSideBump() throws {
        var driver = try CoordinatorDriver()
        let first = try driver.holder()
        #expect(driver.initProducer(expected: first) == .success(producer(0, 1)))
        #expect(driver.initProducer(expected: first) == .success(producer(0, 1)))
        #expect(driver.initProducer() == .success(producer(0, 2)))
        #expect(driver.initProducer(expected: first) == .failure(.producerFenced))
        #expect(driver.initProducer(expected: producer(0, 1)) == .failure(.producerFenced))
        #expect(driver.initProducer(expected: producer(9, 2)) == .failure(.producerFenced))
        // An id that is not known takes whatever the client still holds.
        #expect(driver.initProducer("other", expected: producer(55, 3)) == .success(producer(1, 0)))
    }

    @Test("a bump by the holder aborts its own open transaction, and a zombie's does not touch it")
    func bumpWhileOpen() throws {
        var driver = try CoordinatorDriver()
        let zombie = try driver.holder()
        let holder = try driver.holder()
        _ = driver.add(holder)
        #expect(driver.initProducer(expected: zombie) == .failure(.producerFenced))
        #expect(driver.markers.isEmpty)
        let bumped = try driver.holder(expected: holder)
        #expect(bumped.epoch == holder.epoch + 1)
        #expect(driver.markers.map(\.isCommit) == [false])
        #expect(driver.add(bumped) == .success(bumped))
    }

    @Test("the last epoch is never given out: the producer id changes instead")
    func epochExhaustion() throws {
        var metadata = TransactionMetadata(
            transactionalID: "t", producerID: 40, producerEpoch: 32_765, timeoutMillis: 60_000, state: .empty,
            lastUpdateTimestamp: 1_000_000)
        metadata.previousProducerID = 39
        let records = [
            (key: TransactionRecord.encodeKey("t"), value: Optional(TransactionRecord.encodeValue(metadata)))
        ]
        var driver = try CoordinatorDriver(records: records)
        #expect(driver.initProducer() == .success(producer(40, 32_766)))
        _ = driver.add(producer(40, 32_766))
        // The abort fences with the last epoch, and the answer has a new id.
        #expect(driver.initProducer() == .success(producer(41, 0)))
        #expect(driver.markers[0].producer == producer(40, 32_767))
        #expect(driver.end(producer(40, 32_766), commit: true) == .failure(.invalidProducerIDMapping))
    }

    @Test("an id that nobody uses expires, with a tombstone, and an open transaction does not")
    func expiration() throws {
        var options = TransactionOptions()
        options.expirationMillis = 7_200_000
        var driver = try CoordinatorDriver(options: options)
        _ = driver.initProducer("idle")
        driver.advance(3_600_000)
        #expect(driver.records.allSatisfy { $0.value != nil })
        driver.advance(3_600_000)
        #expect(driver.records.last?.value == nil)
        #expect(driver.coordinator.stateCounts.isEmpty)
        #expect(throws: TransactionError.transactionalIDNotFound) { try driver.coordinator.describe("idle") }
    }

    @Test("a write that fails is told, changes nothing, and the same request may be sent again")
    func failedAppend() throws {
        var driver = try CoordinatorDriver()
        let holder = try driver.holder()
        driver.holdsAppends = true
        let add = TransactionCoordinator.Request.addPartitions(
            transactionalID: "t", producer: holder, partitions: [TopicPartition(topic: "orders", partition: 0)])
        let token = driver.send(add)
        driver.completeAppends(succeeded: false)
        #expect(driver.replies[token] == .failure(.coordinatorNotAvailable))
        #expect(try driver.coordinator.describe("t").state == .empty)
        driver.holdsAppends = false
        #expect(driver.ask(add) == .success(holder))
    }

    @Test("markers that could not be written are tried again")
    func failedMarkers() throws {
        var driver = try CoordinatorDriver()
        let holder = try driver.holder()
        _ = driver.add(holder)
        driver.holdsMarkers = true
        #expect(driver.end(holder, commit: true) == .success(holder))
        driver.completeMarkers(succeeded: false)
        driver.advance(1_000)
        #expect(driver.markers.count == 2)
        driver.completeMarkers()
        #expect(try driver.coordinator.describe("t").state == .completeCommit)
    }

    @Test("a decision found in the log is carried through; an open transaction stays open", arguments: [true, false])
    func replay(isCommit: Bool) throws {
        var before = try CoordinatorDriver()
        let holder = try before.holder()
        let other = try before.holder("other")
        _ = before.add(holder, 4)
        _ = before.add(other, 5, id: "other")
        before.holdsMarkers = true
        _ = before.end(holder, commit: isCommit)

        var after = try CoordinatorDriver(records: before.records)
        #expect(after.markers == before.markers)
        #expect(after.open == [other.id: [TopicPartition(topic: "orders", partition: 5)]])
        #expect(after.end(holder, commit: isCommit) == .success(holder))
        #expect(after.end(other, commit: true, id: "other") == .success(other))
        // Ids in use are not given out again even where no reservation is known.
        let fresh = try after.holder(nil)
        #expect(fresh.id > other.id)
    }

    @Test("nothing is answered but 'loading' before the log is read")
    func loading() throws {
        var coordinator = TransactionCoordinator()
        let effects = coordinator.handle(
            .initProducer(transactionalID: nil, timeoutMillis: 1, expected: nil), token: .init(rawValue: 1), now: 0)
        #expect(effects == [.reply(.init(rawValue: 1), .failure(.coordinatorLoadInProgress))])
        #expect(throws: TransactionError.coordinatorLoadInProgress) { try coordinator.describe("t") }
    }

    @Test("listing filters by state, producer id and duration")
    func listing() throws {
        var driver = try CoordinatorDriver()
        let first = try driver.holder("a")
        _ = driver.initProducer("b")
        _ = driver.add(first, id: "a")
        driver.advance(500)
        var filter = TransactionCoordinator.Filter()
        #expect(try driver.coordinator.list(filter, now: driver.now).map(\.transactionalID) == ["a", "b"])
        filter.states = ["Ongoing"]
        #expect(try driver.coordinator.list(filter, now: driver.now).map(\.transactionalID) == ["a"])
        filter.durationMillisMin = 500
        #expect(try driver.coordinator.list(filter, now: driver.now).isEmpty)
        filter = .init()
        filter.producerIDs = [1]
        #expect(try driver.coordinator.list(filter, now: driver.now).map(\.transactionalID) == ["b"])
    }
}
