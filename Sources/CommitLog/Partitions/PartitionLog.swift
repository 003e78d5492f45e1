internal import ByteCoding
internal import ChangeModel
internal import KafkaProtocol

/// The writer's side of a partition. Owned by the thread that commits.
final class PartitionLog<Files: FileSystem> {
    struct Checkpoint {
        let active: ActiveSegment<Files>
        let segments: [Segment<Files>]
        let nextOffset: Offset
    }

    let id: TopicPartition
    let topicID: TopicID
    let folder: String
    let files: Files
    let view: PartitionView<Files>
    var configuration: TopicConfiguration
    var segments: [Segment<Files>]
    private(set) var active: ActiveSegment<Files>
    private(set) var nextOffset: Offset
    var logStartOffset: Offset
    /// Whether bytes were written since the last sync.
    private var isDirty = false

    init(
        id: TopicPartition, topicID: TopicID, folder: String, files: Files, configuration: TopicConfiguration,
        segments: [Segment<Files>], active: ActiveSegment<Files>, nextOffset: Offset, logStartOffset: Offset
    ) {
        self.id = id
        self.topicID = topicID
        self.folder = folder
        self.files = files
        self.configuration = configuration
        self.segments = segments
        self.active = active
        self.nextOffset = nextOffset
        self.logStartOffset = logStartOffset
        view = PartitionView(
            id: id,
            state: .init(
                segments: segments, activePosition: active.position, highWatermark: nextOffset,
                logStartOffset: logStartOffset))
    }

    /// Where the partition stands, for the journal.
    var mark: PartitionMark {
        PartitionMark(
            topicID: topicID, partition: id.partition, logStartOffset: logStartOffset,
            segmentBaseOffset: active.baseOffset, position: active.position, endOffset: nextOffset)
    }

    var checkpoint: Checkpoint { Checkpoint(active: active, segments: segments, nextOffset: nextOffset) }

    /// Appends one batch, whose base offset must be ``nextOffset``.
    func append(_ batch: Span<UInt8>, lastOffsetDelta: Int32, maxTimestamp: Int64) throws(StorageError) {
        let lastOffset = nextOffset.advanced(by: Int(lastOffsetDelta))
        if shouldRoll(for: Int64(batch.count), lastOffset: lastOffset, timestamp: maxTimestamp) { try roll() }
        isDirty = true
        try active.append(
            batch, lastOffset: lastOffset, maxTimestamp: maxTimestamp,
            indexInterval: configuration.indexIntervalBytes)
        nextOffset = lastOffset.advanced(by: 1)
    }

    private func shouldRoll(for byteCount: Int64, lastOffset: Offset, timestamp: Int64) -> Bool {
        guard active.position > 0 else { return false }
        if active.position + byteCount > configuration.segmentBytes { return true }
        // Offsets within a segment are 32-bit numbers in its indexes.
        if lastOffset.rawValue - active.baseOffset.rawValue > Int64(Int32.max) { return true }
        if let first = active.firstTimestamp, timestamp - first > configuration.segmentMilliseconds { return true }
        return false
    }

    /// Seals the active segment and begins the next one.
    func roll() throws(StorageError) {
        try active.seal()
        let next = try ActiveSegment(folder: folder, baseOffset: nextOffset, files: files)
        try next.log.truncate(to: 0)
        try next.index.truncate(to: 0)
        try next.timeIndex.truncate(to: 0)
        try files.synchronizeDirectory(folder)
        active = next
        segments.append(Self.segment(of: next, folder: folder, files: files))
    }

    static func segment(of active: ActiveSegment<Files>, folder: String, files: Files) -> Segment<Files> {
        Segment(
            files: files, folder: folder, baseOffset: active.baseOffset,
            opened: .init(log: active.log, index: active.index, timeIndex: active.timeIndex))
    }

    func synchronize() throws(StorageError) {
        guard isDirty else { return }
        try active.log.synchronize()
        isDirty = false
    }

    func seal() throws(StorageError) {
        try active.seal()
        isDirty = false
    }

    /// Undoes everything since the checkpoint.
    func restore(_ checkpoint: Checkpoint) throws(StorageError) {
        for segment in segments.dropFirst(checkpoint.segments.count) {
            for suffix in [".log", ".index", ".timeindex"] {
                try files.remove(Segment<Files>.path(folder, segment.baseOffset, suffix))
            }
        }
        segments = checkpoint.segments
        active = checkpoint.active
        nextOffset = checkpoint.nextOffset
        try active.restore()
    }

    /// Shows readers what has been committed.
    func publish() {
        let (segments, position, end, start) = (segments, active.position, nextOffset, logStartOffset)
        view.publish { state in
            state.segments = segments
            state.activePosition = position
            state.highWatermark = end
            state.logStartOffset = start
        }
    }
}
