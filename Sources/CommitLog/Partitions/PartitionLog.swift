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
    var producers: ProducerTable
    let epochs: LeaderEpochs
    /// Where there are snapshots of the producers.
    private var snapshots: [Offset]
    /// Whether bytes were written since the last sync.
    private var isDirty = false
    /// Whether everything is durable, indexes and producers included.
    private var isSealed: Bool
    /// The next offset when bytes were last made durable.
    private var synchronizedOffset: Offset

    init(
        id: TopicPartition, topicID: TopicID, folder: String, files: Files, configuration: TopicConfiguration,
        segments: [Segment<Files>], active: ActiveSegment<Files>, nextOffset: Offset, logStartOffset: Offset,
        producers: ProducerTable = ProducerTable(), epochs: LeaderEpochs = LeaderEpochs(), snapshots: [Offset] = [],
        isSealed: Bool = true
    ) {
        self.id = id
        self.topicID = topicID
        self.folder = folder
        self.files = files
        self.configuration = configuration
        self.segments = segments
        self.active = active
        self.nextOffset = nextOffset
        synchronizedOffset = nextOffset
        self.logStartOffset = logStartOffset
        self.producers = producers
        self.epochs = epochs
        self.snapshots = snapshots
        self.isSealed = isSealed
        view = PartitionView(id: id, state: .init(segments: segments, epochs: epochs))
        publish()
    }

    /// Where the partition stands, for the journal.
    var mark: PartitionMark {
        PartitionMark(
            topicID: topicID, partition: id.partition, logStartOffset: logStartOffset,
            segmentBaseOffset: active.baseOffset, position: active.position, endOffset: nextOffset)
    }

    var checkpoint: Checkpoint { Checkpoint(active: active, segments: segments, nextOffset: nextOffset) }

    /// Appends one batch, whose base offset must be ``nextOffset``.
    /// - Parameter now: milliseconds since 1970.
    func append(_ batch: Span<UInt8>, header: RecordBatchHeader, now: Int64) throws(StorageError) {
        let lastOffset = header.lastOffset
        if shouldRoll(for: Int64(batch.count), lastOffset: lastOffset, timestamp: header.maxTimestamp) { try roll() }
        isDirty = true
        isSealed = false
        try active.append(
            batch, lastOffset: lastOffset, maxTimestamp: header.maxTimestamp,
            indexInterval: configuration.indexIntervalBytes)
        nextOffset = lastOffset.advanced(by: 1)
        guard header.producerID >= 0 else { return }
        if let aborted = try Self.apply(header, batch, to: &producers, now: now) { try active.append(aborted) }
    }

    /// Takes a batch of a producer into the table of producers.
    static func apply(
        _ header: RecordBatchHeader, _ batch: Span<UInt8>, to producers: inout ProducerTable, now: Int64
    ) throws(StorageError) -> AbortedTransaction? {
        let marker: TransactionMarker?
        do throws(DecodeError) {
            marker = try TransactionMarker(parsing: batch, header: header)
        } catch {
            throw StorageError(.invalidBatch, "a control batch at offset \(header.baseOffset) is not valid: \(error)")
        }
        return producers.apply(header, marker: marker, now: now)
    }

    private func shouldRoll(for byteCount: Int64, lastOffset: Offset, timestamp: Int64) -> Bool {
        guard active.position > 0 else { return false }
        if active.position + byteCount > configuration.segmentBytes { return true }
        // Offsets within a segment are 32-bit numbers in its indexes.
        if lastOffset.rawValue - active.baseOffset.rawValue > Int64(Int32.max) { return true }
        if active.isIndexFull(byteCountMax: configuration.segmentIndexBytes) { return true }
        guard let first = active.firstTimestamp else { return false }
        return timestamp - first > configuration.segmentMilliseconds - jitter
    }

    /// By how much the active segment's time is shortened, so that segments of many partitions do not end all at once.
    private var jitter: Int64 {
        let most = configuration.segmentJitterMilliseconds
        guard most > 0 else { return 0 }
        let seed =
            UInt64(bitPattern: active.baseOffset.rawValue) &+ topicID.low &+ UInt64(UInt32(bitPattern: id.partition))
        return Int64((seed &* 0x9E37_79B9_7F4A_7C15) >> 1 % UInt64(most))
    }

    /// Seals the active segment and begins the next one.
    func roll() throws(StorageError) {
        try active.seal()
        try saveProducers()
        var next = try ActiveSegment(folder: folder, baseOffset: nextOffset, files: files)
        try next.clear()
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
        synchronizedOffset = nextOffset
    }

    /// Whether as many records wait for the disk as `flush.messages` lets wait.
    var isFlushDue: Bool {
        nextOffset.rawValue - synchronizedOffset.rawValue >= configuration.flushRecordCount
    }

    /// Makes the active segment and the producers durable.
    func seal() throws(StorageError) {
        guard !isSealed else { return }
        try active.seal()
        isDirty = false
        synchronizedOffset = nextOffset
        if try saveProducers() { try files.synchronizeDirectory(folder) }
        isSealed = true
    }

    /// Writes a snapshot of the producers, for recovery to begin from; the folder's names are not synced yet.
    /// - Returns: whether a file was written.
    @discardableResult
    private func saveProducers() throws(StorageError) -> Bool {
        guard !producers.isEmpty, snapshots.last != nextOffset else { return false }
        let path = ProducerSnapshot.path(folder, nextOffset)
        try LogLayout.replace(path, with: ProducerSnapshot.encode(producers), files: files)
        snapshots.append(nextOffset)
        return true
    }

    /// Removes snapshots that recovery cannot begin from any more, now that the journal's first entry has the present.
    func removeOldSnapshots() {
        for offset in snapshots where offset != nextOffset {
            try? files.remove(ProducerSnapshot.path(folder, offset))
        }
        snapshots.removeAll { $0 != nextOffset }
    }

    /// Undoes everything since the checkpoint.
    func restore(_ checkpoint: Checkpoint) throws(StorageError) {
        producers.rollBack()
        isSealed = false
        let begun = segments.dropFirst(checkpoint.segments.count)
        for segment in begun { try Segment<Files>.remove(segment.baseOffset, in: folder, files: files) }
        // Recovery takes the last segment that it finds for the one that commits went to.
        if !begun.isEmpty { try files.synchronizeDirectory(folder) }
        for offset in snapshots where offset > checkpoint.nextOffset {
            try files.remove(ProducerSnapshot.path(folder, offset))
        }
        snapshots.removeAll { $0 > checkpoint.nextOffset }
        segments = checkpoint.segments
        active = checkpoint.active
        nextOffset = checkpoint.nextOffset
        try active.restore()
    }

    /// Shows readers what has been committed.
    func publish() {
        producers.commit()
        let (segments, position, end, start) = (segments, active.position, nextOffset, logStartOffset)
        let (unstable, aborted) = (producers.firstUnstableOffset, active.aborted)
        let newest = active.maxTimestamp >= 0 ? (active.maxTimestamp, active.maxTimestampOffset) : nil
        view.publish { state in
            state.segments = segments
            state.activePosition = position
            state.highWatermark = end
            state.logStartOffset = start
            state.firstUnstableOffset = unstable
            state.activeAborted = aborted
            state.activeNewest = newest
        }
    }
}
