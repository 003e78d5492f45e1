internal import ChangeModel
internal import KafkaProtocol

/// The producers of one partition: their last batches, epochs and open transactions.
///
/// A value that a batch is first held against (``admit(_:from:)``) and then applied to (``apply(_:marker:now:)``), live
/// and in recovery alike. Changes since the last ``commit()`` can be taken back. Batches without a producer id, which
/// are all that capture writes, never come here.
struct ProducerTable: Sendable {
    enum Admission: Equatable {
        case append
        /// The very batch is there; it was given this offset.
        case duplicate(baseOffset: Offset)
    }

    private(set) var states: [Int64: ProducerState] = [:]
    private var open: [Int64: Offset] = [:]
    /// The first offset of the oldest open transaction.
    private(set) var firstUnstableOffset: Offset?
    /// What a change replaced, newest last.
    private var former: [(id: Int64, state: ProducerState?)] = []

    var isEmpty: Bool { states.isEmpty }

    // MARK: Admission

    /// Holds a data batch against what its producer wrote before.
    func admit(_ header: RecordBatchHeader, from origin: AppendOrigin) throws(AppendError) -> Admission {
        let id = header.producerID
        let state = states[id]
        if let state, header.producerEpoch < state.epoch {
            throw .invalidProducerEpoch(
                "producer \(id) wrote with epoch \(header.producerEpoch) after epoch \(state.epoch)")
        }
        if case .client = origin, let batch = state?.batches.last(where: { Self.isSame($0, header, state) }) {
            return .duplicate(baseOffset: batch.baseOffset)
        }
        if case .client(let isVerified, _) = origin {
            if let state { try Self.checkSequence(header, state) }
            if header.isTransactional, !isVerified {
                guard let state, state.transactionStart != nil, state.epoch == header.producerEpoch else {
                    throw .invalidTransactionState(
                        "producer \(id) has not added the partition to its transaction")
                }
            }
        }
        if state?.transactionStart != nil, !header.isTransactional {
            throw .invalidTransactionState("producer \(id) has an open transaction and wrote outside of it")
        }
        return .append
    }

    private static func isSame(_ batch: ProducedBatch, _ header: RecordBatchHeader, _ state: ProducerState?) -> Bool {
        state?.epoch == header.producerEpoch && batch.offsetDelta == header.lastOffsetDelta
            && batch.firstSequence == header.baseSequence && batch.lastSequence >= 0
    }

    private static func checkSequence(_ header: RecordBatchHeader, _ state: ProducerState) throws(AppendError) {
        let expected: Int32
        if header.producerEpoch != state.epoch {
            expected = 0
        } else if let last = state.batches.last, last.lastSequence >= 0 {
            expected = ProducedBatch.sequence(last.lastSequence, advancedBy: 1)
        } else {
            expected = 0
        }
        guard header.baseSequence == expected else {
            throw .outOfOrderSequence(
                "producer \(header.producerID) sent sequence \(header.baseSequence) where \(expected) was next")
        }
    }

    /// Holds a transaction's marker against its producer and its coordinator.
    func admit(_ marker: TransactionMarker) throws(AppendError) {
        guard let state = states[marker.producerID] else { return }
        guard marker.producerEpoch >= state.epoch else {
            throw .invalidProducerEpoch(
                "a marker for producer \(marker.producerID) has epoch \(marker.producerEpoch), behind \(state.epoch)")
        }
        guard marker.coordinatorEpoch >= state.coordinatorEpoch else {
            throw .transactionCoordinatorFenced(
                "a marker for producer \(marker.producerID) has coordinator epoch \(marker.coordinatorEpoch), behind "
                    + "\(state.coordinatorEpoch)")
        }
    }

    // MARK: Changes

    /// Takes a batch in that has its place in the partition.
    /// - Parameters:
    ///   - marker: what the batch says where it is a control batch.
    ///   - now: milliseconds since 1970.
    /// - Returns: the transaction that the batch aborted, where it did.
    mutating func apply(
        _ header: RecordBatchHeader, marker: TransactionMarker?, now: Int64
    ) -> AbortedTransaction? {
        let id = header.producerID
        guard id >= 0, !header.isControl || marker != nil else { return nil }
        former.append((id, states[id]))
        var state = states.removeValue(forKey: id) ?? ProducerState(epoch: header.producerEpoch, lastTimestamp: now)
        state.take(epoch: header.producerEpoch)
        state.lastTimestamp = now
        defer { states[id] = state }
        guard let marker else {
            let last =
                header.baseSequence < 0
                ? -1 : ProducedBatch.sequence(header.baseSequence, advancedBy: Int64(header.lastOffsetDelta))
            state.note(
                ProducedBatch(lastSequence: last, lastOffset: header.lastOffset, offsetDelta: header.lastOffsetDelta))
            if header.isTransactional, state.transactionStart == nil {
                state.transactionStart = header.baseOffset
                begin(id, at: header.baseOffset)
            }
            return nil
        }
        state.coordinatorEpoch = marker.coordinatorEpoch
        guard let first = state.transactionStart else { return nil }
        state.transactionStart = nil
        end(id)
        guard !marker.isCommit else { return nil }
        return AbortedTransaction(
            producerID: id, firstOffset: first, lastOffset: header.lastOffset,
            lastStableOffset: firstUnstableOffset ?? header.lastOffset.advanced(by: 1))
    }

    private mutating func begin(_ id: Int64, at offset: Offset) {
        open[id] = offset
        if firstUnstableOffset == nil { firstUnstableOffset = offset }
    }

    private mutating func end(_ id: Int64) {
        guard let offset = open.removeValue(forKey: id), offset == firstUnstableOffset else { return }
        firstUnstableOffset = open.values.min()
    }

    /// Makes the changes since the last time final.
    mutating func commit() {
        if !former.isEmpty { former.removeAll(keepingCapacity: former.count < 1000) }
    }

    /// Takes the changes since the last ``commit()`` back.
    mutating func rollBack() {
        guard !former.isEmpty else { return }
        for (id, state) in former.reversed() { states[id] = state }
        former.removeAll()
        restoreOpen()
    }

    private mutating func restoreOpen() {
        open = states.compactMapValues(\.transactionStart)
        firstUnstableOffset = open.values.min()
    }

    /// Forgets producers that have written nothing since `time` and have no transaction open.
    mutating func expire(before time: Int64) {
        let stale = states.filter { $0.value.transactionStart == nil && $0.value.lastTimestamp < time }
        for id in stale.keys { states[id] = nil }
    }

    /// Takes a state in that a snapshot holds; the newest batch of a producer comes last.
    mutating func restore(_ id: Int64, _ state: ProducerState) {
        var state = state
        if let known = states[id], known.epoch == state.epoch {
            state.batches = (known.batches + state.batches).suffix(ProducerState.batchCountMax)
        }
        states[id] = state
        guard let start = state.transactionStart else { return }
        open[id] = start
        firstUnstableOffset = min(firstUnstableOffset ?? start, start)
    }

    /// For DescribeProducers, by id.
    var activeProducers: [ActiveProducer] {
        states.map { id, state in
            ActiveProducer(
                id: id, epoch: state.epoch, lastSequence: state.batches.last?.lastSequence ?? -1,
                lastTimestamp: state.lastTimestamp, coordinatorEpoch: state.coordinatorEpoch,
                transactionStartOffset: state.transactionStart)
        }.sorted { $0.id < $1.id }
    }
}
