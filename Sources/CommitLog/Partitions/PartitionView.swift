internal import ByteCoding
public import ChangeModel
public import KafkaProtocol
internal import Synchronization

/// What readers see of a partition: its committed part. Safe on any thread; a reader takes the state under a lock for a
/// few instructions and reads files without it, so it never holds the writer up.
public final class PartitionView<Files: FileSystem>: Sendable {
    struct State: Sendable {
        var segments: [Segment<Files>] = []
        /// How many bytes of the last segment are committed.
        var activePosition: Int64 = 0
        var highWatermark: Offset = .zero
        var logStartOffset: Offset = .zero
        /// Where the oldest open transaction begins.
        var firstUnstableOffset: Offset?
        /// The aborted transactions of the last segment; those of the others stand in their files.
        var activeAborted: [AbortedTransaction] = []
        /// The newest timestamp of the last segment, and the last offset of the first batch that has it.
        var activeNewest: (timestamp: Int64, offset: Offset)?
        var epochs = LeaderEpochs()

        init(segments: [Segment<Files>] = [], epochs: LeaderEpochs = LeaderEpochs()) {
            self.segments = segments
            self.epochs = epochs
        }

        var lastStableOffset: Offset { min(firstUnstableOffset ?? highWatermark, highWatermark) }

        func end(_ isolation: ReadIsolation) -> Offset {
            isolation == .committed ? lastStableOffset : highWatermark
        }

        /// How many bytes of a segment are committed.
        func limit(ofSegment number: Int) throws(StorageError) -> Int64 {
            number == segments.count - 1 ? activePosition : try segments[number].open().log.byteCount()
        }
    }

    public let id: TopicPartition
    private let state: Mutex<State>

    init(id: TopicPartition, state: State) {
        self.id = id
        self.state = Mutex(state)
    }

    func publish(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }

    func current() -> State { state.withLock { $0 } }

    /// The first offset that can be read.
    public var earliestOffset: Offset { state.withLock { $0.logStartOffset } }
    /// The high watermark: the next offset to be committed.
    public var latestOffset: Offset { state.withLock { $0.highWatermark } }
    /// Up to where every transaction is decided: what a reader of committed records sees as the end.
    public var lastStableOffset: Offset { state.withLock { $0.lastStableOffset } }
    /// The epoch that writes now.
    public var leaderEpoch: Int32 { state.withLock { $0.epochs.current } }

    /// Where the newest epoch that is not above `epoch` ended, and which that was; nil for one that is not known yet.
    public func endOffset(ofEpoch epoch: Int32) -> (epoch: Int32, offset: Offset)? {
        state.withLock { $0.epochs.end(of: epoch, endOffset: $0.highWatermark) }
    }

    /// Where each segment begins, ascending.
    public var segmentBaseOffsets: [Offset] { state.withLock { $0.segments.map(\.baseOffset) } }

    /// How many bytes of batches the partition has on disk.
    public func byteCount() throws(StorageError) -> Int64 {
        let state = current()
        var sum: Int64 = 0
        for number in state.segments.indices { sum += try state.limit(ofSegment: number) }
        return sum
    }

    /// Whole committed batches from `offset` on, at least one where there is any, else about `byteCountMax` bytes of
    /// them.
    /// - Throws: ``StorageError/Code/offsetOutOfRange`` outside of earliest…latest.
    public func read(
        from offset: Offset, byteCountMax: Int, isolation: ReadIsolation = .uncommitted
    ) throws(StorageError) -> RecordSlice {
        do throws(StorageError) {
            return try read(from: offset, byteCountMax: byteCountMax, isolation, of: current())
        } catch {
            // Retention may have removed a file after the state was taken; the present one does not have it any more.
            guard error.code == .notFound else { throw error }
        }
        return try read(from: offset, byteCountMax: byteCountMax, isolation, of: current())
    }

    private func read(
        from offset: Offset, byteCountMax: Int, _ isolation: ReadIsolation, of state: State
    ) throws(StorageError) -> RecordSlice {
        try requireInRange(offset, of: state)
        var slice = RecordSlice(
            bytes: ByteBuffer(capacity: 16), nextOffset: offset, highWatermark: state.highWatermark,
            logStartOffset: state.logStartOffset)
        let end = state.end(isolation)
        guard offset < end else { return slice }
        guard let place = try Self.place(of: offset, before: end, in: state) else {
            slice.nextOffset = end
            return slice
        }
        try Self.readBatches(
            place.segment, from: place.start, limit: place.limit, byteCountMax: byteCountMax, into: &slice)
        return slice
    }

    func requireInRange(_ offset: Offset, of state: State) throws(StorageError) {
        guard offset >= state.logStartOffset, offset <= state.highWatermark else {
            throw StorageError(
                .offsetOutOfRange,
                "offset \(offset) of \(id) is outside of \(state.logStartOffset)..\(state.highWatermark)",
                availableOffsets: state.logStartOffset..<max(state.logStartOffset, state.highWatermark))
        }
    }

    struct Place {
        let number: Int
        let segment: Segment<Files>
        /// Where the batch that holds the offset, or the next one that there is, begins.
        let start: Int64
        /// Where reading must stop within this segment.
        let limit: Int64
    }

    /// Where to read from; nil where nothing is left between `offset` and `end`.
    static func place(of offset: Offset, before end: Offset, in state: State) throws(StorageError) -> Place? {
        var scratch = ByteBuffer(capacity: 64)
        var number = segmentIndex(holding: offset, in: state.segments)
        while number < state.segments.count, state.segments[number].baseOffset < end {
            let segment = state.segments[number]
            var limit = try state.limit(ofSegment: number)
            if let start = try position(of: offset, in: segment, limit: limit, scratch: &scratch) {
                if end < state.highWatermark {
                    limit = try position(of: end, in: segment, limit: limit, scratch: &scratch) ?? limit
                }
                return start < limit ? Place(number: number, segment: segment, start: start, limit: limit) : nil
            }
            // Compaction may have taken everything between here and the next segment.
            number += 1
        }
        return nil
    }

    /// The offset of the first record whose timestamp is `timestamp` (milliseconds since 1970) or later, or nil.
    public func offset(atOrAfter timestamp: Int64, codec: any BatchCodec) throws(StorageError) -> Offset? {
        try record(atOrAfter: timestamp, codec: codec)?.offset
    }

    /// The first record whose timestamp is `timestamp` (milliseconds since 1970) or later, or nil.
    public func record(
        atOrAfter timestamp: Int64, codec: any BatchCodec
    ) throws(StorageError) -> (offset: Offset, timestamp: Int64)? {
        let state = current()
        var scratch = ByteBuffer(capacity: 64)
        for (number, segment) in state.segments.enumerated() {
            let isActive = number == state.segments.count - 1
            let limit = try state.limit(ofSegment: number)
            var position = try startPosition(for: timestamp, in: segment, isActive: isActive, limit: limit)
            while let header = try position.flatMapThrowing({ at throws(StorageError) in
                try segment.header(at: at, limit: limit, scratch: &scratch)
            }) {
                let at = position ?? 0
                if header.maxTimestamp >= timestamp, header.lastOffset >= state.logStartOffset {
                    var batch = ByteBuffer(capacity: header.totalByteCount)
                    try segment.open().log.read(at: at, count: header.totalByteCount, into: &batch)
                    if let found = try Self.firstRecord(
                        in: batch.span, atOrAfter: timestamp, notBefore: state.logStartOffset, codec: codec)
                    {
                        return found
                    }
                }
                position = at + Int64(header.totalByteCount)
            }
        }
        return nil
    }

    /// The first of the records with the greatest timestamp, or nil where there are none.
    public func newestRecord(codec: any BatchCodec) throws(StorageError) -> (offset: Offset, timestamp: Int64)? {
        let state = current()
        var newest = state.activeNewest
        for segment in state.segments.dropLast().reversed() {
            if let found = try segment.newest(), found.timestamp >= newest?.timestamp ?? .min { newest = found }
        }
        guard let newest, newest.offset >= state.logStartOffset,
            let place = try Self.place(of: newest.offset, before: state.highWatermark, in: state)
        else { return nil }
        var scratch = ByteBuffer(capacity: 64)
        guard let header = try place.segment.header(at: place.start, limit: place.limit, scratch: &scratch) else {
            return nil
        }
        var batch = ByteBuffer(capacity: header.totalByteCount)
        try place.segment.open().log.read(at: place.start, count: header.totalByteCount, into: &batch)
        return try Self.firstRecord(
            in: batch.span, atOrAfter: newest.timestamp, notBefore: state.logStartOffset, codec: codec)
    }

    /// Where to begin looking for a timestamp, or nil when the segment has nothing that late.
    private func startPosition(
        for timestamp: Int64, in segment: Segment<Files>, isActive: Bool, limit: Int64
    ) throws(StorageError) -> Int64? {
        guard let index = try segment.open().timeIndex else { return 0 }
        let count = try index.byteCount() / 12
        var buffer = ByteBuffer(capacity: 16)
        var low: Int64 = 0
        var high = count
        var lastBefore: Int32?
        while low < high {
            let middle = (low + high) / 2
            buffer.removeAll()
            try index.read(at: middle * 12, count: 12, into: &buffer)
            guard let entry = Segment<Files>.timeIndexEntry(buffer.span) else { return 0 }
            if entry.timestamp < timestamp {
                lastBefore = entry.relativeOffset
                low = middle + 1
            } else {
                high = middle
            }
        }
        // A sealed segment's last entry has its newest timestamp.
        if low == count, count > 0, !isActive { return nil }
        guard let lastBefore else { return 0 }
        return try segment.position(
            before: Offset(rawValue: segment.baseOffset.rawValue + Int64(lastBefore)), limit: limit)
    }

    private static func firstRecord(
        in batch: Span<UInt8>, atOrAfter timestamp: Int64, notBefore logStart: Offset, codec: any BatchCodec
    ) throws(StorageError) -> (offset: Offset, timestamp: Int64)? {
        do {
            var found: (offset: Offset, timestamp: Int64)?
            try RecordBatches.forEachRecord(in: batch, codec: codec) { record in
                if found == nil, record.timestamp >= timestamp, record.offset >= logStart {
                    found = (record.offset, record.timestamp)
                }
            }
            return found
        } catch {
            throw StorageError(.corrupt, "a record batch cannot be read: \(error)")
        }
    }

    /// The last segment whose base offset is not behind `offset`.
    static func segmentIndex(holding offset: Offset, in segments: [Segment<Files>]) -> Int {
        var low = 0
        var high = segments.count
        while low < high {
            let middle = (low + high) / 2
            if segments[middle].baseOffset <= offset { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }

    /// The position of the first batch that ends at or behind `offset`.
    private static func position(
        of offset: Offset, in segment: Segment<Files>, limit: Int64, scratch: inout ByteBuffer
    ) throws(StorageError) -> Int64? {
        var position = try segment.position(before: offset, limit: limit)
        while let header = try segment.header(at: position, limit: limit, scratch: &scratch) {
            if header.lastOffset >= offset { return position }
            position += Int64(header.totalByteCount)
        }
        return nil
    }

    private static func readBatches(
        _ segment: Segment<Files>, from start: Int64, limit: Int64, byteCountMax: Int, into slice: inout RecordSlice
    ) throws(StorageError) {
        let log = try segment.open().log
        let wanted = Int(min(limit - start, Int64(max(byteCountMax, RecordBatchHeader.byteCount))))
        var bytes = ByteBuffer(capacity: wanted)
        try log.read(at: start, count: wanted, into: &bytes)
        var end = 0
        var nextOffset = slice.nextOffset
        while end < bytes.count {
            guard let header = try? RecordBatchHeader(parsing: bytes.span.extracting(end..<bytes.count)) else { break }
            if header.totalByteCount > bytes.count - end {
                guard end == 0 else { break }
                // One batch is always given, however large, or a reader with a small buffer would never move on.
                let have = bytes.count
                guard start + Int64(header.totalByteCount) <= limit else { break }
                try log.read(at: start + Int64(have), count: header.totalByteCount - have, into: &bytes)
                guard bytes.count == header.totalByteCount else { break }
            }
            end += header.totalByteCount
            nextOffset = header.lastOffset.advanced(by: 1)
        }
        bytes.truncate(to: end)
        slice.nextOffset = nextOffset
        slice.bytes = bytes
        guard end > 0 else {
            throw StorageError(
                .corrupt,
                "no record batch at byte \(start) of '\(Segment<Files>.path(segment.folder, segment.baseOffset, ".log"))'"
            )
        }
    }
}

extension Optional {
    fileprivate func flatMapThrowing<Result>(
        _ body: (Wrapped) throws(StorageError) -> Result?
    ) throws(StorageError) -> Result? {
        guard let self else { return nil }
        return try body(self)
    }
}
