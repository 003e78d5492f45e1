internal import ChangeModel

/// A batch that an idempotent producer wrote, as much of it as recognising it again takes.
struct ProducedBatch: Equatable, Sendable {
    let lastSequence: Int32
    let lastOffset: Offset
    /// The last record's place in the batch.
    let offsetDelta: Int32

    var baseOffset: Offset { Offset(rawValue: lastOffset.rawValue - Int64(offsetDelta)) }
    var firstSequence: Int32 { Self.sequence(lastSequence, advancedBy: -Int64(offsetDelta)) }

    /// Sequences count from 0 to 2³¹−1 and then from 0 again.
    static func sequence(_ sequence: Int32, advancedBy count: Int64) -> Int32 {
        let modulus = Int64(Int32.max) + 1
        let value = (Int64(sequence) + count) % modulus
        return Int32(value < 0 ? value + modulus : value)
    }
}
