import ChangeModel
import Testing

@testable import GroupCoordinator

@Suite("Transactions: an epoch for each transaction (KIP-890)")
struct TransactionEpochRuleTests {
    private func producer(_ id: Int64, _ epoch: Int16) -> ProducerIdentity { ProducerIdentity(id: id, epoch: epoch) }

    @Test("each end answers with the next epoch, and its markers carry it")
    func bump() throws {
        var driver = try CoordinatorDriver()
        let first = try driver.holder()
        _ = driver.add(first)
        #expect(driver.end(first, commit: true, bumps: true) == .success(producer(0, 1)))
        #expect(driver.markers[0].producer == producer(0, 1))
        // The same end again, as after a lost answer.
        #expect(driver.end(first, commit: true, bumps: true) == .success(producer(0, 1)))
        #expect(driver.end(first, commit: false, bumps: true) == .failure(.invalidTransactionState))
        #expect(driver.add(first) == .failure(.producerFenced))
        #expect(driver.add(producer(0, 1)) == .success(producer(0, 1)))
        #expect(driver.end(first, commit: true, bumps: true) == .failure(.producerFenced))
    }

    @Test("an abort of nothing bumps the epoch; a commit of nothing is refused")
    func emptyEnd() throws {
        var driver = try CoordinatorDriver()
        let first = try driver.holder()
        #expect(driver.end(first, commit: true, bumps: true) == .failure(.invalidTransactionState))
        #expect(driver.end(first, commit: false, bumps: true) == .success(producer(0, 1)))
        #expect(driver.end(first, commit: false, bumps: true) == .success(producer(0, 1)))
        #expect(driver.end(producer(0, 1), commit: false, bumps: true) == .success(producer(0, 2)))
        #expect(driver.end(producer(0, 2), commit: true, bumps: true) == .failure(.invalidTransactionState))
        #expect(driver.markers.isEmpty)
    }

    @Test("where the epochs run out, the end answers with a new producer id")
    func overflow() throws {
        let metadata = TransactionMetadata(
            transactionalID: "t", producerID: 7, producerEpoch: 32_765, timeoutMillis: 60_000, state: .empty,
            lastUpdateTimestamp: 1_000_000)
        let records = [
            (key: TransactionRecord.encodeKey("t"), value: Optional(TransactionRecord.encodeValue(metadata)))
        ]
        var driver = try CoordinatorDriver(records: records)
        let holder = try driver.holder()
        #expect(holder == producer(7, 32_766))
        _ = driver.add(holder)
        driver.holdsMarkers = true
        #expect(driver.end(holder, commit: true, bumps: true) == .success(producer(8, 0)))
        #expect(driver.markers[0].producer == producer(7, 32_767))
        // Its next transaction waits for the markers of this one.
        let next = driver.send(
            .addPartitions(
                transactionalID: "t", producer: producer(8, 0),
                partitions: [TopicPartition(topic: "orders", partition: 1)]))
        driver.completeMarkers()
        #expect(driver.replies[next] == .success(producer(8, 0)))

        // The lost answer, asked for again after a restart in the middle.
        var again = try CoordinatorDriver(records: driver.records.dropLast())
        #expect(again.end(holder, commit: true, bumps: true) == .success(producer(8, 0)))
        #expect(again.end(holder, commit: false, bumps: true) == .failure(.invalidTransactionState))
    }
}
