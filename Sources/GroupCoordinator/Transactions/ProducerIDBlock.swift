/// The producer ids that may be given out: a run that is reserved durably before its first use, so that none is given
/// out twice, whatever crashes.
struct ProducerIDBlock: Sendable {
    private(set) var next: Int64
    private(set) var limit: Int64
    var isReserving = false

    init(next: Int64) {
        self.next = next
        limit = next
    }

    var remaining: Int64 { limit - next }

    mutating func take() -> Int64? {
        guard next < limit else { return nil }
        defer { next += 1 }
        return next
    }

    mutating func reserved(below newLimit: Int64) { limit = max(limit, newLimit) }

    /// Never gives out `id`, which is found in use.
    mutating func skip(past id: Int64) {
        guard id >= next, id < Int64.max else { return }
        next = id + 1
        limit = max(limit, next)
    }
}
