import ByteCoding
import ChangeModel
import Testing

@testable import GroupCoordinator

/// Carries out a coordinator's effects at once and without trouble, for tests of single rules.
struct CoordinatorDriver {
    typealias Reply = TransactionCoordinator.Reply

    var coordinator: TransactionCoordinator
    var now: Int64 = 1_000_000
    var records: [(key: [UInt8], value: [UInt8]?)] = []
    var markers: [TransactionMarkers] = []
    var open: [Int64: Set<TopicPartition>] = [:]
    var replies: [UInt64: Reply] = [:]
    var reservedBelow: Int64 = 0
    /// Markers stay unanswered while this is set.
    var holdsMarkers = false
    /// Appends stay unanswered while this is set.
    var holdsAppends = false
    var heldAppends: [TransactionCoordinator.AppendID] = []
    private var lastToken: UInt64 = 0

    init(options: TransactionOptions = TransactionOptions(), records: [(key: [UInt8], value: [UInt8]?)] = []) throws {
        coordinator = TransactionCoordinator(options: options)
        for record in records {
            if let value = record.value {
                try coordinator.replay(key: record.key.span, value: value.span)
            } else {
                try coordinator.replay(key: record.key.span, value: nil)
            }
        }
        self.records = records
        run(coordinator.finishReplay(now: now))
    }

    /// Sends a request and returns its token; the reply, if there is one yet, stands in ``replies``.
    mutating func send(_ request: TransactionCoordinator.Request) -> UInt64 {
        lastToken += 1
        run(coordinator.handle(request, token: .init(rawValue: lastToken), now: now))
        return lastToken
    }

    mutating func ask(_ request: TransactionCoordinator.Request) -> Reply? { replies[send(request)] }

    mutating func initProducer(
        _ id: String? = "t", timeout: Int32 = 60_000, expected: ProducerIdentity? = nil
    ) -> Reply? {
        ask(.initProducer(transactionalID: id, timeoutMillis: timeout, expected: expected))
    }

    /// What a successful InitProducerId gave.
    mutating func holder(
        _ id: String? = "t", timeout: Int32 = 60_000, expected: ProducerIdentity? = nil
    ) throws -> ProducerIdentity {
        let reply = initProducer(id, timeout: timeout, expected: expected)
        return try #require(reply).get()
    }

    mutating func add(_ producer: ProducerIdentity, _ partition: Int32 = 0, id: String = "t") -> Reply? {
        ask(
            .addPartitions(
                transactionalID: id, producer: producer,
                partitions: [TopicPartition(topic: "orders", partition: partition)]))
    }

    mutating func end(
        _ producer: ProducerIdentity, commit: Bool, bumps: Bool = false, id: String = "t"
    ) -> Reply? {
        ask(.end(transactionalID: id, producer: producer, isCommit: commit, bumpsEpoch: bumps))
    }

    mutating func advance(_ millis: Int64) {
        now += millis
        run(coordinator.timePassed(now: now))
    }

    mutating func completeMarkers(succeeded: Bool = true) {
        guard let last = markers.last else { return }
        run(coordinator.markersCompleted(transactionalID: last.transactionalID, succeeded: succeeded, now: now))
    }

    mutating func completeAppends(succeeded: Bool = true) {
        let held = heldAppends
        heldAppends = []
        for id in held { run(coordinator.appendCompleted(id, succeeded: succeeded, now: now)) }
    }

    mutating func run(_ effects: [TransactionCoordinator.Effect]) {
        for effect in effects {
            switch effect {
            case .reply(let token, let reply):
                precondition(replies[token.rawValue] == nil, "a request is answered once")
                replies[token.rawValue] = reply
            case .append(let id, _, let key, let value):
                if holdsAppends {
                    heldAppends.append(id)
                } else {
                    records.append((key, value))
                    run(coordinator.appendCompleted(id, succeeded: true, now: now))
                }
            case .opened(let producer, let partitions):
                open[producer.id] = Set(partitions)
            case .closed(let id):
                open[id] = nil
            case .writeMarkers(let each):
                markers.append(each)
                if !holdsMarkers { completeMarkers() }
            case .reserveProducerIDs(let limit):
                reservedBelow = limit
                run(coordinator.producerIDsReserved(below: limit, succeeded: true, now: now))
            }
        }
    }
}
