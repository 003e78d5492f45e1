public import ByteCoding
public import ChangeModel

/// Batches for any number of partitions that become durable and visible together.
///
/// One owner at a time: the caller fills it, the log has it from `enqueue` until it calls `completion`.
public final class CommitRequest: @unchecked Sendable {
    public struct Batch: Sendable {
        public let partition: TopicPartition
        /// Where the batch stands in ``CommitRequest/buffer``.
        public let bytes: Range<Int>
        /// The offset of its first record, once committed.
        public internal(set) var baseOffset = Offset.zero
    }

    /// Whole record batches one after another; the log sets their base offsets in place.
    public var buffer: ByteBuffer
    public private(set) var batches: [Batch] = []
    /// Requests that must be committed in order or not at all: once one fails, so do those behind it.
    public var lane: CommitLane?
    /// Called once, on the log's thread, which it must not hold up.
    public var completion: (@Sendable (Result<Void, StorageError>) -> Void)?

    public init() { buffer = ByteBuffer() }

    /// Says that `bytes` of ``buffer`` are one batch for `partition`.
    public func add(_ bytes: Range<Int>, for partition: TopicPartition) {
        batches.append(Batch(partition: partition, bytes: bytes))
    }

    /// Forgets everything and keeps the memory.
    public func removeAll() {
        buffer.removeAll()
        batches.removeAll(keepingCapacity: true)
        lane = nil
        completion = nil
    }

    func setBaseOffset(_ offset: Offset, ofBatch index: Int) {
        batches[index].baseOffset = offset
    }
}
