internal import ChangeModel

/// All groups of a broker and their committed offsets: Kafka's group coordinator as one value.
///
/// Requests, outcomes of appends, and the time come in; effects come out, to be carried out in order. What must survive
/// is a record first: it is appended to `__consumer_offsets`, and only when that is done does it count and is the request
/// answered. Live traffic and the replay after a crash apply records by the same code. Deterministic: no clock and no
/// lock inside; member ids come from the seed. One owner at a time.
///
/// Times are milliseconds since 1970 from a clock that never goes back.
public struct GroupEngine: Sendable {
    public private(set) var options: GroupOptions
    var classicGroups: [String: ClassicGroup] = [:]
    var consumerGroups: [String: ConsumerGroup] = [:]
    var offsets = OffsetStore()
    var topics = TopicCatalog()
    var deadlines = DeadlineHeap()
    var memberIDs: MemberIDSource

    var inFlight: [AppendID: InFlight] = [:]
    var lastAppendID: UInt64 = 0
    /// Groups whose next decision needs the outcome of an append, with the requests that wait for it.
    var waiting: [String: [(token: Token, request: Request)]] = [:]
    var isLoaded = false
    var nextRetentionCheck: Int64 = .max

    /// - Parameter seed: where member ids come from; random in life.
    public init(options: GroupOptions = GroupOptions(), seed: UInt64) {
        self.options = options
        memberIDs = MemberIDSource(seed: seed)
    }

    /// Takes other settings. How many partitions there are stays as it is.
    public mutating func reconfigure(_ options: GroupOptions) {
        let partitionCount = self.options.partitionCount
        self.options = options
        self.options.partitionCount = partitionCount
    }

    /// Decides a request, or lets it wait for others.
    public mutating func handle(_ request: Request, token: Token, now: Int64) -> [Effect] {
        var outbox = Outbox(now: now)
        decide(request, token: token, into: &outbox)
        return finish(&outbox)
    }

    /// When ``timePassed(now:)`` is to be called next; nil while nothing can fall due.
    public var nextDeadline: Int64? {
        guard isLoaded else { return nil }
        let next = min(deadlines.nextDeadline ?? .max, nextRetentionCheck)
        return next == .max ? nil : next
    }

    /// Lets time do its work: sessions end, rebalances complete, offsets expire.
    public mutating func timePassed(now: Int64) -> [Effect] {
        guard isLoaded else { return [] }
        var outbox = Outbox(now: now)
        while let group = deadlines.popDue(now) {
            if classicGroups[group] != nil {
                classicGroups[group]?.timePassed(options, into: &outbox)
                settle(group)
            } else if consumerGroups[group] != nil {
                consumerTimePassed(group, into: &outbox)
            }
        }
        if now >= nextRetentionCheck {
            nextRetentionCheck = now + options.offsetsRetentionCheckInterval
            expireOffsets(into: &outbox)
        }
        return finish(&outbox)
    }

    mutating func decide(_ request: Request, token: Token, into outbox: inout Outbox) {
        guard isLoaded else { return outbox.reply(token, request.failure(.coordinatorLoadInProgress)) }
        let group = request.groupID
        if request.waitsForAppends, waiting[group] != nil {
            waiting[group]?.append((token, request))
            return
        }
        switch request {
        case .join(let join): decideJoin(join, token: token, into: &outbox)
        case .sync(let sync): decideSync(sync, token: token, into: &outbox)
        case .heartbeat(let heartbeat): decideHeartbeat(heartbeat, token: token, into: &outbox)
        case .leave(let leave): decideLeave(leave, token: token, into: &outbox)
        case .commit(let commit): decideCommit(commit, token: token, into: &outbox)
        case .deleteGroup(let group): decideDelete(group, token: token, into: &outbox)
        case .deleteOffsets(let request): decideDeleteOffsets(request, token: token, into: &outbox)
        case .consumerHeartbeat(let heartbeat): decideConsumerHeartbeat(heartbeat, token: token, into: &outbox)
        }
    }

    /// Forgets a classic group that is not there any more, and notes when a living one is to be looked at.
    mutating func settle(_ group: String) {
        deadlines.note(group, classicGroups[group]?.wakeAt)
        deadlines.note(group, consumerGroups[group]?.wakeAt)
    }

    /// Turns what the groups want into effects: appends get their names here.
    mutating func finish(_ outbox: inout Outbox) -> [Effect] {
        var effects: [Effect] = []
        effects.reserveCapacity(outbox.actions.count)
        for action in outbox.actions {
            switch action {
            case .reply(let token, let reply): effects.append(.reply(token, reply))
            case .append(let append):
                lastAppendID += 1
                let id = AppendID(rawValue: lastAppendID)
                inFlight[id] = append
                if append.blocksGroup, waiting[append.group] == nil { waiting[append.group] = [] }
                effects.append(
                    .append(
                        id,
                        Append(
                            partition: GroupPartition.index(
                                of: append.group, partitionCount: options.partitionCount),
                            records: append.records, producer: append.producer)))
            }
        }
        outbox.actions.removeAll()
        return effects
    }
}
