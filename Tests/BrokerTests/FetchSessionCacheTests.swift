import ChangeModel
import Testing

@testable import Broker

@Suite("fetch sessions")
struct FetchSessionCacheTests {
    private func partition(_ number: Int32, from offset: Int64 = 0) -> FetchPartition {
        FetchPartition(topic: "t", topicID: .zero, partition: number, fetchOffset: offset, byteCountMax: 1000)
    }

    private func query(
        _ id: Int32, _ epoch: Int32, _ partitions: [FetchPartition] = [], forgotten: [FetchKey] = []
    ) -> FetchSessionCache.Query {
        .init(sessionID: id, epoch: epoch, partitions: partitions, forgotten: forgotten, usesTopicIDs: false)
    }

    @Test("a session remembers its partitions, takes changes, and forgets")
    func lifecycle() {
        var cache = FetchSessionCache(countMax: 10)
        #expect(
            cache.begin(query(0, 0, [partition(0), partition(1)]), now: 0) { 5 }
                == .opened(5, [partition(0), partition(1)]))
        #expect(cache.begin(query(5, 1), now: 0) { 0 } == .incremental(5, [partition(0), partition(1)]))
        #expect(
            cache.begin(query(5, 2, [partition(1, from: 9), partition(2)]), now: 0) { 0 }
                == .incremental(5, [partition(0), partition(1, from: 9), partition(2)]))
        #expect(
            cache.begin(query(5, 3, forgotten: [partition(0).key]), now: 0) { 0 }
                == .incremental(5, [partition(1, from: 9), partition(2)]))
    }

    @Test("a wrong epoch and an unknown session have their errors, and epoch -1 ends a session")
    func errors() {
        var cache = FetchSessionCache(countMax: 10)
        _ = cache.begin(query(0, 0, [partition(0)]), now: 0) { 5 }
        #expect(cache.begin(query(5, 2), now: 0) { 0 } == .failed(.invalidEpoch))
        #expect(cache.begin(query(6, 1), now: 0) { 0 } == .failed(.sessionNotFound))
        #expect(cache.begin(query(5, -1, [partition(0)]), now: 0) { 0 } == .sessionless([partition(0)]))
        #expect(cache.begin(query(5, 1), now: 0) { 0 } == .failed(.sessionNotFound))
    }

    @Test("no more sessions are held than there are slots; one that is not used makes room")
    func bounded() {
        var cache = FetchSessionCache(countMax: 2)
        _ = cache.begin(query(0, 0, [partition(0)]), now: 0) { 1 }
        _ = cache.begin(query(0, 0, [partition(0)]), now: 1) { 2 }
        #expect(cache.begin(query(0, 0, [partition(0)]), now: 2) { 3 } == .sessionless([partition(0)]))
        let later = FetchSessionCache.evictionAge + 1
        #expect(cache.begin(query(0, 0, [partition(0)]), now: later) { 3 } == .opened(3, [partition(0)]))
        #expect(Set(cache.sessions.keys) == [2, 3])
    }

    @Test("partitions with records go to the end, so that the others come first next time")
    func rotation() {
        var cache = FetchSessionCache(countMax: 2)
        _ = cache.begin(query(0, 0, [partition(0), partition(1)]), now: 0) { 1 }
        var failing = FetchResult(partition(0))
        failing.errorCode = 3
        var quiet = FetchResult(partition(1))
        quiet.highWatermark = 4
        quiet.logStartOffset = 0
        #expect(cache.finish(1, [failing, quiet], isFirst: true).count == 2)
        // The error is told again and again, the offsets only when they change.
        #expect(cache.finish(1, [failing, quiet], isFirst: false).map(\.partition.partition) == [0])
    }
}
