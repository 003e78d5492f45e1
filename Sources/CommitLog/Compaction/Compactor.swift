internal import ByteCoding
internal import ChangeModel
internal import KafkaProtocol

/// Kafka's log compaction: of the records with one key the newest is kept, in its place, with its offset.
///
/// First a map from key to newest offset is built from the part that has not been compacted; then every sealed segment
/// before its end is written anew without the records that the map surpasses, without records that have no key, and
/// without tombstones whose time (`delete.retention.ms` after compaction first saw them) has passed. Neighbouring
/// segments that have become small become one. Nothing that readers see changes until the outputs are swapped in.
///
/// Records of aborted transactions go, in the map and in the copy; transactions' markers stay while they are needed and
/// then for `delete.retention.ms`; the last batch of a producer stays, without records if need be.
struct Compactor<Files: FileSystem> {
    /// The keys' bytes that a map may hold; the rest of the dirty part waits for the next round.
    static var keyByteCountMax: Int { 64 << 20 }
    static var suffix: String { ".cleaned" }

    let plan: CompactionPlan<Files>
    let files: Files
    let codec: any BatchCodec
    private var newest: [[UInt8]: Int64] = [:]
    /// Every aborted transaction of the partition.
    private var aborted: [AbortedTransaction] = []

    init(plan: CompactionPlan<Files>, files: Files, codec: any BatchCodec) {
        self.plan = plan
        self.files = files
        self.codec = codec
    }

    /// - Returns: nil where there is nothing worth doing.
    mutating func run() throws -> CompactionResult<Files>? {
        guard let dirty = try dirtySegments() else { return nil }
        for segment in plan.segments + plan.laterSegments { aborted += try segment.abortedTransactions() }
        aborted += plan.activeAborted
        let cleanedTo = try buildMap(of: dirty)
        var filter = TransactionFilter(aborted)
        var outputs: [CompactionResult<Files>.Output] = []
        var writer: Output?
        for (index, segment) in plan.segments.enumerated() where segment.baseOffset < cleanedTo {
            let size = try segment.open().log.byteCount()
            let next = index + 1 < plan.segments.count ? plan.segments[index + 1].baseOffset : plan.end
            if let open = writer,
                open.active.position + size > plan.configuration.segmentBytes
                    || next.rawValue - open.active.baseOffset.rawValue > Int64(Int32.max)
            {
                outputs.append(try open.finish())
                writer = nil
            }
            var output = try writer ?? Output(folder: plan.folder, baseOffset: segment.baseOffset, files: files)
            output.replaced.append(segment.baseOffset)
            try copy(segment, size: size, filter: &filter, to: &output)
            writer = output
        }
        if let writer { outputs.append(try writer.finish()) }
        return CompactionResult(plan: plan, outputs: outputs, cleanedTo: cleanedTo)
    }

    /// The segments that have not been compacted and may be, when there are enough of them.
    private func dirtySegments() throws -> [Segment<Files>]? {
        var dirty: [Segment<Files>] = []
        var dirtyByteCount: Int64 = 0
        var totalByteCount: Int64 = 0
        var oldest: Int64?
        for (index, segment) in plan.segments.enumerated() {
            let next = index + 1 < plan.segments.count ? plan.segments[index + 1].baseOffset : plan.end
            let size = try segment.open().log.byteCount()
            totalByteCount += size
            guard next > plan.firstDirty else { continue }
            let newestTimestamp = try segment.maxTimestamp() ?? 0
            let lag = plan.configuration.compactionLagMillisecondsMin
            if lag > 0, newestTimestamp > plan.now - lag { break }
            oldest = min(oldest ?? .max, newestTimestamp)
            dirty.append(segment)
            dirtyByteCount += size
        }
        guard dirtyByteCount > 0 else { return nil }
        let ratio = Double(dirtyByteCount) / Double(max(totalByteCount, 1))
        let lagMax = plan.configuration.compactionLagMillisecondsMax
        let isOverdue = lagMax < .max && (oldest ?? .max) < plan.now - lagMax
        return ratio >= plan.configuration.cleanableDirtyRatioMin || isOverdue ? dirty : nil
    }

    private mutating func buildMap(of dirty: [Segment<Files>]) throws -> Offset {
        var keyByteCount = 0
        var map: [[UInt8]: Int64] = [:]
        var filter = TransactionFilter(aborted)
        for (index, segment) in dirty.enumerated() {
            let limit = try segment.open().log.byteCount()
            let firstDirty = plan.firstDirty
            try Self.forEachBatch(segment, limit: limit) { header, batch in
                if header.isControl {
                    if let marker = try TransactionMarker(parsing: batch, header: header) {
                        _ = filter.end(marker, header)
                    }
                    return
                }
                guard !filter.isAborted(header), header.lastOffset >= firstDirty else { return }
                try RecordBatches.forEachRecord(in: batch, codec: codec) { record in
                    guard record.hasKey, record.offset >= firstDirty else { return }
                    let key = unsafe record.key.withUnsafeBufferPointer { unsafe Array($0) }
                    if map.updateValue(record.offset.rawValue, forKey: key) == nil { keyByteCount += key.count + 64 }
                }
            }
            if keyByteCount > Self.keyByteCountMax, index + 1 < dirty.count {
                newest = map
                return dirty[index + 1].baseOffset
            }
        }
        newest = map
        guard let last = dirty.last, let place = plan.segments.firstIndex(where: { $0 === last }) else {
            return plan.end
        }
        return place + 1 < plan.segments.count ? plan.segments[place + 1].baseOffset : plan.end
    }

    private func copy(
        _ segment: Segment<Files>, size: Int64, filter: inout TransactionFilter, to output: inout Output
    ) throws {
        var written = output
        var passed = filter
        try Self.forEachBatch(segment, limit: size) { header, batch in
            var kept = ByteBuffer(capacity: 16)
            if header.isControl {
                if let transaction = try retainMarker(header, batch, &passed, into: &kept) {
                    try written.active.append(transaction)
                }
            } else if !passed.isAborted(header) {
                try retain(header, batch, into: &kept)
            }
            if kept.isEmpty {
                guard isLast(header) else { return }
                RecordBatchEncoder.appendEmpty(header, into: &kept)
            }
            let newHeader = try RecordBatchHeader(parsing: kept.span)
            try written.active.append(
                kept.span, lastOffset: header.lastOffset, maxTimestamp: newHeader.maxTimestamp,
                indexInterval: plan.configuration.indexIntervalBytes)
        }
        output = written
        filter = passed
    }

    /// Whether the batch is the last that its producer wrote.
    private func isLast(_ header: RecordBatchHeader) -> Bool {
        guard header.producerID >= 0, let last = plan.lastBatches[header.producerID] else { return false }
        if let offset = last.offset { return header.lastOffset == offset }
        return header.isControl && header.producerEpoch == last.epoch
    }

    /// Appends a marker's batch unless its time has come.
    /// - Returns: what the transaction index must keep.
    private func retainMarker(
        _ header: RecordBatchHeader, _ batch: Span<UInt8>, _ filter: inout TransactionFilter,
        into kept: inout ByteBuffer
    ) throws -> AbortedTransaction? {
        guard let marker = try TransactionMarker(parsing: batch, header: header) else {
            kept.append(batch)
            return nil
        }
        let (canGo, transaction) = filter.end(marker, header)
        if canGo, let horizon = header.deleteHorizon, plan.now >= horizon, !isLast(header) { return transaction }
        guard canGo, header.deleteHorizon == nil else {
            kept.append(batch)
            return transaction
        }
        var builder = RetainedBatchBuilder(
            of: header, deleteHorizon: plan.now + plan.configuration.deleteRetentionMilliseconds)
        var records = RecordCursor(
            records: batch.extracting(RecordBatchHeader.byteCount..<batch.count), of: header)
        while let record = try records.next() { builder.append(record) }
        try builder.finish(codec: codec, into: &kept)
        return transaction
    }

    /// Appends what stays of a batch.
    private func retain(
        _ header: RecordBatchHeader, _ batch: Span<UInt8>, into kept: inout ByteBuffer
    ) throws {
        var keptCount = 0
        var hasTombstone = false
        let dropsTombstones = header.deleteHorizon.map { plan.now >= $0 } ?? false
        func isKept(_ record: borrowing RecordView) -> Bool {
            guard record.hasKey else { return false }
            if !record.hasValue, dropsTombstones { return false }
            let key = unsafe record.key.withUnsafeBufferPointer { unsafe Array($0) }
            return newest[key].map { record.offset.rawValue >= $0 } ?? true
        }
        try RecordBatches.forEachRecord(in: batch, codec: codec) { record in
            guard isKept(record) else { return }
            keptCount += 1
            if !record.hasValue { hasTombstone = true }
        }
        guard keptCount > 0 else { return }
        let setsHorizon = hasTombstone && header.deleteHorizon == nil
        if keptCount == Int(header.recordCount), !setsHorizon {
            kept.append(batch)
            return
        }
        var builder = RetainedBatchBuilder(
            of: header, deleteHorizon: setsHorizon ? plan.now + plan.configuration.deleteRetentionMilliseconds : nil)
        try RecordBatches.forEachRecord(in: batch, codec: codec) { record in
            if isKept(record) { builder.append(record) }
        }
        try builder.finish(codec: codec, into: &kept)
    }

    private static func forEachBatch(
        _ segment: Segment<Files>, limit: Int64, _ body: (RecordBatchHeader, Span<UInt8>) throws -> Void
    ) throws {
        let log = try segment.open().log
        var position: Int64 = 0
        var batch = ByteBuffer(capacity: 64)
        while let header = try segment.header(at: position, limit: limit, scratch: &batch) {
            batch.removeAll()
            try log.read(at: position, count: header.totalByteCount, into: &batch)
            do throws(DecodeError) {
                _ = try RecordBatchHeader.validate(batch.span)
            } catch {
                throw StorageError(
                    .corrupt,
                    "'\(Segment<Files>.path(segment.folder, segment.baseOffset, ".log"))', byte \(position): \(error)")
            }
            try body(header, batch.span)
            position += Int64(header.totalByteCount)
        }
        guard position == limit else {
            throw StorageError(
                .corrupt,
                "'\(Segment<Files>.path(segment.folder, segment.baseOffset, ".log"))' is damaged at byte \(position)")
        }
    }

    /// A segment that is being written to take the place of others.
    private struct Output {
        var active: ActiveSegment<Files>
        var replaced: [Offset] = []

        init(folder: String, baseOffset: Offset, files: Files) throws(StorageError) {
            active = try ActiveSegment(
                folder: folder, baseOffset: baseOffset, files: files, suffix: Compactor<Files>.suffix)
            try active.clear()
        }

        func finish() throws(StorageError) -> CompactionResult<Files>.Output {
            var active = active
            try active.seal()
            return CompactionResult.Output(baseOffset: active.baseOffset, replaced: replaced)
        }
    }
}
