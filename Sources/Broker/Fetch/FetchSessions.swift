internal import NIOCore
internal import Synchronization

/// The broker's fetch sessions. Any thread.
final class FetchSessions: Sendable {
    private let cache: Mutex<FetchSessionCache>

    init(countMax: Int) { cache = Mutex(FetchSessionCache(countMax: countMax)) }

    func begin(_ query: FetchSessionCache.Query) -> FetchSessionCache.Plan {
        let now = Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000)
        return cache.withLock { $0.begin(query, now: now) { Int32.random(in: 1...Int32.max) } }
    }

    func finish(_ id: Int32, _ results: [FetchResult], isFirst: Bool) -> [FetchResult] {
        cache.withLock { $0.finish(id, results, isFirst: isFirst) }
    }

    var count: Int { cache.withLock { $0.sessions.count } }
    var partitionCount: Int { cache.withLock { $0.partitionCount } }
    var evictionCount: Int { cache.withLock { $0.evictionCount } }
}
