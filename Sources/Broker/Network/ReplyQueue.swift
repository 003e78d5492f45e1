/// The requests of one connection that wait for their replies, and the replies that wait for those before them: a
/// connection's replies go out in the order of its requests.
///
/// A value without I/O; it belongs to its connection.
struct ReplyQueue<Reply> {
    /// Which request of its connection, counted from 0.
    typealias Slot = UInt64

    private enum Entry {
        case pending
        /// nil: the request gets no reply.
        case ready(Reply?)
    }

    private var first: Slot = 0
    private var entries: [Entry] = []
    private var head = 0

    /// How many requests have no reply, or one that waits for those before it.
    var count: Int { entries.count - head }
    var isEmpty: Bool { count == 0 }

    mutating func open() -> Slot {
        entries.append(.pending)
        return first + Slot(count - 1)
    }

    mutating func fill(_ slot: Slot, _ reply: Reply?) {
        precondition(slot >= first && slot < first + Slot(count), "a request was answered twice")
        let index = head + Int(slot - first)
        guard case .pending = entries[index] else { preconditionFailure("a request was answered twice") }
        entries[index] = .ready(reply)
    }

    /// The next reply that may go out; the inner nil is a request without one.
    mutating func next() -> Reply?? {
        guard head < entries.count, case .ready(let reply) = entries[head] else { return nil }
        entries[head] = .pending
        head += 1
        first += 1
        if head == entries.count {
            entries.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 64, head * 2 > entries.count {
            entries.removeFirst(head)
            head = 0
        }
        return .some(reply)
    }
}
