internal import ByteCoding
internal import ChangeModel
internal import KafkaProtocol

/// Opens a directory: whose it is, who has it, and where its commits end.
///
/// The newest journal entry whose data is there wins, and every partition is cut back to it. Data of sealed segments was
/// made durable before the next segment began, so only the last segment of each partition is read and checked.
struct LogOpening<Files: FileSystem> {
    let directory: String
    let files: Files
    let lock: any Sendable

    struct Recovered {
        var topics: [String: TopicDescription]
        var partitions: [TopicPartition: PartitionLog<Files>]
        var journal: CommitJournal<Files>
        var report: RecoveryReport
    }

    init(directory: String, files: Files) throws(StorageError) {
        self.directory = directory
        self.files = files
        try Self.create(directory, files: files)
        let formatPath = "\(directory)/\(LogLayout.format)"
        let isNew = !files.exists(formatPath)
        if isNew {
            let strangers = try files.names(in: directory).filter {
                $0 != LogLayout.lock && $0 != "lost+found" && $0 != LogLayout.topics
                    && $0 != LogLayout.format + ".new"
            }
            guard strangers.isEmpty else {
                throw StorageError(
                    .foreignDirectory,
                    "'\(directory)' is not empty and not a log of ours (it has '\(strangers.sorted()[0])'): "
                        + "use an empty or a new directory")
            }
        } else {
            try Self.checkVersion(formatPath, files: files)
        }
        lock = try files.lock("\(directory)/\(LogLayout.lock)")
        if isNew {
            try files.createDirectory("\(directory)/\(LogLayout.topics)")
            try LogLayout.replace(
                formatPath, with: Array("version=\(LogLayout.formatVersion)\n".utf8), files: files)
            try files.synchronizeDirectory(directory)
        }
    }

    /// Creates the folder and those above it, and makes their names durable.
    private static func create(_ path: String, files: Files) throws(StorageError) {
        guard !files.exists(path) else { return }
        var parent = "."
        if let slash = path.lastIndex(of: "/") {
            parent = slash == path.startIndex ? "/" : String(path[..<slash])
            try create(parent, files: files)
        }
        try files.createDirectory(path)
        try files.synchronizeDirectory(parent)
    }

    static func checkVersion(_ path: String, files: Files) throws(StorageError) {
        let text = String(decoding: try LogLayout.read(path, files: files), as: UTF8.self)
        let version = text.split(separator: "\n").first.flatMap {
            $0.hasPrefix("version=") ? Int($0.dropFirst(8)) : nil
        }
        guard let version, version >= 1 else {
            throw StorageError(.foreignDirectory, "'\(path)' does not say which version of a log this is")
        }
        guard version <= LogLayout.formatVersion else {
            throw StorageError(
                .unsupportedVersion,
                "'\(path)' says version \(version), this program knows \(LogLayout.formatVersion): use a newer program")
        }
    }

    func recover(options: LogOptions) throws -> Recovered {
        let topics = try LogLayout.loadTopics(directory: directory, files: files)
        try LogLayout.removeOrphans(topics, directory: directory, files: files)
        let numbers = try CommitJournal<Files>.numbers(in: directory, files: files)
        var loaded: (number: Int, entries: [JournalEntry], content: [UInt8], end: Int64)?
        for number in numbers {
            if let found = try CommitJournal<Files>.load(number, directory: directory, files: files) {
                loaded = (number, found.entries, found.content, found.end)
                break
            }
        }
        // A journal is there before the first topic is.
        guard loaded != nil || topics.isEmpty else {
            throw StorageError(
                .corrupt,
                "'\(directory)' has topics and no readable commit journal, without which it is not known what was "
                    + "committed: restore the directory from a copy, or move it away to begin anew")
        }
        let isClean =
            loaded.map { loaded in
                let mark = LogLayout.cleanMark(journalNumber: loaded.number, byteCount: loaded.end)
                return (try? LogLayout.read("\(directory)/\(LogLayout.cleanShutdown)", files: files)) == mark
            } ?? true
        var report = RecoveryReport()
        report.wasClean = isClean
        if let loaded, !isClean { try replay(loaded.entries, content: loaded.content, topics: topics) }
        var trusted: [PartitionKey: PartitionMark] = [:]
        for mark in loaded?.entries.first?.marks ?? [] { trusted[PartitionKey(mark)] = mark }
        let states = try topics.values.flatMap { topic in
            try (0..<topic.partitionCount).map { number in
                try PartitionRecovery(
                    id: TopicPartition(topic: topic.name, partition: number), topic: topic, directory: directory,
                    files: files, isClean: isClean,
                    trusted: trusted[PartitionKey(topicID: topic.id, partition: number)])
            }
        }
        let marks = try newestConsistent(loaded?.entries ?? [], states: states, report: &report)
        var partitions: [TopicPartition: PartitionLog<Files>] = [:]
        for state in states {
            partitions[state.id] = try state.restore(to: marks[state.key], options: options, report: &report)
        }
        try files.remove("\(directory)/\(LogLayout.cleanShutdown)")
        try files.synchronizeDirectory(directory)
        let journal = try CommitJournal(
            files: files, directory: directory, number: (numbers.first ?? 0) + 1,
            sequence: (loaded?.entries.last?.sequence ?? 0) + 1,
            marks: partitions.values.sorted { $0.id.description < $1.id.description }.map(\.mark))
        for number in numbers { try? files.remove(CommitJournal<Files>.path(directory, number)) }
        for log in partitions.values { log.removeOldSnapshots() }
        return Recovered(topics: topics, partitions: partitions, journal: journal, report: report)
    }

    /// Writes the batches that the journal holds to where they belong. Only a partition's last segment can lack them: one
    /// before it was made durable before its successor was begun, and may have been compacted since.
    private func replay(
        _ entries: [JournalEntry], content: [UInt8], topics: [String: TopicDescription]
    ) throws(StorageError) {
        var names: [TopicID: String] = [:]
        for topic in topics.values { names[topic.id] = topic.name }
        var open: [PartitionKey: (base: Offset, log: Files.File)] = [:]
        for batch in entries.lazy.flatMap(\.batches) {
            guard let name = names[batch.topicID] else { continue }
            let key = PartitionKey(topicID: batch.topicID, partition: batch.partition)
            if open[key] == nil {
                let folder = "\(directory)/\(TopicPartition(topic: name, partition: batch.partition))"
                guard files.exists(folder),
                    let last = try Segment<Files>.baseOffsets(in: folder, files: files).last
                else { continue }
                open[key] = (last, try files.open(Segment<Files>.path(folder, last, ".log"), .readWrite))
            }
            guard let (base, log) = open[key], base == batch.segmentBaseOffset else { continue }
            try log.write(content.span.extracting(batch.byteRange), at: batch.position)
        }
    }

    /// The marks after the newest entry that is borne out, with all before it, by the partitions' data.
    private func newestConsistent(
        _ entries: [JournalEntry], states: [PartitionRecovery<Files>], report: inout RecoveryReport
    ) throws(StorageError) -> [PartitionKey: PartitionMark] {
        var byKey: [PartitionKey: PartitionRecovery<Files>] = [:]
        for state in states { byKey[state.key] = state }
        var marks: [PartitionKey: PartitionMark] = [:]
        for (index, entry) in entries.enumerated() {
            // Marks of topics that have been deleted since are of no account.
            let relevant = entry.marks.filter { byKey[PartitionKey($0)] != nil }
            guard relevant.allSatisfy({ byKey[PartitionKey($0)]?.bears($0) ?? true }) else {
                guard index > 0 else {
                    throw StorageError(
                        .corrupt,
                        "the partitions in '\(directory)' have lost data that was durable when the commit journal was "
                            + "begun: restore the directory from a copy, or move it away to begin anew")
                }
                report.discardedCommitCount = entries.count - index
                break
            }
            for mark in relevant { marks[PartitionKey(mark)] = mark }
        }
        return marks
    }
}

struct PartitionKey: Hashable {
    let topicID: TopicID
    let partition: Int32
    init(topicID: TopicID, partition: Int32) {
        self.topicID = topicID
        self.partition = partition
    }
    init(_ mark: PartitionMark) { self.init(topicID: mark.topicID, partition: mark.partition) }
}
