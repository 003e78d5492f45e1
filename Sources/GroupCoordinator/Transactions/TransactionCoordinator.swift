/// Who holds which transactional id, and how far each transaction is: Kafka's transaction coordinator as one value.
///
/// Requests, outcomes of appends and the time come in; effects come out, to be carried out in order. A transition is a
/// record first: it is appended to `__transaction_state`, and only when that is durable does it count and is the request
/// answered. After a crash the records are replayed and every decision that was durable is carried through. Deterministic:
/// no clock, no lock, no randomness inside. One owner at a time.
///
/// Where Kafka answers CONCURRENT_TRANSACTIONS because the id's previous transition is under way, the request waits here
/// (bounded in number and time) and is decided when the transition is done, as if it had come later.
public struct TransactionCoordinator: Sendable {
    let options: TransactionOptions
    var entries: [String: Entry] = [:]
    /// The ids that a timeout, a retry or a waiting request concerns: what ``timePassed(now:)`` looks at.
    var active: Set<String> = []
    var appends: [AppendID: String] = [:]
    var lastAppendID: UInt64 = 0
    var producerIDs: ProducerIDBlock
    /// Requests that wait for producer ids, in order.
    var awaitingProducerID: [Parked] = []
    var isLoaded = false
    var nextActiveCheck: Int64 = .min
    var nextExpirationCheck: Int64 = .min

    struct Entry: Sendable {
        var metadata: TransactionMetadata
        var transition: Transition?
        /// The markers are being written, or their failure waits for `retryAt`.
        var areMarkersUnderWay = false
        var retryAt: Int64?
        var parked: [Parked] = []

        /// A transition is under way: requests wait.
        var isBusy: Bool { transition != nil || metadata.state.isPrepared }
    }

    /// A state on its way into the log; without one the id is being forgotten.
    struct Transition: Sendable {
        let next: TransactionMetadata?
        let token: Token?
    }

    struct Parked: Sendable {
        let token: Token
        let request: Request
        let deadline: Int64
    }

    /// - Parameter nextProducerID: what the last durable reservation reserved up to; 0 where there is none.
    public init(options: TransactionOptions = TransactionOptions(), nextProducerID: Int64 = 0) {
        self.options = options
        producerIDs = ProducerIDBlock(next: nextProducerID)
    }

    /// Decides a request, or lets it wait.
    public mutating func handle(_ request: Request, token: Token, now: Int64) -> [Effect] {
        var effects: [Effect] = []
        decide(request, token: token, deadline: now + options.parkMillisMax, now: now, into: &effects)
        return effects
    }

    /// When ``timePassed(now:)`` is to be called next, in milliseconds since 1970; nil while nothing can fall due.
    public var nextDeadline: Int64? {
        guard isLoaded, !entries.isEmpty || !awaitingProducerID.isEmpty else { return nil }
        if active.isEmpty, awaitingProducerID.isEmpty { return nextExpirationCheck }
        return min(nextActiveCheck, nextExpirationCheck)
    }

    mutating func decide(
        _ request: Request, token: Token, deadline: Int64, now: Int64, into effects: inout [Effect]
    ) {
        guard isLoaded else { return effects.append(.reply(token, .failure(.coordinatorLoadInProgress))) }
        let id: String
        switch request {
        case .initProducer(nil, _, _):
            return giveProducerID(request, token: token, deadline: deadline, into: &effects)
        case .initProducer(let transactionalID?, let timeout, _):
            id = transactionalID
            guard timeout > 0, timeout <= options.timeoutMillisMax else {
                return effects.append(.reply(token, .failure(.invalidTransactionTimeout)))
            }
        case .addPartitions(let transactionalID, _, _), .end(let transactionalID, _, _, _):
            id = transactionalID
        }
        // A record's key holds the id behind a 16-bit length.
        guard !id.isEmpty, id.utf8.count <= Int(Int16.max) else {
            return effects.append(.reply(token, .failure(.invalidRequest)))
        }
        if entries[id]?.isBusy == true {
            return park(request, token: token, deadline: deadline, id: id, now: now, into: &effects)
        }
        switch request {
        case .initProducer(_, let timeout, let expected):
            let parked = Parked(token: token, request: request, deadline: deadline)
            decideInitProducer(
                id, timeoutMillis: timeout, expected: expected, parked: parked, now: now, into: &effects)
        case .addPartitions(_, let producer, let partitions):
            decideAddPartitions(id, producer, partitions, token: token, now: now, into: &effects)
        case .end(_, let producer, let isCommit, let bumpsEpoch):
            decideEnd(
                id, producer, isCommit: isCommit, bumpsEpoch: bumpsEpoch, token: token, now: now, into: &effects)
        }
    }

    mutating func park(
        _ request: Request, token: Token, deadline: Int64, id: String, now: Int64, into effects: inout [Effect]
    ) {
        guard deadline > now, let count = entries[id]?.parked.count, count < options.parkedCountMax else {
            return effects.append(.reply(token, .failure(.concurrentTransactions)))
        }
        entries[id]?.parked.append(Parked(token: token, request: request, deadline: deadline))
        watch(id, now: now)
    }

    /// Sends a transition on its way into the log.
    mutating func propose(
        _ next: TransactionMetadata?, of id: String, token: Token?, now: Int64, into effects: inout [Effect]
    ) {
        precondition(entries[id] != nil && entries[id]?.transition == nil, "one transition at a time")
        lastAppendID += 1
        let appendID = AppendID(rawValue: lastAppendID)
        appends[appendID] = id
        entries[id]?.transition = Transition(next: next, token: token)
        entries[id]?.retryAt = nil
        effects.append(
            .append(
                appendID, partition: TransactionPartition.index(of: id, partitionCount: options.partitionCount),
                key: TransactionRecord.encodeKey(id), value: next.map(TransactionRecord.encodeValue)))
    }

    /// Makes sure that ``timePassed(now:)`` looks at the id.
    mutating func watch(_ id: String, now: Int64) {
        active.insert(id)
        nextActiveCheck = min(nextActiveCheck, now + options.timeoutCheckMillis)
    }
}
