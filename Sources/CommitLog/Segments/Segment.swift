internal import ByteCoding
internal import ChangeModel
internal import KafkaProtocol
internal import Synchronization

/// A segment's three files, opened when first needed: batches, offset index, time index, in Kafka's formats.
///
/// Offset index: 8-byte entries { relative offset int32 · position int32 }; an entry says that the batch at `position`
/// is not behind the offset. Time index: 12-byte entries { timestamp int64 · relative offset int32 }: up to that offset
/// no record is newer than the timestamp. Both are sparse and only ever hints: a reader checks what it finds there.
final class Segment<Files: FileSystem>: Sendable {
    struct Opened: Sendable {
        let log: Files.File
        let index: Files.File?
        let timeIndex: Files.File?
    }

    let files: Files
    let folder: String
    let baseOffset: Offset
    /// A segment's files; the log comes last, for it is what makes a segment when a folder is listed.
    static var suffixes: [String] { [".index", ".timeindex", ".txnindex", ".log"] }

    private let opened: Mutex<Opened?>
    /// What the transaction index of the sealed segment holds, once it was asked for.
    private let aborted = Mutex<[AbortedTransaction]?>(nil)

    init(files: Files, folder: String, baseOffset: Offset, opened: Opened? = nil) {
        self.files = files
        self.folder = folder
        self.baseOffset = baseOffset
        self.opened = Mutex(opened)
    }

    static func path(_ folder: String, _ baseOffset: Offset, _ suffix: String) -> String {
        let digits = String(baseOffset.rawValue)
        return folder + "/" + String(repeating: "0", count: max(0, 20 - digits.count)) + digits + suffix
    }

    /// The base offsets of the segments in a folder, ascending.
    static func baseOffsets(in folder: String, files: Files) throws(StorageError) -> [Offset] {
        var offsets: [Offset] = []
        for name in try files.names(in: folder) where name.hasSuffix(".log") && name.utf8.count == 24 {
            if let number = Int64(name.dropLast(4)), number >= 0 { offsets.append(Offset(rawValue: number)) }
        }
        return offsets.sorted()
    }

    func open() throws(StorageError) -> Opened {
        if let open = opened.withLock({ $0 }) { return open }
        let log = try files.open(Self.path(folder, baseOffset, ".log"), .read)
        let result = Opened(
            log: log, index: try? files.open(Self.path(folder, baseOffset, ".index"), .read),
            timeIndex: try? files.open(Self.path(folder, baseOffset, ".timeindex"), .read))
        return opened.withLock { current in
            if let current { return current }
            current = result
            return result
        }
    }

    /// Removes a segment's files; those that are not there are fine.
    static func remove(_ baseOffset: Offset, in folder: String, files: Files) throws(StorageError) {
        for suffix in suffixes {
            let path = path(folder, baseOffset, suffix)
            if suffix != ".txnindex" || files.exists(path) { try files.remove(path) }
        }
    }

    /// The transactions whose abort markers stand in this segment, which must be sealed.
    func abortedTransactions() throws(StorageError) -> [AbortedTransaction] {
        if let known = aborted.withLock({ $0 }) { return known }
        let found = try Self.loadAborted(Self.path(folder, baseOffset, ".txnindex"), files: files)
        aborted.withLock { $0 = found }
        return found
    }

    private static func loadAborted(_ path: String, files: Files) throws(StorageError) -> [AbortedTransaction] {
        guard files.exists(path) else { return [] }
        let bytes = try LogLayout.read(path, files: files)
        return AbortedTransaction.decode(bytes.span)
    }

    /// The newest timestamp of a sealed segment, by its time index; nil where that is empty.
    func maxTimestamp() throws(StorageError) -> Int64? { try newest()?.timestamp }

    /// The newest timestamp of a sealed segment, and the last offset of the first batch that has it.
    func newest() throws(StorageError) -> (timestamp: Int64, offset: Offset)? {
        guard let index = try open().timeIndex else { return nil }
        let count = try index.byteCount() / 12
        guard count > 0 else { return nil }
        var buffer = ByteBuffer(capacity: 16)
        try index.read(at: (count - 1) * 12, count: 12, into: &buffer)
        guard let entry = Self.timeIndexEntry(buffer.span) else { return nil }
        return (entry.timestamp, Offset(rawValue: baseOffset.rawValue + Int64(entry.relativeOffset)))
    }

    /// Up to which offset, at the latest, the batches before `position` reach: the next index entry's, or nil where there
    /// is none.
    func offsetBound(at position: Int64) throws(StorageError) -> Offset? {
        guard let index = try open().index else { return nil }
        var low: Int64 = 0
        var high = try index.byteCount() / 8
        let count = high
        var buffer = ByteBuffer(capacity: 16)
        var bound: Offset?
        while low < high {
            let middle = (low + high) / 2
            buffer.removeAll()
            try index.read(at: middle * 8, count: 8, into: &buffer)
            guard let entry = Self.indexEntry(buffer.span) else { return nil }
            if Int64(entry.position) >= position {
                bound = Offset(rawValue: baseOffset.rawValue + Int64(entry.relativeOffset))
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low < count ? bound : nil
    }

    /// The last offset of a sealed segment, by stepping through its headers; nil where it is empty.
    func lastOffset() throws(StorageError) -> Offset? {
        let limit = try open().log.byteCount()
        var position = try position(before: Offset(rawValue: .max), limit: limit)
        var scratch = ByteBuffer(capacity: 64)
        var last: Offset?
        while let header = try header(at: position, limit: limit, scratch: &scratch) {
            last = header.lastOffset
            position += Int64(header.totalByteCount)
        }
        return last
    }

    /// A position at or before the batch that holds `offset`.
    func position(before offset: Offset, limit: Int64) throws(StorageError) -> Int64 {
        guard let index = try open().index else { return 0 }
        let count = try index.byteCount() / 8
        let target = offset.rawValue - baseOffset.rawValue
        var low: Int64 = 0
        var high = count
        var found: (position: Int64, lastOffset: Int64) = (0, 0)
        var buffer = ByteBuffer(capacity: 64)
        while low < high {
            let middle = (low + high) / 2
            buffer.removeAll()
            try index.read(at: middle * 8, count: 8, into: &buffer)
            guard let entry = Self.indexEntry(buffer.span) else { return 0 }
            if Int64(entry.relativeOffset) <= target {
                found = (Int64(entry.position), baseOffset.rawValue + Int64(entry.relativeOffset))
                low = middle + 1
            } else {
                high = middle
            }
        }
        // An index may be of another age than the log beside it, when compaction replaces both; an entry holds only if
        // the very batch that it speaks of stands there.
        guard let header = try header(at: found.position, limit: limit, scratch: &buffer),
            header.lastOffset.rawValue == found.lastOffset
        else { return 0 }
        return found.position
    }

    static func indexEntry(_ bytes: Span<UInt8>) -> (relativeOffset: Int32, position: Int32)? {
        var reader = ByteReader(bytes)
        guard let relativeOffset = try? reader.read(Int32.self), let position = try? reader.read(Int32.self) else {
            return nil
        }
        return (relativeOffset, position)
    }

    static func timeIndexEntry(_ bytes: Span<UInt8>) -> (timestamp: Int64, relativeOffset: Int32)? {
        var reader = ByteReader(bytes)
        guard let timestamp = try? reader.read(Int64.self), let relativeOffset = try? reader.read(Int32.self) else {
            return nil
        }
        return (timestamp, relativeOffset)
    }

    /// The header of the batch at `position`, or nil where no whole batch stands before `limit`.
    func header(at position: Int64, limit: Int64, scratch: inout ByteBuffer) throws(StorageError) -> RecordBatchHeader?
    {
        guard position + Int64(RecordBatchHeader.byteCount) <= limit else { return nil }
        scratch.removeAll()
        try open().log.read(at: position, count: RecordBatchHeader.byteCount, into: &scratch)
        guard let header = try? RecordBatchHeader(parsing: scratch.span),
            position + Int64(header.totalByteCount) <= limit
        else { return nil }
        return header
    }
}
