import NIOCore
import Synchronization
import Testing

@testable import Broker

@Suite("limits and counts")
struct SmallPartsTests {
    @Test("connections are counted by address and in all, and refused above either limit")
    func connectionLimits() {
        var limits = ConnectionLimits(countMax: 3, countPerAddressMax: 2)
        let asked = ["a", "a", "a", "b", "c"].map { limits.admit($0) }
        #expect(asked == [true, true, false, true, false])
        limits.remove("a")
        let isAdmitted = limits.admit("c")
        #expect(isAdmitted)
        limits.remove("stranger")
        #expect(limits.count == 3)
    }

    @Test("memory is refused when it is short, whoever waits is told, and one frame always fits")
    func frameMemory() {
        let memory = FrameMemory(capacity: 100)
        let toldCount = Mutex(0)
        let tell: @Sendable () -> Void = { toldCount.withLock { $0 += 1 } }
        #expect(memory.reserve(500, orRetry: tell))
        #expect(!memory.reserve(1, orRetry: tell))
        memory.release(500)
        #expect(toldCount.withLock { $0 } == 1)
        #expect(memory.reserve(60, orRetry: tell))
        #expect(!memory.reserve(60, orRetry: tell))
        #expect(memory.usedByteCount == 60)
    }

    @Test("a duration is counted in the first bucket whose bound it does not exceed")
    func histogram() {
        let histogram = DurationHistogram()
        histogram.add(.microseconds(100))
        histogram.add(.microseconds(900))
        histogram.add(.seconds(60))
        let snapshot = histogram.snapshot
        #expect(snapshot.cumulativeCounts.last == 3)
        #expect(snapshot.cumulativeCounts[0] == 1)
        #expect(snapshot.cumulativeCounts[2] == 2)
        #expect(snapshot.cumulativeCounts[DurationHistogram.bounds.count - 1] == 2)
        #expect(snapshot.sumSeconds > 60)
    }

    @Test("every family of metrics has a name of its own and every sample a number")
    func families() {
        let metrics = BrokerMetrics()
        metrics.begin(api: 0)
        metrics.end(api: 0, after: .milliseconds(1))
        metrics.count(error: 3)
        let families = metrics.families
        #expect(Set(families.map(\.name)).count == families.count)
        #expect(families.contains { $0.name == "tailrace_broker_errors_total" && $0.samples.first?.value == 1 })
        let buckets = families.first { $0.kind == .histogram }?.samples.filter { $0.suffix == "_bucket" }
        #expect(buckets?.last?.labels.last?.value == "+Inf")
    }
}
