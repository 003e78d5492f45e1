internal import ChangeModel

extension LogStore {
    /// Removes segments that `retention.ms` and `retention.bytes` let go.
    /// - Parameter now: milliseconds since 1970.
    func enforceRetention(now: Int64) throws(StorageError) {
        try requireOpen()
        for log in partitions.values where log.configuration.isDeleted {
            let start = try log.retentionStart(now: now)
            guard start > log.logStartOffset else { continue }
            log.logStartOffset = start
            try record([log])
            log.publish()
            try log.removeSegments(before: start)
            observer.notify { [log.id] }
        }
    }

    /// Forgets producers that have written nothing for `producer.id.expiration.ms`.
    /// - Parameter now: milliseconds since 1970.
    func expireProducers(now: Int64) {
        for log in partitions.values where !log.producers.isEmpty {
            log.producers.expire(before: now - options.producerExpirationMilliseconds)
        }
    }
}

extension PartitionLog {
    /// Where the partition would begin by its topic's retention. Segments go whole; the active one is sealed first when
    /// all of it is too old, as in Kafka.
    func retentionStart(now: Int64) throws(StorageError) -> Offset {
        let age = configuration.retentionMilliseconds
        if age >= 0, active.position > 0, active.maxTimestamp < now - age { try roll() }
        var start = logStartOffset
        var byteCount: Int64 = active.position
        let sealed = segments.dropLast()
        for segment in sealed { byteCount += try segment.open().log.byteCount() }
        for (index, segment) in sealed.enumerated() {
            let size = try segment.open().log.byteCount()
            let newest = try segment.maxTimestamp() ?? .max
            let isTooOld = age >= 0 && newest < now - age
            let isTooMuch = configuration.retentionBytes >= 0 && byteCount - size >= configuration.retentionBytes
            guard isTooOld || isTooMuch else { break }
            byteCount -= size
            start = segments[index + 1].baseOffset
        }
        return start
    }

    /// Removes the segments that lie wholly before `offset`. Readers that have their files open go on reading them.
    func removeSegments(before offset: Offset) throws(StorageError) {
        var count = 0
        while count + 1 < segments.count, segments[count + 1].baseOffset <= offset { count += 1 }
        guard count > 0 else { return }
        let removed = segments[..<count]
        segments.removeFirst(count)
        publish()
        for segment in removed { try Segment<Files>.remove(segment.baseOffset, in: folder, files: files) }
        try files.synchronizeDirectory(folder)
    }
}
