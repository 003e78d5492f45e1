public import ByteCoding
public import ChangeModel
public import KafkaProtocol

/// Batches for any number of partitions that become durable and visible together.
///
/// One owner at a time: the caller fills it, the log has it from `enqueue` until it calls `completion`.
public final class CommitRequest: @unchecked Sendable {
    public struct Batch: Sendable {
        public let partition: TopicPartition
        /// Where the batch stands in ``CommitRequest/buffer``.
        public let bytes: Range<Int>
        public let origin: AppendOrigin
        /// The offset of its first record, once committed.
        public internal(set) var baseOffset = Offset.zero
        /// Whether the producer sent the very batch before; it is not written again.
        var isDuplicate = false
    }

    /// Whole record batches one after another; the log sets their base offsets in place.
    public var buffer: ByteBuffer
    public private(set) var batches: [Batch] = []
    /// Requests that must be committed in order or not at all: once one fails, so do those behind it.
    public var lane: CommitLane?
    /// Called once, on the log's thread, which it must not hold up.
    public var completion: (@Sendable (Result<Void, StorageError>) -> Void)?
    /// The same for a client's single batch, in place of ``completion``.
    var appendCompletion: (@Sendable (Result<AppendOutcome, AppendError>) -> Void)?
    /// The time that the records were given, in milliseconds since 1970; -1 where they keep their own.
    var logAppendTime: Int64 = -1

    public init() { buffer = ByteBuffer() }

    init(buffer: consuming ByteBuffer) { self.buffer = buffer }

    /// Says that `bytes` of ``buffer`` are one batch for `partition`.
    ///
    /// With ``AppendOrigin/coordinator`` a batch may carry a producer id, and then counts for that producer's epoch and
    /// transaction; one that the partition's state does not allow fails the whole request. Batches of clients go through
    /// `CommitLog.append` instead, which checks them.
    public func add(_ bytes: Range<Int>, for partition: TopicPartition, origin: AppendOrigin = .source) {
        batches.append(Batch(partition: partition, bytes: bytes, origin: origin))
    }

    /// Adds the end of a producer's transaction in `partition`.
    /// - Parameter timestamp: milliseconds since 1970.
    public func add(_ marker: TransactionMarker, timestamp: Int64, for partition: TopicPartition) {
        let start = buffer.count
        marker.appendBatch(timestamp: timestamp, into: &buffer)
        add(start..<buffer.count, for: partition, origin: .coordinator)
    }

    /// Forgets everything and keeps the memory.
    public func removeAll() {
        buffer.removeAll()
        batches.removeAll(keepingCapacity: true)
        lane = nil
        completion = nil
        appendCompletion = nil
        logAppendTime = -1
    }

    /// Answers with a failure, and with it every later request of the lane.
    func fail(_ error: StorageError) {
        if let lane, lane.failure == nil { lane.failure = error }
        completion?(.failure(error))
        appendCompletion?(.failure(AppendError(error)))
    }

    /// Answers with what Kafka's producers are told.
    func refuse(_ error: AppendError) {
        let inOwnTerms = StorageError(error)
        if let lane, lane.failure == nil { lane.failure = inOwnTerms }
        completion?(.failure(inOwnTerms))
        appendCompletion?(.failure(error))
    }

    func succeed(logStartOffset: () -> Offset) {
        completion?(.success(()))
        guard let appendCompletion, let batch = batches.first else { return }
        appendCompletion(
            .success(
                AppendOutcome(
                    baseOffset: batch.baseOffset, logAppendTime: logAppendTime, logStartOffset: logStartOffset(),
                    isDuplicate: batch.isDuplicate)))
    }

    func setBaseOffset(_ offset: Offset, ofBatch index: Int, isDuplicate: Bool = false) {
        batches[index].baseOffset = offset
        batches[index].isDuplicate = isDuplicate
    }
}
