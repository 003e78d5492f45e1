import ChangeModel
import GroupCoordinator

/// Drives an engine as a broker would, with a log in memory: appends complete at once, or when the test says so.
struct Driver {
    var engine: GroupEngine
    var now: Int64 = 1_000_000
    /// What is in the log, by partition.
    var log: [(partition: Int32, records: [GroupRecord], producerID: Int64?)] = []
    var replies: [UInt64: GroupEngine.Reply] = [:]
    /// Appends that have not been completed, oldest first.
    var pending: [(GroupEngine.AppendID, GroupEngine.Append)] = []
    var holdsAppends = false
    /// Ends of transactions, with the length of the log when they came.
    var markers: [(position: Int, producer: Int64, partition: Int32, isCommit: Bool)] = []
    var topics = TopicCatalog()
    private var lastToken: UInt64 = 0
    private var seed: UInt64

    init(options: GroupOptions = Driver.quick, topics: [String: Int32] = ["orders": 4], seed: UInt64 = 1) {
        self.seed = seed
        engine = GroupEngine(options: options, seed: seed)
        setTopics(topics)
        _ = engine.loaded(now: now)
    }

    static var quick: GroupOptions {
        var options = GroupOptions()
        options.initialRebalanceDelay = 0
        return options
    }

    static func topicID(_ name: String) -> TopicID {
        TopicID(high: 7, low: name.utf8.reduce(UInt64(0)) { $0 &* 131 &+ UInt64($1) })
    }

    mutating func setTopics(_ topics: [String: Int32]) {
        self.topics = TopicCatalog(
            Dictionary(uniqueKeysWithValues: topics.map { ($0, .init(id: Self.topicID($0), partitionCount: $1)) }))
        engine.topicsChanged(self.topics)
    }

    /// - Returns: the reply's token; it is in ``replies`` once it was given.
    @discardableResult
    mutating func send(_ request: GroupEngine.Request) -> UInt64 {
        lastToken += 1
        perform(engine.handle(request, token: .init(rawValue: lastToken), now: now))
        return lastToken
    }

    mutating func perform(_ effects: [GroupEngine.Effect]) {
        for effect in effects {
            switch effect {
            case .reply(let token, let reply):
                precondition(replies[token.rawValue] == nil, "a request is answered once")
                replies[token.rawValue] = reply
            case .append(let id, let append): pending.append((id, append))
            }
        }
        if !holdsAppends { completeAppends() }
    }

    mutating func completeAppends() {
        while !pending.isEmpty {
            let (id, append) = pending.removeFirst()
            let offset = Int64(log.reduce(0) { $0 + $1.records.count })
            log.append((append.partition, append.records, append.producer?.id))
            perform(engine.appendCompleted(id, baseOffset: offset, now: now))
        }
    }

    mutating func failAppends(_ error: GroupError) {
        while !pending.isEmpty { perform(engine.appendFailed(pending.removeFirst().0, error: error, now: now)) }
    }

    /// Lets time pass, stopping at every deadline on the way.
    mutating func advance(_ milliseconds: Int64) {
        let end = now + milliseconds
        while let deadline = engine.nextDeadline, deadline <= end {
            now = max(now, deadline)
            perform(engine.timePassed(now: now))
        }
        now = end
    }

    /// The broker is killed and comes back: what was in the log is all there is.
    /// - Parameter between: called before the batch at each position of the log, and behind the last.
    mutating func restart(between: (inout GroupEngine, Int) -> Void = { _, _ in }) {
        var next = GroupEngine(options: engine.options, seed: seed &+ UInt64(log.count) &+ 99)
        next.topicsChanged(topics)
        var offset: Int64 = 0
        for (position, (partition, records, producerID)) in log.enumerated() {
            between(&next, position)
            for record in records {
                // Through the bytes, as in life.
                let key = record.encodeKey()
                let value = record.encodeValue()
                let body = value ?? []
                if let decoded = try? GroupRecord.decode(key: key.span, value: body.span, hasValue: value != nil) {
                    next.replay(decoded, partition: partition, producerID: producerID, offset: offset)
                }
                offset += 1
            }
        }
        between(&next, log.count)
        engine = next
        pending = []
        perform(engine.loaded(now: now))
    }

    // MARK: classic members

    mutating func join(
        _ group: String = "g", member: String = "", instance: String? = nil, protocols: [String] = ["range"],
        topics: [String] = ["orders"], type: String = "consumer", session: Int32 = 10_000, rebalance: Int32 = 60_000,
        version: Int = 9
    ) -> UInt64 {
        send(
            .join(
                .init(
                    groupID: group, memberID: member, instanceID: instance, clientID: "c", clientHost: "/127.0.0.1",
                    sessionTimeout: session, rebalanceTimeout: rebalance, protocolType: type,
                    protocols: protocols.map { .init(name: $0, metadata: Self.subscription(topics)) },
                    canRejoin: version >= 4, canSkipAssignment: version >= 9)))
    }

    static func subscription(_ topics: [String]) -> [UInt8] {
        var bytes: [UInt8] = [0, 1, 0, 0, 0, UInt8(topics.count)]
        for topic in topics { bytes += [0, UInt8(topic.utf8.count)] + Array(topic.utf8) }
        return bytes + [0xFF, 0xFF, 0xFF, 0xFF]
    }

    func joinReply(_ token: UInt64) -> GroupEngine.JoinReply? {
        if case .join(let reply)? = replies[token] { reply } else { nil }
    }

    func syncReply(_ token: UInt64) -> GroupEngine.SyncReply? {
        if case .sync(let reply)? = replies[token] { reply } else { nil }
    }

    mutating func heartbeat(_ group: String = "g", member: String, generation: Int32, instance: String? = nil)
        -> GroupError?
    {
        let token = send(
            .heartbeat(.init(groupID: group, generation: generation, memberID: member, instanceID: instance)))
        if case .heartbeat(let error)? = replies[token] { return error } else { return nil }
    }

    mutating func sync(
        _ group: String = "g", member: String, generation: Int32, assignments: [String: [UInt8]] = [:],
        instance: String? = nil
    ) -> UInt64 {
        send(
            .sync(
                .init(
                    groupID: group, generation: generation, memberID: member, instanceID: instance,
                    protocolType: "consumer", assignments: assignments)))
    }

    /// Takes a new member's id and joins with it.
    mutating func joinTwice(_ group: String = "g", protocols: [String] = ["range"], session: Int32 = 10_000) -> (
        token: UInt64, id: String
    ) {
        let first = join(group, protocols: protocols, session: session)
        let id = joinReply(first)?.memberID ?? ""
        return (join(group, member: id, protocols: protocols, session: session), id)
    }

    /// A stable group of `count` members; the first leads.
    mutating func stableGroup(_ group: String = "g", count: Int) -> [String] {
        var ids: [String] = []
        for _ in 0..<count {
            let (_, id) = joinTwice(group)
            for earlier in ids { _ = join(group, member: earlier) }
            ids.append(id)
            advance(1)
        }
        let generation = engine.generation(of: group)
        for id in ids.reversed() {
            let isLeader = id == ids[0]
            _ = sync(
                group, member: id, generation: generation,
                assignments: isLeader ? Dictionary(uniqueKeysWithValues: ids.map { ($0, Array($0.utf8)) }) : [:])
        }
        return ids
    }

    // MARK: offsets

    mutating func commit(
        _ group: String = "g", offset: Int64, topic: String = "orders", partition: Int32 = 0, generation: Int32 = -1,
        member: String = "", producer: Int64? = nil, metadata: String = ""
    ) -> GroupError? {
        let token = send(
            .commit(
                .init(
                    groupID: group, generation: generation, memberID: member,
                    offsets: [.init(topic: topic, partition: partition, offset: offset, metadata: metadata)],
                    producer: producer.map { .init(id: $0, epoch: 0) })))
        if case .commit(let outcomes)? = replies[token] { return outcomes[0].error } else { return nil }
    }

    func fetch(_ group: String = "g", topic: String = "orders", partition: Int32 = 0, stable: Bool = false)
        -> GroupEngine.FetchOffsetsReply.Partition
    {
        engine.fetchOffsets(.init(groupID: group, partitions: [(topic, [partition])], requireStable: stable))
            .topics[0].partitions[0]
    }
}

extension GroupEngine {
    /// The generation that a member would be told, by asking what the group's record says.
    func generation(of group: String) -> Int32 { classicGeneration(group) ?? -1 }
}
