internal import ByteCoding
public import ChangeModel

/// Reads a log's directory without its lock, while another process writes it or none does.
///
/// What is committed stands in the journal, which this follows with ``refresh()``; files it reads from are only ever
/// appended to, replaced whole by compaction, or removed by retention. One owner at a time.
public final class CommitLogReader<Files: FileSystem> {
    private let directory: String
    private let files: Files
    private var journal: (number: Int, file: Files.File, position: Int64, sequence: UInt64)?
    private var marks: [PartitionKey: PartitionMark] = [:]
    private var byName: [String: TopicDescription] = [:]
    private var views: [TopicPartition: PartitionView<Files>] = [:]

    /// - Throws: ``StorageError/Code/notFound`` where no log is, ``StorageError/Code/unsupportedVersion``,
    ///   ``StorageError/Code/foreignDirectory``.
    public init(directory: String, files: Files) throws(StorageError) {
        self.directory = directory
        self.files = files
        let format = "\(directory)/\(LogLayout.format)"
        guard files.exists(format) else {
            throw StorageError(.notFound, "there is no log in '\(directory)': has 'tailrace serve' run with it?")
        }
        try LogOpening.checkVersion(format, files: files)
        try reloadTopics()
        try refresh()
    }

    /// All topics as they are on disk now, by name.
    public func topics() throws(StorageError) -> [TopicDescription] {
        try reloadTopics()
        return byName.values.sorted { $0.name < $1.name }
    }

    /// The partition as of the last ``refresh()``.
    /// - Throws: ``StorageError/Code/unknownTopic``.
    public func view(_ partition: TopicPartition) throws(StorageError) -> PartitionView<Files> {
        if let view = views[partition] { return view }
        try reloadTopics()
        guard let view = views[partition] else {
            throw StorageError(.unknownTopic, "there is no partition \(partition)")
        }
        return view
    }

    /// Looks for the segments of a partition anew, after a file that should have been there was not.
    public func relist(_ partition: TopicPartition) throws(StorageError) {
        guard let topic = byName[partition.topic] else { return }
        guard let mark = marks[PartitionKey(topicID: topic.id, partition: partition.partition)] else { return }
        try show(mark, in: partition, relisting: true)
    }

    /// Reads what the journal has got since.
    /// - Returns: whether anything has been committed.
    @discardableResult
    public func refresh() throws(StorageError) -> Bool {
        var isNews = try readEntries()
        if try switchJournal() { isNews = true }
        return isNews
    }

    private func readEntries() throws(StorageError) -> Bool {
        guard let current = journal else { return false }
        let count = try current.file.byteCount() - current.position
        guard count > Int64(JournalEntry.overhead) else { return false }
        var bytes = ByteBuffer(capacity: Int(count))
        try current.file.read(at: current.position, count: Int(count), into: &bytes)
        var reader = ByteReader(bytes.span)
        var isNews = false
        var consumed = 0
        while let entry = JournalEntry.next(&reader), entry.sequence == (journal?.sequence ?? 0) + 1 {
            consumed = reader.position
            journal?.sequence = entry.sequence
            try apply(entry)
            isNews = true
        }
        journal?.position = current.position + Int64(consumed)
        return isNews
    }

    /// Goes over to a newer journal file where there is one.
    private func switchJournal() throws(StorageError) -> Bool {
        if let number = journal?.number, files.exists(CommitJournal<Files>.path(directory, number)),
            !files.exists(CommitJournal<Files>.path(directory, number + 1))
        {
            return false
        }
        for number in try CommitJournal<Files>.numbers(in: directory, files: files) {
            if let current = journal, current.number >= number { return false }
            do throws(StorageError) {
                let path = CommitJournal<Files>.path(directory, number)
                let file = try files.open(path, .read)
                guard let found = try CommitJournal<Files>.load(number, directory: directory, files: files),
                    let last = found.entries.last
                else { continue }
                journal = (number, file, found.end, last.sequence)
                for entry in found.entries { try apply(entry) }
                return true
            } catch {
                // It has been replaced by a newer one between the listing and the opening; the next refresh finds that.
                guard error.code == .notFound else { throw error }
                return false
            }
        }
        return false
    }

    private func apply(_ entry: JournalEntry) throws(StorageError) {
        for mark in entry.marks {
            let key = PartitionKey(mark)
            let isKnown = marks[key] != nil
            marks[key] = mark
            guard let topic = byName.values.first(where: { $0.id == mark.topicID }) else {
                if !isKnown { try reloadTopics() }
                continue
            }
            try show(mark, in: TopicPartition(topic: topic.name, partition: mark.partition), relisting: false)
        }
    }

    private func reloadTopics() throws(StorageError) {
        let loaded = try LogLayout.loadTopics(directory: directory, files: files)
        for (name, topic) in byName where loaded[name]?.id != topic.id {
            for number in 0..<topic.partitionCount { views[TopicPartition(topic: name, partition: number)] = nil }
        }
        byName = loaded
        for topic in loaded.values {
            for number in 0..<topic.partitionCount {
                let id = TopicPartition(topic: topic.name, partition: number)
                if views[id] != nil { continue }
                views[id] = PartitionView(id: id, state: .init())
                if let mark = marks[PartitionKey(topicID: topic.id, partition: number)] {
                    try show(mark, in: id, relisting: true)
                }
            }
        }
    }

    private func show(_ mark: PartitionMark, in id: TopicPartition, relisting: Bool) throws(StorageError) {
        guard let view = views[id] else { return }
        var segments = view.current().segments
        if relisting || segments.last?.baseOffset != mark.segmentBaseOffset {
            let folder = "\(directory)/\(id)"
            let known = Dictionary(segments.map { ($0.baseOffset, $0) }) { first, _ in first }
            segments = try Segment<Files>.baseOffsets(in: folder, files: files)
                .filter { $0 <= mark.segmentBaseOffset }
                .map { base in
                    if !relisting, let segment = known[base] { return segment }
                    return Segment(files: files, folder: folder, baseOffset: base)
                }
        }
        view.publish { state in
            state.segments = segments
            state.activePosition = mark.position
            state.highWatermark = mark.endOffset
            state.logStartOffset = max(mark.logStartOffset, segments.first?.baseOffset ?? .zero)
        }
    }
}
