import ByteCoding
import ChangeModel
import TailraceTesting

@testable import GroupCoordinator

/// A coordinator, the log's partitions and producers in one place, where appends complete late or fail, replies get
/// lost, and the coordinator crashes at any point. All chance comes from the seed.
struct SimulatedTransactions {
    typealias Token = TransactionCoordinator.Token

    /// What a partition holds: a producer's record, tagged with its transaction, or a marker.
    enum LogEntry: Equatable {
        case record(ProducerIdentity, transaction: Int)
        case marker(ProducerIdentity, isCommit: Bool)
    }

    /// What the coordinator asked for and has not been told the outcome of.
    struct PendingAppend {
        let id: TransactionCoordinator.AppendID
        let key: [UInt8]
        let value: [UInt8]?
    }

    /// What became of a transaction as its producer was told.
    struct Outcome: Equatable {
        let transaction: Int
        let isCommit: Bool
    }

    var generator: SeededGenerator
    var coordinator: TransactionCoordinator
    var now: Int64 = 1_000_000
    var stateLog: [(key: [UInt8], value: [UInt8]?)] = []
    var reservedBelow: Int64 = 0
    var partitions: [TopicPartition: [LogEntry]] = [:]
    var open: [Int64: (epoch: Int16, partitions: Set<TopicPartition>)] = [:]

    var pendingAppends: [PendingAppend] = []
    var pendingMarkers: [TransactionMarkers] = []
    var pendingReservation: Int64?
    /// Which producer waits for which reply.
    var waiting: [Token: Int] = [:]
    private var lastToken: UInt64 = 0

    var producers: [SimulatedProducer] = []
    var lastTransaction = 0
    var outcomes: [Outcome] = []
    var problems: [String] = []
    var crashCount = 0
    private var initialized: Set<ProducerIdentity> = []

    init(seed: UInt64, initialEpoch: Int16?) throws {
        generator = SeededGenerator(seed: seed)
        coordinator = TransactionCoordinator()
        if let initialEpoch {
            for id in 0..<3 {
                var metadata = TransactionMetadata(
                    transactionalID: "t\(id)", producerID: Int64(id), producerEpoch: initialEpoch,
                    timeoutMillis: 60_000, state: .completeCommit, lastUpdateTimestamp: now)
                metadata.startTimestamp = now
                stateLog.append(
                    (
                        TransactionRecord.encodeKey(metadata.transactionalID),
                        TransactionRecord.encodeValue(metadata)
                    ))
            }
            reservedBelow = 3
        }
        try restart()
    }

    // MARK: The coordinator's side

    /// Forgets all that is in memory; what was on its way into the log got there up to some point.
    mutating func crash() throws {
        crashCount += 1
        let durableCount = Int.random(in: 0...pendingAppends.count, using: &generator)
        stateLog += pendingAppends.prefix(durableCount).map { ($0.key, $0.value) }
        for markers in pendingMarkers where Bool.random(using: &generator) { write(markers) }
        if let limit = pendingReservation, Bool.random(using: &generator) { reservedBelow = limit }
        for index in waiting.values { producers[index].replyLost() }
        try restart()
    }

    private mutating func restart() throws {
        pendingAppends = []
        pendingMarkers = []
        pendingReservation = nil
        waiting = [:]
        open = [:]
        coordinator = TransactionCoordinator(nextProducerID: reservedBelow)
        for record in stateLog {
            if let value = record.value {
                try coordinator.replay(key: record.key.span, value: value.span)
            } else {
                try coordinator.replay(key: record.key.span, value: nil)
            }
        }
        run(coordinator.finishReplay(now: now))
    }

    mutating func send(_ request: TransactionCoordinator.Request, from producer: Int) {
        lastToken += 1
        let token = Token(rawValue: lastToken)
        waiting[token] = producer
        run(coordinator.handle(request, token: token, now: now))
    }

    mutating func advance(_ millis: Int64) {
        now += millis
        run(coordinator.timePassed(now: now))
    }

    /// Lets one thing that the coordinator waits for happen.
    mutating func completeOne(faults: Bool) {
        let failed = faults && generator.oneIn(12)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0 where !pendingAppends.isEmpty:
            let append = pendingAppends.removeFirst()
            if !failed { stateLog.append((append.key, append.value)) }
            run(coordinator.appendCompleted(append.id, succeeded: !failed, now: now))
        case 1 where !pendingMarkers.isEmpty:
            let markers = pendingMarkers.remove(at: Int.random(in: 0..<pendingMarkers.count, using: &generator))
            // A write may be done and its outcome unknown; it is then done twice.
            if !failed || Bool.random(using: &generator) { write(markers) }
            run(
                coordinator.markersCompleted(
                    transactionalID: markers.transactionalID, succeeded: !failed, now: now))
        default:
            guard let limit = pendingReservation else { return }
            pendingReservation = nil
            if !failed { reservedBelow = limit }
            run(coordinator.producerIDsReserved(below: limit, succeeded: !failed, now: now))
        }
    }

    private mutating func write(_ markers: TransactionMarkers) {
        for partition in markers.partitions {
            partitions[partition, default: []].append(.marker(markers.producer, isCommit: markers.isCommit))
        }
    }

    private mutating func run(_ effects: [TransactionCoordinator.Effect]) {
        for effect in effects {
            switch effect {
            case .reply(let token, let reply):
                guard let index = waiting.removeValue(forKey: token) else {
                    problems.append("a request was answered twice")
                    continue
                }
                if generator.oneIn(10) {
                    producers[index].replyLost()
                } else {
                    deliver(reply, to: index)
                }
            case .append(let id, _, let key, let value):
                pendingAppends.append(PendingAppend(id: id, key: key, value: value))
            case .opened(let producer, let partitions):
                open[producer.id] = (producer.epoch, Set(partitions))
            case .closed(let id):
                open[id] = nil
            case .writeMarkers(let markers):
                pendingMarkers.append(markers)
            case .reserveProducerIDs(let limit):
                pendingReservation = limit
            }
        }
    }

    // MARK: The producers' side

    private mutating func deliver(_ reply: TransactionCoordinator.Reply, to index: Int) {
        let phase = producers[index].phase
        let transaction = producers[index].transaction
        if let ended = producers[index].receive(reply) {
            outcomes.append(Outcome(transaction: transaction, isCommit: ended))
            if ended, producers[index].isReplaced(before: producers) {
                problems.append("a fenced producer committed transaction \(transaction)")
            }
        }
        if phase == .initializing, case .success(let identity) = reply {
            if !initialized.insert(identity).inserted { problems.append("\(identity) was given out twice") }
            producers[index].initializedAt = producers.map(\.initializedAt).max()! + 1
        }
    }

    /// One step of one producer: what it does next, if it does not wait for a reply.
    mutating func step(_ index: Int) {
        guard !producers[index].isWaiting else { return }
        switch producers[index].phase {
        case .initializing:
            producers[index].isWaiting = true
            send(
                .initProducer(transactionalID: producers[index].id, timeoutMillis: 60_000, expected: nil), from: index)
        case .ready:
            lastTransaction += 1
            producers[index].begin(transaction: lastTransaction, using: &generator)
        case .adding:
            producers[index].isWaiting = true
            send(
                .addPartitions(
                    transactionalID: producers[index].id, producer: producers[index].identity,
                    partitions: producers[index].partitions), from: index)
        case .writing:
            write(from: index)
        case .ending:
            if producers[index].endSentAt == nil {
                producers[index].endSentAt = producers.map(\.initializedAt).max()!
            }
            producers[index].isWaiting = true
            send(
                .end(
                    transactionalID: producers[index].id, producer: producers[index].identity,
                    isCommit: producers[index].wantsCommit, bumpsEpoch: producers[index].bumpsEpoch), from: index)
        case .fenced:
            break
        }
    }

    /// The partition's own check: only a producer whose transaction has the partition open may write.
    private mutating func write(from index: Int) {
        let producer = producers[index]
        guard let partition = producer.partitions.randomElement(using: &generator) else { return }
        guard let allowed = open[producer.identity.id], allowed.epoch == producer.identity.epoch,
            allowed.partitions.contains(partition)
        else {
            producers[index].phase = .fenced
            return
        }
        partitions[partition, default: []].append(.record(producer.identity, transaction: producer.transaction))
        switch Int.random(in: 0..<6, using: &generator) {
        case 0, 1: producers[index].phase = .ending
        case 2: producers[index].addPartition(using: &generator)
        default: break
        }
    }
}
