import Testing

@testable import Broker

@Suite("the order of replies")
struct ReplyQueueTests {
    @Test("replies go out in the order of their requests, whatever the order in which they were ready")
    func inOrder() {
        var queue = ReplyQueue<String>()
        let slots = (0..<3).map { _ in queue.open() }
        queue.fill(slots[2], "c")
        #expect(queue.next() == nil)
        queue.fill(slots[0], "a")
        #expect(queue.next() == .some("a"))
        #expect(queue.next() == nil)
        queue.fill(slots[1], nil)
        #expect(queue.next() == .some(nil))
        #expect(queue.next() == .some("c"))
        #expect(queue.isEmpty)
    }

    @Test("a long life does not make it grow")
    func longLife() {
        var queue = ReplyQueue<Int>()
        for round in 0..<1000 {
            let slots = (0..<5).map { _ in queue.open() }
            for slot in slots.reversed() { queue.fill(slot, round) }
            for _ in slots { #expect(queue.next() == .some(.some(round))) }
        }
        #expect(queue.isEmpty)
    }
}
