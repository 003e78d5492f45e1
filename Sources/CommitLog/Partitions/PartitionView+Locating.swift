internal import ByteCoding
public import ChangeModel
internal import KafkaProtocol

extension PartitionView {
    /// Finds about `byteCountMax` bytes of batches from `offset` on, without reading them.
    ///
    /// It reads an index and a few headers: milliseconds at most when the disk must be asked.
    /// - Parameter atLeastOneBatch: gives the first batch even where it is larger than `byteCountMax`, so that a reader
    ///   always gets on; otherwise such a batch gives nothing.
    /// - Throws: ``StorageError/Code/offsetOutOfRange`` outside of earliest…latest.
    public func locate(
        from offset: Offset, byteCountMax: Int, isolation: ReadIsolation = .uncommitted, atLeastOneBatch: Bool = true
    ) throws(StorageError) -> LocatedRecords<Files> {
        do throws(StorageError) {
            return try locate(offset, byteCountMax, isolation, atLeastOneBatch, of: current())
        } catch {
            // Retention may have removed a file after the state was taken; the present one does not have it any more.
            guard error.code == .notFound else { throw error }
        }
        return try locate(offset, byteCountMax, isolation, atLeastOneBatch, of: current())
    }

    private func locate(
        _ offset: Offset, _ byteCountMax: Int, _ isolation: ReadIsolation, _ atLeastOneBatch: Bool, of state: State
    ) throws(StorageError) -> LocatedRecords<Files> {
        try requireInRange(offset, of: state)
        var slice: FileSlice<Files>?
        var aborted: [AbortedTransaction] = []
        let end = state.end(isolation)
        if offset < end, let place = try Self.place(of: offset, before: end, in: state) {
            let available = Int(clamping: place.limit - place.start)
            var count = min(available, max(0, byteCountMax))
            if count < available {
                var scratch = ByteBuffer(capacity: 64)
                let first = try place.segment.header(at: place.start, limit: place.limit, scratch: &scratch)
                let firstByteCount = first?.totalByteCount ?? available
                if count < firstByteCount { count = atLeastOneBatch ? firstByteCount : 0 }
            }
            if count > 0 {
                slice = FileSlice(file: try place.segment.open().log, position: place.start, byteCount: count)
                if isolation == .committed {
                    let bound = try place.segment.offsetBound(at: place.start + Int64(count))
                    let next =
                        place.number + 1 < state.segments.count ? state.segments[place.number + 1].baseOffset : end
                    aborted = try Self.abortedTransactions(from: offset, to: min(bound ?? next, end), in: state)
                }
            }
        }
        return LocatedRecords(
            slice: slice, highWatermark: state.highWatermark, lastStableOffset: state.lastStableOffset,
            logStartOffset: state.logStartOffset, abortedTransactions: aborted)
    }

    /// The aborted transactions that reach into `lower..<upper`, in the order of their markers.
    public func abortedTransactions(
        from lower: Offset, to upper: Offset
    ) throws(StorageError) -> [AbortedTransaction] {
        try Self.abortedTransactions(from: lower, to: upper, in: current())
    }

    static func abortedTransactions(
        from lower: Offset, to upper: Offset, in state: State
    ) throws(StorageError) -> [AbortedTransaction] {
        var found: [AbortedTransaction] = []
        for number in segmentIndex(holding: lower, in: state.segments)..<max(1, state.segments.count) {
            let isActive = number >= state.segments.count - 1
            let entries = isActive ? state.activeAborted : try state.segments[number].abortedTransactions()
            for entry in entries {
                if entry.lastOffset >= lower, entry.firstOffset < upper { found.append(entry) }
                if entry.lastStableOffset >= upper { return found }
            }
        }
        return found
    }
}
