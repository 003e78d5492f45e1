internal import ByteCoding
internal import ChangeModel
internal import KafkaProtocol

/// What a partition's folder holds when the log is opened, and how it is cut back to a commit.
struct PartitionRecovery<Files: FileSystem> {
    let id: TopicPartition
    let topic: TopicDescription
    let folder: String
    let files: Files
    let isClean: Bool
    private let baseOffsets: [Offset]
    /// Where the partition stood when the commit journal was begun: all before it was durable then.
    private let trusted: PartitionMark?
    /// The last segment's valid end; nil after a clean shutdown, where nothing needs to be checked.
    private let checkedEnd: Int64?

    var key: PartitionKey { PartitionKey(topicID: topic.id, partition: id.partition) }

    init(
        id: TopicPartition, topic: TopicDescription, directory: String, files: Files, isClean: Bool,
        trusted: PartitionMark?
    ) throws {
        self.id = id
        self.topic = topic
        self.files = files
        self.isClean = isClean
        self.trusted = trusted
        folder = "\(directory)/\(id)"
        try files.createDirectory(folder)
        baseOffsets = try Segment<Files>.baseOffsets(in: folder, files: files)
        if !isClean, let last = baseOffsets.last {
            let log = try files.open(Segment<Files>.path(folder, last, ".log"), .read)
            let held = try log.byteCount()
            if let trusted, trusted.segmentBaseOffset == last {
                checkedEnd =
                    held < trusted.position
                    ? held
                    : try SegmentScan.run(log, from: trusted.position, limit: held, first: trusted.endOffset) {
                        _, _, _ in
                    }
            } else {
                checkedEnd = try SegmentScan.run(log, limit: held, first: last) { _, _, _ in }
            }
        } else {
            checkedEnd = nil
        }
    }

    /// Whether the data that `mark` speaks of is there.
    func bears(_ mark: PartitionMark) -> Bool {
        guard let last = baseOffsets.last else { return mark.position == 0 && mark.endOffset == .zero }
        if mark.segmentBaseOffset == last, let checkedEnd { return mark.position <= checkedEnd }
        guard baseOffsets.contains(mark.segmentBaseOffset) else {
            // Retention may have taken a segment since, when newer marks stand beyond it.
            return mark.segmentBaseOffset < last
        }
        return true
    }

    /// Cuts the partition back to `mark`, or to nothing where the journal never spoke of it.
    func restore(
        to mark: PartitionMark?, options: LogOptions, report: inout RecoveryReport
    ) throws -> PartitionLog<Files> {
        let base = mark?.segmentBaseOffset ?? baseOffsets.first ?? .zero
        let end = mark?.position ?? 0
        var hasNewNames = baseOffsets.isEmpty
        for offset in baseOffsets where offset > base {
            hasNewNames = true
            let log = try files.open(Segment<Files>.path(folder, offset, ".log"), .read)
            report.truncatedByteCount += try log.byteCount()
            try Segment<Files>.remove(offset, in: folder, files: files)
        }
        for name in try files.names(in: folder)
        where name.hasSuffix(".cleaned") || name.hasSuffix(".deleted") || name.hasSuffix(".new") {
            try files.remove("\(folder)/\(name)")
            hasNewNames = true
        }
        var active = try ActiveSegment(folder: folder, baseOffset: base, files: files)
        let held = try active.log.byteCount()
        guard held >= end else {
            throw StorageError(
                .corrupt,
                "'\(Segment<Files>.path(folder, base, ".log"))' has \(held) bytes where \(end) were committed")
        }
        report.truncatedByteCount += held - end
        let endOffset = mark?.endOffset ?? base
        let producers = try mend(&active, mark: mark, held: held, now: options.now())
        var epochs = try LeaderEpochs.load(folder: folder, files: files)
        // Under the `commit` policy nobody has read what a crash takes; under the others somebody may have.
        let losesNothing = options.flush == .commit && options.clientFlush ?? .commit == .commit
        if !isClean, endOffset > .zero, !losesNothing || report.discardedCommitCount > 0 {
            epochs.begin(at: endOffset)
            try epochs.write(folder: folder, files: files)
            hasNewNames = true
        }
        var snapshots = try ProducerSnapshot.offsets(in: folder, files: files)
        for offset in snapshots where offset > endOffset {
            try files.remove(ProducerSnapshot.path(folder, offset))
            hasNewNames = true
        }
        snapshots.removeAll { $0 > endOffset }
        // A sync costs milliseconds, and most partitions of a log have not been touched since it was durable.
        let isUntouched = held == end && !active.wasCut && (isClean || isTrusted(mark))
        if hasNewNames || !isUntouched { try files.synchronizeDirectory(folder) }
        var segments = try sealedSegments(before: base)
        segments.append(PartitionLog.segment(of: active, folder: folder, files: files))
        let log = PartitionLog(
            id: id, topicID: topic.id, folder: folder, files: files, configuration: topic.configuration,
            segments: segments, active: active, nextOffset: endOffset,
            logStartOffset: max(mark?.logStartOffset ?? base, segments[0].baseOffset), producers: producers,
            epochs: epochs, snapshots: snapshots, isSealed: isUntouched)
        // The next journal begins with where the partition stands now, and recovery from it with the producers as they
        // are now.
        try log.seal()
        return log
    }

    /// Whether nothing has been committed since the commit journal was begun.
    private func isTrusted(_ mark: PartitionMark?) -> Bool {
        guard let mark else { return true }
        return trusted?.segmentBaseOffset == mark.segmentBaseOffset && trusted?.position == mark.position
            && trusted?.endOffset == mark.endOffset
    }

    /// Brings the active segment to where `mark` has its end, and the producers with it.
    private func mend(
        _ active: inout ActiveSegment<Files>, mark: PartitionMark?, held: Int64, now: Int64
    ) throws -> ProducerTable {
        let base = active.baseOffset
        let end = mark?.position ?? 0
        let endOffset = mark?.endOffset ?? base
        if isClean, held == end, let producers = try producers(at: endOffset) {
            try active.adopt(position: end, endOffset: endOffset)
            return producers
        }
        let interval = topic.configuration.indexIntervalBytes
        var producers = ProducerTable()
        let replay: ActiveSegment<Files>.Replay = { header, batch in
            guard header.producerID >= 0 else { return nil }
            return try PartitionLog<Files>.apply(header, batch, to: &producers, now: now)
        }
        if let trusted, trusted.segmentBaseOffset == base, trusted.position <= end,
            let start = try self.producers(at: trusted.endOffset)
        {
            producers = start
            try active.resume(from: trusted, to: end, indexInterval: interval, replay: replay)
        } else {
            producers = try self.producers(at: base) ?? replayed(before: base, now: now)
            try active.rebuild(to: end, indexInterval: interval, replay: replay)
        }
        guard active.position == end else {
            throw StorageError(
                .corrupt,
                "'\(Segment<Files>.path(folder, base, ".log"))' is damaged at byte \(active.position), before the "
                    + "\(end) bytes that were committed")
        }
        producers.commit()
        return producers
    }

    /// The producers as they were when `offset` was the next to be written, which must be where a segment or a journal
    /// began, or a clean shutdown was made: where there is no snapshot there were none. nil when the snapshot is damaged.
    private func producers(at offset: Offset) throws(StorageError) -> ProducerTable? {
        let path = ProducerSnapshot.path(folder, offset)
        guard files.exists(path) else { return ProducerTable() }
        do throws(StorageError) {
            return try ProducerSnapshot.decode(try LogLayout.read(path, files: files), path: path)
        } catch {
            guard error.code == .corrupt else { throw error }
            return nil
        }
    }

    /// The producers by the batches of all segments before `base`: what is left when a snapshot is damaged.
    private func replayed(before base: Offset, now: Int64) throws -> ProducerTable {
        var producers = ProducerTable()
        for offset in baseOffsets where offset < base {
            let log = try files.open(Segment<Files>.path(folder, offset, ".log"), .read)
            _ = try SegmentScan.run(log, limit: try log.byteCount(), first: offset, allowsGaps: true) {
                header, _, batch in
                guard header.producerID >= 0 else { return }
                _ = try PartitionLog<Files>.apply(header, batch, to: &producers, now: now)
            }
        }
        producers.commit()
        return producers
    }

    /// The segments before the active one, mended where a crash cut a compaction's last step short: a segment whose
    /// records an earlier one has is removed, and indexes that are missing are made anew.
    private func sealedSegments(before base: Offset) throws -> [Segment<Files>] {
        var segments: [Segment<Files>] = []
        var lastOffset: Offset?
        for offset in baseOffsets where offset < base {
            if let lastOffset, offset <= lastOffset {
                try Segment<Files>.remove(offset, in: folder, files: files)
                continue
            }
            let hasIndexes =
                files.exists(Segment<Files>.path(folder, offset, ".index"))
                && files.exists(Segment<Files>.path(folder, offset, ".timeindex"))
            if !hasIndexes {
                var segment = try ActiveSegment(folder: folder, baseOffset: offset, files: files)
                try segment.rebuild(
                    to: try segment.log.byteCount(), indexInterval: topic.configuration.indexIntervalBytes,
                    allowsGaps: true, replay: nil)
                try segment.seal()
            }
            let segment = Segment(files: files, folder: folder, baseOffset: offset)
            if !isClean, topic.configuration.isCompacted { lastOffset = try segment.lastOffset() ?? lastOffset }
            segments.append(segment)
        }
        return segments
    }
}
