/// The fetch sessions of KIP-227: what consumers have said they fetch, so that they need not say it again.
///
/// A value without a clock; `now` is milliseconds of any steady clock. It holds `countMax` sessions; a new one takes the
/// place of one that has not been used for ``evictionAge``, or of the least recently used one that is smaller.
struct FetchSessionCache {
    struct Session {
        var partitions: [SessionPartition]
        /// What the client must say next.
        var epoch: Int32
        var usesTopicIDs: Bool
        var createdAt: Int64
        var usedAt: Int64
    }

    struct SessionPartition {
        var partition: FetchPartition
        /// What the client was told last; -1 before that.
        var sentHighWatermark: Int64 = -1
        var sentLogStartOffset: Int64 = -1
    }

    /// What a request says of its session.
    struct Query {
        var sessionID: Int32
        var epoch: Int32
        var partitions: [FetchPartition]
        var forgotten: [FetchKey]
        var usesTopicIDs: Bool
    }

    enum Plan: Equatable {
        /// No session: every partition is answered.
        case sessionless([FetchPartition])
        /// A new session; every partition is answered.
        case opened(Int32, [FetchPartition])
        /// Only what has changed is answered.
        case incremental(Int32, [FetchPartition])
        case failed(ErrorCode)

        enum ErrorCode: Int16 {
            case sessionNotFound = 70
            case invalidEpoch = 71
            case topicIDsMixed = 106
        }
    }

    static let evictionAge: Int64 = 120_000

    private(set) var sessions: [Int32: Session] = [:]
    private let countMax: Int
    private(set) var evictionCount = 0

    init(countMax: Int) { self.countMax = countMax }

    var partitionCount: Int { sessions.values.reduce(0) { $0 + $1.partitions.count } }

    /// Finds or opens the session of a request and says what to fetch. `makeID` gives random positive numbers.
    mutating func begin(_ query: Query, now: Int64, makeID: () -> Int32) -> Plan {
        // Epoch -1 is a full fetch that wants no session, and 0 one that opens one; both end the one that was named.
        if query.epoch == -1 || query.epoch == 0 {
            if query.sessionID != 0 { sessions[query.sessionID] = nil }
            guard query.epoch == 0, makeRoom(for: query.partitions.count, now: now) else {
                return .sessionless(query.partitions)
            }
            var id = makeID()
            while id <= 0 || sessions[id] != nil { id = makeID() }
            sessions[id] = Session(
                partitions: query.partitions.map { SessionPartition(partition: $0) }, epoch: 1,
                usesTopicIDs: query.usesTopicIDs, createdAt: now, usedAt: now)
            return .opened(id, query.partitions)
        }
        guard var session = sessions[query.sessionID] else { return .failed(.sessionNotFound) }
        guard session.epoch == query.epoch else { return .failed(.invalidEpoch) }
        guard session.usesTopicIDs == query.usesTopicIDs else { return .failed(.topicIDsMixed) }
        // Taken out, so that the partitions are changed in place.
        sessions[query.sessionID] = nil
        Self.apply(query, to: &session)
        session.epoch = session.epoch == Int32.max ? 1 : session.epoch + 1
        session.usedAt = now
        sessions[query.sessionID] = session
        return .incremental(query.sessionID, session.partitions.map(\.partition))
    }

    private static func apply(_ query: Query, to session: inout Session) {
        guard !query.partitions.isEmpty || !query.forgotten.isEmpty else { return }
        var places: [FetchKey: Int] = [:]
        for (index, held) in session.partitions.enumerated() { places[held.partition.key] = index }
        for partition in query.partitions {
            if let index = places[partition.key] {
                session.partitions[index].partition = partition
            } else {
                places[partition.key] = session.partitions.count
                session.partitions.append(SessionPartition(partition: partition))
            }
        }
        guard !query.forgotten.isEmpty else { return }
        let forgotten = Set(query.forgotten)
        session.partitions.removeAll { forgotten.contains($0.partition.key) }
    }

    private mutating func makeRoom(for partitionCount: Int, now: Int64) -> Bool {
        guard countMax > 0, partitionCount > 0 else { return false }
        guard sessions.count >= countMax else { return true }
        guard let oldest = sessions.min(by: { $0.value.usedAt < $1.value.usedAt }) else { return true }
        let smallest = sessions.min { $0.value.partitions.count < $1.value.partitions.count } ?? oldest
        if now - oldest.value.usedAt > Self.evictionAge {
            sessions[oldest.key] = nil
        } else if smallest.value.partitions.count < partitionCount, now - smallest.value.createdAt > Self.evictionAge {
            sessions[smallest.key] = nil
        } else {
            return false
        }
        evictionCount += 1
        return true
    }

    /// Takes note of what is answered and says which of the results are: all of a session's first answer, then those with
    /// records, errors, or offsets that the client does not know. Partitions with records go to the end of the session's
    /// order, so that the others come first next time.
    mutating func finish(_ id: Int32, _ results: [FetchResult], isFirst: Bool) -> [FetchResult] {
        guard var session = sessions[id] else { return results }
        sessions[id] = nil
        defer { sessions[id] = session }
        var places: [FetchKey: Int] = [:]
        for (index, held) in session.partitions.enumerated() { places[held.partition.key] = index }
        var answered: [FetchResult] = []
        var withRecords: Set<FetchKey> = []
        for result in results {
            guard let index = places[result.partition.key] else { continue }
            let held = session.partitions[index]
            let isNews =
                result.byteCount > 0 || result.errorCode != 0 || result.divergingEpoch != nil
                || held.sentHighWatermark != result.highWatermark
                || held.sentLogStartOffset != result.logStartOffset
            if isFirst || isNews { answered.append(result) }
            session.partitions[index].sentHighWatermark = result.errorCode == 0 ? result.highWatermark : -1
            session.partitions[index].sentLogStartOffset = result.errorCode == 0 ? result.logStartOffset : -1
            if result.byteCount > 0 { withRecords.insert(result.partition.key) }
        }
        if !withRecords.isEmpty, withRecords.count < session.partitions.count {
            session.partitions =
                session.partitions.filter { !withRecords.contains($0.partition.key) }
                + session.partitions.filter { withRecords.contains($0.partition.key) }
        }
        return answered
    }
}
