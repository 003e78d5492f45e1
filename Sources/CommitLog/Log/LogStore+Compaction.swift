internal import ChangeModel

extension LogStore {
    /// Plans for the partitions whose topics are compacted.
    func compactionPlans(now: Int64) -> [CompactionPlan<Files>] {
        partitions.values.compactMap { log in
            let stable = log.producers.firstUnstableOffset ?? log.nextOffset
            var count = log.segments.count - 1
            while count > 0, log.segments[count].baseOffset > stable { count -= 1 }
            guard log.configuration.isCompacted, count > 0 else { return nil }
            return CompactionPlan(
                id: log.id, topicID: log.topicID, folder: log.folder, configuration: log.configuration,
                segments: Array(log.segments[..<count]), end: log.segments[count].baseOffset,
                laterSegments: Array(log.segments[count...].dropLast()), activeAborted: log.active.aborted,
                lastBatches: log.producers.states.mapValues {
                    CompactionPlan.LastBatch(offset: $0.batches.last?.lastOffset, epoch: $0.epoch)
                },
                firstDirty: cleaned.offsets[log.id] ?? .zero, now: now)
        }
    }

    /// Puts what a compaction has written in the place of what it read, unless the partition has changed too much since.
    ///
    /// A crash in the middle leaves, at worst, segments whose records an earlier one already has; opening removes those.
    func apply(_ result: CompactionResult<Files>) throws(StorageError) {
        guard failure == nil, let log = partitions[result.plan.id], log.topicID == result.plan.topicID,
            log.segments.starts(with: result.plan.segments, by: ===)
        else { return try discard(result) }
        for output in result.outputs { try log.swap(in: output) }
        cleaned.offsets[log.id] = result.cleanedTo
        try cleaned.write(directory: directory, files: files)
    }

    /// Removes a compaction's outputs.
    func discard(_ result: CompactionResult<Files>) throws(StorageError) {
        for output in result.outputs {
            for suffix in Segment<Files>.suffixes {
                let path = Segment<Files>.path(result.plan.folder, output.baseOffset, suffix)
                try files.remove(path + Compactor<Files>.suffix)
            }
        }
    }
}

extension PartitionLog {
    func swap(in output: CompactionResult<Files>.Output) throws(StorageError) {
        let base = output.baseOffset
        let path = { (suffix: String) in Segment<Files>.path(self.folder, base, suffix) }
        // A transaction's entry goes only when none of its records are left, so the new transaction index does for the old
        // log as well.
        if files.exists(path(".txnindex") + Compactor<Files>.suffix) {
            try files.rename(path(".txnindex") + Compactor<Files>.suffix, to: path(".txnindex"))
        } else if files.exists(path(".txnindex")) {
            try files.remove(path(".txnindex"))
        }
        // The old indexes go first: a log without them is read from its start, one with another's could be misread.
        try files.remove(path(".index"))
        try files.remove(path(".timeindex"))
        try files.rename(path(".log") + Compactor<Files>.suffix, to: path(".log"))
        try files.rename(path(".index") + Compactor<Files>.suffix, to: path(".index"))
        try files.rename(path(".timeindex") + Compactor<Files>.suffix, to: path(".timeindex"))
        try files.synchronizeDirectory(folder)
        let gone = Set(output.replaced)
        var changed: [Segment<Files>] = []
        for segment in segments {
            if segment.baseOffset == base {
                changed.append(Segment(files: files, folder: folder, baseOffset: base))
            } else if !gone.contains(segment.baseOffset) {
                changed.append(segment)
            }
        }
        segments = changed
        publish()
        for offset in output.replaced where offset != base {
            try Segment<Files>.remove(offset, in: folder, files: files)
        }
        try files.synchronizeDirectory(folder)
    }
}
