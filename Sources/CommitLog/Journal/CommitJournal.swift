internal import ByteCoding

/// The file that makes a commit to several partitions one event: a commit happened if its entry is there.
///
/// `commit-<number>.journal`: the header `TRCJ` and version uint32 = 1, then entries (``JournalEntry``), the first of
/// them a snapshot of every partition. When the file has grown, a new one with the next number is begun with a fresh
/// snapshot, and the old one removed.
struct CommitJournal<Files: FileSystem> {
    static var header: [UInt8] { [0x54, 0x52, 0x43, 0x4A, 0, 0, 0, 1] }

    let files: Files
    let directory: String
    private(set) var number: Int
    private(set) var file: Files.File
    private(set) var position: Int64
    private(set) var sequence: UInt64
    private var numbersTried = 0

    static func path(_ directory: String, _ number: Int) -> String {
        let digits = String(number)
        return "\(directory)/commit-\(String(repeating: "0", count: max(0, 12 - digits.count)))\(digits).journal"
    }

    /// The numbers of the journals in the directory, newest first.
    static func numbers(in directory: String, files: Files) throws(StorageError) -> [Int] {
        try files.names(in: directory).compactMap { name in
            name.hasPrefix("commit-") && name.hasSuffix(".journal") ? Int(name.dropFirst(7).dropLast(8)) : nil
        }.sorted(by: >)
    }

    /// Begins a journal file and makes it durable.
    init(files: Files, directory: String, number: Int, sequence: UInt64, marks: [PartitionMark]) throws(StorageError) {
        self.files = files
        self.directory = directory
        self.number = number
        self.sequence = sequence
        file = try files.open(Self.path(directory, number), .create)
        var bytes = ByteBuffer()
        bytes.append(Self.header)
        JournalEntry(sequence: sequence, kind: .snapshot, marks: marks).append(to: &bytes)
        try file.truncate(to: 0)
        try file.write(bytes.span, at: 0)
        position = Int64(bytes.count)
        try file.synchronize()
        try files.synchronizeDirectory(directory)
    }

    /// Appends a commit. It is durable once ``synchronize()`` has returned.
    mutating func append(_ marks: [PartitionMark]) throws(StorageError) {
        var bytes = ByteBuffer()
        JournalEntry(sequence: sequence + 1, kind: .commit, marks: marks).append(to: &bytes)
        try write(bytes)
    }

    /// Appends a commit with its batches, whose ranges are those of `requests`' buffers, in the same order.
    mutating func append(
        _ marks: [PartitionMark], batches: [(batch: JournaledBatch, request: CommitRequest)]
    ) throws(StorageError) {
        var bytes = ByteBuffer(capacity: batches.reduce(256) { $0 + $1.batch.byteRange.count + 64 })
        var next = 0
        JournalEntry(
            sequence: sequence + 1, kind: .commitWithBatches, marks: marks, batches: batches.map(\.batch)
        ).append(to: &bytes) { batch, output in
            Self.copy(batches[next].request.buffer, batch.byteRange, to: &output)
            next += 1
        }
        try write(bytes)
    }

    private static func copy(_ buffer: borrowing ByteBuffer, _ range: Range<Int>, to output: inout ByteBuffer) {
        output.append(buffer.span.extracting(range))
    }

    private mutating func write(_ entry: borrowing ByteBuffer) throws(StorageError) {
        try file.write(entry.span, at: position)
        position += Int64(entry.count)
        sequence += 1
    }

    func synchronize() throws(StorageError) { try file.synchronize() }

    /// Cuts the file back to what it was when this value was copied.
    func restore() throws(StorageError) {
        try file.truncate(to: position)
    }

    /// Replaces the file by one that begins with `marks`. When that fails, nothing of the new file stays: recovery would
    /// take it for the newer one.
    mutating func rotate(_ marks: [PartitionMark]) throws(StorageError) {
        let old = number
        // A number is never tried twice, so that whoever has seen a file of it go does not take another for it.
        numbersTried += 1
        let number = old + numbersTried
        do throws(StorageError) {
            self = try CommitJournal(
                files: files, directory: directory, number: number, sequence: sequence + 1, marks: marks)
        } catch {
            try files.remove(Self.path(directory, number))
            try files.synchronizeDirectory(directory)
            throw error
        }
        try? files.remove(Self.path(directory, old))
    }

    /// Reads a journal file's valid entries, what they stand in, and where they end; nil when it does not begin with a snapshot.
    static func load(
        _ number: Int, directory: String, files: Files
    ) throws(StorageError) -> (entries: [JournalEntry], content: [UInt8], end: Int64)? {
        let path = path(directory, number)
        let file = try files.open(path, .read)
        let count = Int(try file.byteCount())
        var bytes = ByteBuffer(capacity: count)
        try file.read(at: 0, count: count, into: &bytes)
        guard bytes.count >= header.count else { return nil }
        for index in 0..<4 where bytes.span[index] != header[index] { return nil }
        guard bytes.span[7] == 1 else {
            throw StorageError(
                .unsupportedVersion, "'\(path)' has version \(bytes.span[7]), this program reads 1: use a newer program"
            )
        }
        var reader = ByteReader(bytes.span.extracting(header.count..<bytes.count))
        var entries: [JournalEntry] = []
        var end = header.count
        while let entry = JournalEntry.next(&reader) {
            if let last = entries.last { guard entry.sequence == last.sequence + 1 else { break } }
            guard !entries.isEmpty || entry.kind == .snapshot else { return nil }
            entries.append(entry)
            end = header.count + reader.position
        }
        // The entries' ranges count from behind the header.
        for index in entries.indices {
            for batch in entries[index].batches.indices {
                let range = entries[index].batches[batch].byteRange
                entries[index].batches[batch].byteRange =
                    range.lowerBound + header.count..<range.upperBound + header.count
            }
        }
        return entries.isEmpty ? nil : (entries, bytes.array(), Int64(end))
    }
}
