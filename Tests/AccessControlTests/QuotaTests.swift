import Testing

@testable import AccessControl

@Suite("Access control: quotas")
struct QuotaTests {
    @Test("the most particular quota applies")
    func precedence() {
        var table = QuotaTable()
        let entities = QuotaEntity.candidates(user: "u", clientID: "c")
        for (index, entity) in entities.enumerated().reversed() {
            table.set([.producerByteRate: Double(index + 1)], of: entity)
            #expect(table.limit(.producerByteRate, user: "u", clientID: "c")?.value == Double(index + 1))
        }
        #expect(table.limit(.producerByteRate, user: "x", clientID: "c")?.value == 4)
        #expect(table.limit(.consumerByteRate, user: "u", clientID: "c") == nil)
        table.set([:], of: entities[0])
        #expect(table.limit(.producerByteRate, user: "u", clientID: "c")?.value == 2)
    }

    @Test("over time the flow keeps to its rate when the client pauses as told")
    func rate() {
        var table = QuotaTable()
        table.set([.consumerByteRate: 1_000], of: QuotaEntity(user: .default, clientID: nil))
        var meters = QuotaMeters()
        var now: Int64 = 0
        var total = 0
        while now < 60_000 {
            total += 700
            let pause = meters.record(
                700, of: .consumerByteRate, user: "u", clientID: "c", quotas: table, now: now)
            now += Int64(max(1, pause))
        }
        #expect(total > 58_000 && total < 63_000)
        // Another user has its own.
        #expect(meters.record(900, of: .consumerByteRate, user: "v", clientID: "c", quotas: table, now: now) == 0)
        #expect(meters.record(900, of: .producerByteRate, user: "u", clientID: "c", quotas: table, now: now) == 0)
    }

    @Test("a pause is bounded")
    func bounded() {
        var meter = RateMeter(now: 0)
        #expect(meter.record(1 << 40, rate: 1, now: 0) == RateMeter.pauseMillisMax)
    }
}
