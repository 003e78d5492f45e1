internal import ByteCoding
internal import ChangeModel
internal import KafkaProtocol

/// The segment that is being written. A value, so that a commit that fails can put the former one back.
struct ActiveSegment<Files: FileSystem> {
    let baseOffset: Offset
    let log: Files.File
    let index: Files.File
    let timeIndex: Files.File
    /// How many bytes of batches there are.
    private(set) var position: Int64 = 0
    /// When the first batch came, by its newest timestamp, in milliseconds since 1970; nil while empty.
    private(set) var firstTimestamp: Int64?
    private(set) var maxTimestamp: Int64 = -1
    /// The last offset of the first batch that has it.
    private(set) var maxTimestampOffset = Offset.zero
    private var indexCount: Int64 = 0
    private var timeIndexCount: Int64 = 0
    private var lastIndexedTimestamp: Int64 = -1
    /// Whether opening cut something off that the next seal must make durable: a clean start trusts what it finds.
    private(set) var wasCut = false
    /// How many entries of each index are durable; -1 where that is not known.
    private var durable: (index: Int64, timeIndex: Int64, aborted: Int) = (-1, -1, -1)
    private var byteCountSinceIndexed: Int64 = 0
    /// The transactions whose abort markers stand in this segment.
    private(set) var aborted: [AbortedTransaction] = []
    /// Their file, which is there from the first of them on.
    private var transactionIndex: Files.File?
    private let files: Files
    private let folder: String
    private let transactionIndexPath: String

    /// Opens or creates the three files in `folder`, without looking at what they hold.
    init(folder: String, baseOffset: Offset, files: Files, suffix: String = "") throws(StorageError) {
        self.baseOffset = baseOffset
        log = try files.open(Segment<Files>.path(folder, baseOffset, ".log") + suffix, .create)
        index = try files.open(Segment<Files>.path(folder, baseOffset, ".index") + suffix, .create)
        timeIndex = try files.open(Segment<Files>.path(folder, baseOffset, ".timeindex") + suffix, .create)
        maxTimestampOffset = baseOffset
        self.files = files
        self.folder = folder
        transactionIndexPath = Segment<Files>.path(folder, baseOffset, ".txnindex") + suffix
    }

    /// Empties the files.
    mutating func clear() throws(StorageError) {
        try log.truncate(to: 0)
        try index.truncate(to: 0)
        try timeIndex.truncate(to: 0)
        try dropTransactionIndex()
    }

    private mutating func dropTransactionIndex() throws(StorageError) {
        transactionIndex = nil
        aborted = []
        if files.exists(transactionIndexPath) { try files.remove(transactionIndexPath) }
    }

    /// Takes the entries of the transaction index whose markers stand before `end`, and cuts the others off.
    private mutating func adoptTransactionIndex(before end: Offset) throws(StorageError) {
        transactionIndex = nil
        aborted = []
        guard files.exists(transactionIndexPath) else { return }
        let file = try files.open(transactionIndexPath, .readWrite)
        var bytes = ByteBuffer(capacity: 64)
        let count = Int(try file.byteCount())
        try file.read(at: 0, count: count, into: &bytes)
        aborted = Array(AbortedTransaction.decode(bytes.span).prefix { $0.lastOffset < end })
        if count > aborted.count * AbortedTransaction.byteCount {
            wasCut = true
            try file.truncate(to: Int64(aborted.count * AbortedTransaction.byteCount))
        }
        transactionIndex = file
    }

    /// Whether one of the indexes has no room for another entry within `byteCountMax` bytes.
    func isIndexFull(byteCountMax: Int64) -> Bool {
        (indexCount + 1) * 8 > byteCountMax || (timeIndexCount + 1) * 12 > byteCountMax
    }

    /// Notes a transaction whose abort marker was appended.
    mutating func append(_ transaction: AbortedTransaction) throws(StorageError) {
        let at = Int64(aborted.count * AbortedTransaction.byteCount)
        let file: Files.File
        if let transactionIndex {
            file = transactionIndex
        } else {
            file = try files.open(transactionIndexPath, .create)
            try file.truncate(to: at)
            transactionIndex = file
        }
        var entry = ByteBuffer(capacity: 64)
        transaction.append(to: &entry)
        try file.write(entry.span, at: at)
        aborted.append(transaction)
    }

    /// Sees a batch during recovery, and tells which transaction it aborted.
    typealias Replay = (RecordBatchHeader, Span<UInt8>) throws -> AbortedTransaction?

    /// Cuts everything behind `end` off, and makes the indexes anew from the batches.
    /// - Parameter replay: nil leaves the transaction index as it is.
    mutating func rebuild(to end: Int64, indexInterval: Int64, allowsGaps: Bool = false, replay: Replay?) throws {
        wasCut = true
        if try log.byteCount() > end { try log.truncate(to: end) }
        try index.truncate(to: 0)
        try timeIndex.truncate(to: 0)
        if replay != nil { try dropTransactionIndex() }
        let log = log
        var rebuilt = self
        _ = try SegmentScan.run(log, limit: end, first: baseOffset, allowsGaps: allowsGaps) { header, _, batch in
            try rebuilt.note(
                byteCount: Int64(header.totalByteCount), lastOffset: header.lastOffset,
                maxTimestamp: header.maxTimestamp, indexInterval: indexInterval)
            if let transaction = try replay?(header, batch) { try rebuilt.append(transaction) }
        }
        self = rebuilt
    }

    /// Cuts everything behind `end` off, and makes the indexes anew from `mark` on: up to there all three files are as
    /// they were when the commit journal was begun.
    mutating func resume(
        from mark: PartitionMark, to end: Int64, indexInterval: Int64, replay: Replay
    ) throws {
        if try log.byteCount() > end { try log.truncate(to: end) }
        let relativeEnd = mark.endOffset.rawValue - baseOffset.rawValue
        var lastIndexed: Int64 = 0
        var kept: Int64 = 0
        var bytes = ByteBuffer(capacity: 16)
        try index.read(at: 0, count: Int(try index.byteCount()), into: &bytes)
        while Int(kept * 8 + 8) <= bytes.count,
            let entry = Segment<Files>.indexEntry(bytes.span.extracting(Int(kept * 8)..<Int(kept * 8 + 8))),
            Int64(entry.relativeOffset) < relativeEnd, entry.position > lastIndexed, entry.position < mark.position
        {
            lastIndexed = Int64(entry.position)
            kept += 1
        }
        if try index.byteCount() != kept * 8 { wasCut = true }
        try index.truncate(to: kept * 8)
        var newest: Int64 = -1
        var keptTimes: Int64 = 0
        bytes.removeAll()
        try timeIndex.read(at: 0, count: Int(try timeIndex.byteCount()), into: &bytes)
        while Int(keptTimes * 12 + 12) <= bytes.count,
            let entry = Segment<Files>.timeIndexEntry(
                bytes.span.extracting(Int(keptTimes * 12)..<Int(keptTimes * 12 + 12))),
            Int64(entry.relativeOffset) < relativeEnd, entry.timestamp > newest
        {
            newest = entry.timestamp
            keptTimes += 1
        }
        if try timeIndex.byteCount() != keptTimes * 12 { wasCut = true }
        try timeIndex.truncate(to: keptTimes * 12)
        try adopt(position: mark.position, endOffset: mark.endOffset, cuttingLog: false)
        byteCountSinceIndexed = mark.position - lastIndexed
        let log = log
        var resumed = self
        _ = try SegmentScan.run(log, from: mark.position, limit: end, first: mark.endOffset) { header, _, batch in
            try resumed.note(
                byteCount: Int64(header.totalByteCount), lastOffset: header.lastOffset,
                maxTimestamp: header.maxTimestamp, indexInterval: indexInterval)
            if let transaction = try replay(header, batch) { try resumed.append(transaction) }
        }
        self = resumed
    }

    /// Takes the files as they are after a clean shutdown.
    mutating func adopt(position: Int64, endOffset: Offset, cuttingLog: Bool = true) throws(StorageError) {
        self.position = position
        try adoptTransactionIndex(before: endOffset)
        if cuttingLog, try log.byteCount() > position { try log.truncate(to: position) }
        indexCount = try index.byteCount() / 8
        timeIndexCount = try timeIndex.byteCount() / 12
        var buffer = ByteBuffer(capacity: 64)
        if timeIndexCount > 0 {
            try timeIndex.read(at: (timeIndexCount - 1) * 12, count: 12, into: &buffer)
            if let entry = Segment<Files>.timeIndexEntry(buffer.span) {
                maxTimestamp = entry.timestamp
                lastIndexedTimestamp = entry.timestamp
                maxTimestampOffset = Offset(rawValue: baseOffset.rawValue + Int64(entry.relativeOffset))
            }
        }
        if position > 0 {
            buffer.removeAll()
            try log.read(at: 0, count: RecordBatchHeader.byteCount, into: &buffer)
            if let header = try? RecordBatchHeader(parsing: buffer.span) { firstTimestamp = header.maxTimestamp }
        }
    }

    mutating func append(
        _ batch: Span<UInt8>, lastOffset: Offset, maxTimestamp: Int64, indexInterval: Int64
    ) throws(StorageError) {
        try log.write(batch, at: position)
        try note(
            byteCount: Int64(batch.count), lastOffset: lastOffset, maxTimestamp: maxTimestamp,
            indexInterval: indexInterval)
    }

    /// Accounts for a batch at `position` and writes index entries when enough bytes have passed.
    private mutating func note(
        byteCount: Int64, lastOffset: Offset, maxTimestamp: Int64, indexInterval: Int64
    ) throws(StorageError) {
        if firstTimestamp == nil { firstTimestamp = maxTimestamp }
        if maxTimestamp > self.maxTimestamp {
            self.maxTimestamp = maxTimestamp
            maxTimestampOffset = lastOffset
        }
        if byteCountSinceIndexed > indexInterval {
            var entry = ByteBuffer(capacity: 16)
            entry.append(bigEndian: Int32(truncatingIfNeeded: lastOffset.rawValue - baseOffset.rawValue))
            entry.append(bigEndian: Int32(truncatingIfNeeded: position))
            try index.write(entry.span, at: indexCount * 8)
            indexCount += 1
            try indexTime()
            byteCountSinceIndexed = 0
        }
        byteCountSinceIndexed += byteCount
        position += byteCount
    }

    private mutating func indexTime() throws(StorageError) {
        guard maxTimestamp > lastIndexedTimestamp else { return }
        var entry = ByteBuffer(capacity: 16)
        entry.append(bigEndian: maxTimestamp)
        entry.append(bigEndian: Int32(truncatingIfNeeded: maxTimestampOffset.rawValue - baseOffset.rawValue))
        try timeIndex.write(entry.span, at: timeIndexCount * 12)
        timeIndexCount += 1
        lastIndexedTimestamp = maxTimestamp
    }

    /// Writes the last time index entry and makes all three files durable: before the next segment begins, before a new
    /// commit journal does, and at a clean shutdown.
    mutating func seal() throws(StorageError) {
        try indexTime()
        try log.synchronize()
        // A sync costs milliseconds even where there is nothing to be written.
        if durable.index != indexCount { try index.synchronize() }
        if durable.timeIndex != timeIndexCount { try timeIndex.synchronize() }
        if let transactionIndex, durable.aborted != aborted.count {
            try transactionIndex.synchronize()
            if durable.aborted <= 0 { try files.synchronizeDirectory(folder) }
        }
        durable = (indexCount, timeIndexCount, aborted.count)
    }

    /// Undoes writes that came after this value was copied.
    mutating func restore() throws(StorageError) {
        durable = (-1, -1, -1)
        try log.truncate(to: position)
        try index.truncate(to: indexCount * 8)
        try timeIndex.truncate(to: timeIndexCount * 12)
        if let transactionIndex {
            try transactionIndex.truncate(to: Int64(aborted.count * AbortedTransaction.byteCount))
        } else if files.exists(transactionIndexPath) {
            try files.remove(transactionIndexPath)
        }
    }
}
