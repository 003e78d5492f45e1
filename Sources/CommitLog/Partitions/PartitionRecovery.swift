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
                    : try SegmentScan.run(log, from: trusted.position, limit: held, first: trusted.endOffset) { _, _ in
                    }
            } else {
                checkedEnd = try SegmentScan.run(log, limit: held, first: last) { _, _ in }
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
    func restore(to mark: PartitionMark?, report: inout RecoveryReport) throws -> PartitionLog<Files> {
        let base = mark?.segmentBaseOffset ?? baseOffsets.first ?? .zero
        let end = mark?.position ?? 0
        for offset in baseOffsets where offset > base {
            let log = try files.open(Segment<Files>.path(folder, offset, ".log"), .read)
            report.truncatedByteCount += try log.byteCount()
            for suffix in [".log", ".index", ".timeindex"] {
                try files.remove(Segment<Files>.path(folder, offset, suffix))
            }
        }
        for name in try files.names(in: folder)
        where name.hasSuffix(".cleaned") || name.hasSuffix(".deleted") || name.hasSuffix(".new") {
            try files.remove("\(folder)/\(name)")
        }
        var active = try ActiveSegment(folder: folder, baseOffset: base, files: files)
        let held = try active.log.byteCount()
        guard held >= end else {
            throw StorageError(
                .corrupt,
                "'\(Segment<Files>.path(folder, base, ".log"))' has \(held) bytes where \(end) were committed")
        }
        report.truncatedByteCount += held - end
        if isClean, held == end {
            try active.adopt(position: end)
        } else {
            let interval = topic.configuration.indexIntervalBytes
            if let trusted, trusted.segmentBaseOffset == base, trusted.position <= end {
                try active.resume(from: trusted, to: end, indexInterval: interval)
            } else {
                try active.rebuild(to: end, indexInterval: interval)
            }
            guard active.position == end else {
                throw StorageError(
                    .corrupt,
                    "'\(Segment<Files>.path(folder, base, ".log"))' is damaged at byte \(active.position), before the "
                        + "\(end) bytes that were committed")
            }
            try active.seal()
        }
        try files.synchronizeDirectory(folder)
        var segments = try sealedSegments(before: base)
        segments.append(PartitionLog.segment(of: active, folder: folder, files: files))
        return PartitionLog(
            id: id, topicID: topic.id, folder: folder, files: files, configuration: topic.configuration,
            segments: segments, active: active, nextOffset: mark?.endOffset ?? base,
            logStartOffset: max(mark?.logStartOffset ?? base, segments[0].baseOffset))
    }

    /// The segments before the active one, mended where a crash cut a compaction's last step short: a segment whose
    /// records an earlier one has is removed, and indexes that are missing are made anew.
    private func sealedSegments(before base: Offset) throws -> [Segment<Files>] {
        var segments: [Segment<Files>] = []
        var lastOffset: Offset?
        for offset in baseOffsets where offset < base {
            if let lastOffset, offset <= lastOffset {
                for suffix in [".index", ".timeindex", ".log"] {
                    try files.remove(Segment<Files>.path(folder, offset, suffix))
                }
                continue
            }
            let hasIndexes =
                files.exists(Segment<Files>.path(folder, offset, ".index"))
                && files.exists(Segment<Files>.path(folder, offset, ".timeindex"))
            if !hasIndexes {
                var segment = try ActiveSegment(folder: folder, baseOffset: offset, files: files)
                try segment.rebuild(
                    to: try segment.log.byteCount(), indexInterval: topic.configuration.indexIntervalBytes,
                    allowsGaps: true)
                try segment.seal()
            }
            let segment = Segment(files: files, folder: folder, baseOffset: offset)
            if !isClean, topic.configuration.isCompacted { lastOffset = try segment.lastOffset() ?? lastOffset }
            segments.append(segment)
        }
        return segments
    }
}
