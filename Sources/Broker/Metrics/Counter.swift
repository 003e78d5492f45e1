internal import Synchronization

/// A number that only grows, for any thread.
final class Counter: Sendable {
    private let number = Atomic<Int>(0)
    var value: Int { number.load(ordering: .relaxed) }
    func add(_ amount: Int) { number.wrappingAdd(amount, ordering: .relaxed) }
}
