internal import ByteCoding
internal import ChangeModel
internal import KafkaProtocol

/// The log itself: topics, partitions and the journal, written by one thread. `CommitLog` owns one and gives it that
/// thread; tests drive one directly.
final class LogStore<Files: FileSystem> {
    let files: Files
    let directory: String
    let options: LogOptions
    private(set) var topics: [String: TopicDescription] = [:]
    private(set) var partitions: [TopicPartition: PartitionLog<Files>] = [:]
    private(set) var journal: CommitJournal<Files>
    /// What opening found and did.
    let recovery: RecoveryReport
    /// Set when the disk's content is in doubt; nothing can be committed any more.
    private(set) var failure: StorageError?
    /// What compaction has done.
    var cleaned: CleanerCheckpoint
    let observer: CommitObserver
    private let lock: any Sendable
    /// What holds commits that neither a file nor the journal has on disk.
    private var unsynchronized: [ObjectIdentifier: PartitionLog<Files>] = [:]
    /// What has been written to since the journal was begun, and how much.
    private var sinceCheckpoint: [ObjectIdentifier: PartitionLog<Files>] = [:]
    private var byteCountSinceCheckpoint: Int64 = 0

    /// Opens or creates the log in `directory` and recovers it.
    init(
        directory: String, files: Files, options: LogOptions, observer: CommitObserver = CommitObserver()
    ) throws {
        self.directory = directory
        self.files = files
        self.options = options
        self.observer = observer
        let opening = try LogOpening(directory: directory, files: files)
        lock = opening.lock
        let recovered = try opening.recover(options: options)
        topics = recovered.topics
        partitions = recovered.partitions
        journal = recovered.journal
        recovery = recovered.report
        cleaned = CleanerCheckpoint.load(directory: directory, files: files)
        cleaned.offsets = cleaned.offsets.filter { partitions[$0.key] != nil }
    }

    // MARK: Committing

    /// Writes the requests and makes them durable together, as far as the flush policy says, then shows them to readers
    /// and answers each. A request that is not acceptable in itself is answered with its error and stops no other.
    func commit(_ requests: [CommitRequest]) {
        if let failure {
            for request in requests { request.fail(failure) }
            return
        }
        let now = options.now()
        var written: [CommitRequest] = []
        var touched: [ObjectIdentifier: (log: PartitionLog<Files>, checkpoint: PartitionLog<Files>.Checkpoint)] = [:]
        var journaled: [(batch: JournaledBatch, request: CommitRequest)] = []
        let journalBefore = journal
        do throws(StorageError) {
            for request in requests {
                if let refusal = refusal(of: request) {
                    request.refuse(refusal)
                    continue
                }
                written.append(request)
                try write(request, now: now, touched: &touched, journaled: &journaled)
            }
            try secure(touched.values.map(\.log), of: written, journaled)
        } catch {
            undo(touched, journalBefore, because: error)
            for request in written { request.fail(failure ?? error) }
            return
        }
        for (key, (log, _)) in touched {
            log.publish()
            sinceCheckpoint[key] = log
        }
        byteCountSinceCheckpoint += journaled.reduce(0) { $0 + Int64($1.batch.byteRange.count) }
        for request in written {
            request.succeed { request.batches.first.flatMap { partitions[$0.partition]?.logStartOffset } ?? .zero }
        }
        observer.notify { touched.values.map(\.log.id) }
        if hasPending, touched.values.contains(where: { $0.log.isFlushDue }) { synchronizePending() }
        if journal.position > options.journalByteCountMax
            || byteCountSinceCheckpoint > options.checkpointByteCountMax
        {
            rotateJournal()
        }
    }

    /// Records in the journal what a round has changed, and makes it durable where one of its writers must know that it is.
    private func secure(
        _ changed: [PartitionLog<Files>], of requests: [CommitRequest],
        _ journaled: [(batch: JournaledBatch, request: CommitRequest)]
    ) throws(StorageError) {
        guard !changed.isEmpty else { return }
        guard requests.contains(where: { options.flush(of: $0) == .commit }) else {
            for log in changed { unsynchronized[ObjectIdentifier(log)] = log }
            return try journal.append(changed.map(\.mark))
        }
        // A commit counts only with all before it, so what earlier rounds left to the operating system comes first.
        for log in unsynchronized.values { try log.synchronize() }
        if journaled.reduce(0, { $0 + $1.batch.byteRange.count }) <= options.journaledByteCountMax {
            try journal.append(changed.map(\.mark), batches: journaled)
        } else {
            for log in changed { try log.synchronize() }
            try journal.append(changed.map(\.mark))
        }
        try journal.synchronize()
        unsynchronized.removeAll()
    }

    /// Holds a request against its topics' settings, and its batches against what their producers wrote before, this
    /// round's earlier requests included.
    /// - Returns: why the request cannot be written.
    private func refusal(of request: CommitRequest) -> AppendError? {
        if let failure = request.lane?.failure { return .storage(failure) }
        for (index, batch) in request.batches.enumerated() {
            guard let log = partitions[batch.partition] else { return .unknownTopicOrPartition(batch.partition) }
            guard batch.bytes.count >= RecordBatchHeader.byteCount else {
                return .invalidRecord("a batch for \(batch.partition) is shorter than its header")
            }
            guard Int64(batch.bytes.count) <= log.configuration.messageBytesMax else {
                return .messageTooLarge(
                    byteCount: batch.bytes.count, byteCountMax: Int(log.configuration.messageBytesMax))
            }
            guard batch.origin != .source else { continue }
            do throws(AppendError) {
                if case .duplicate(let offset) = try Self.admit(request.buffer, batch, to: log) {
                    request.setBaseOffset(offset, ofBatch: index, isDuplicate: true)
                }
            } catch {
                return error
            }
        }
        return nil
    }

    private static func admit(
        _ buffer: borrowing ByteBuffer, _ batch: CommitRequest.Batch, to log: PartitionLog<Files>
    ) throws(AppendError) -> ProducerTable.Admission {
        let bytes = buffer.span.extracting(batch.bytes)
        let marker: TransactionMarker?
        let header: RecordBatchHeader
        do throws(DecodeError) {
            header = try RecordBatchHeader(parsing: bytes)
            marker = try TransactionMarker(parsing: bytes, header: header)
        } catch {
            throw .invalidRecord("a batch for \(log.id) is not valid: \(error)")
        }
        guard header.producerID >= 0 else { return .append }
        if let marker {
            try log.producers.admit(marker)
            return .append
        }
        return try log.producers.admit(header, from: batch.origin)
    }

    private func write(
        _ request: CommitRequest, now: Int64,
        touched: inout [ObjectIdentifier: (log: PartitionLog<Files>, checkpoint: PartitionLog<Files>.Checkpoint)],
        journaled: inout [(batch: JournaledBatch, request: CommitRequest)]
    ) throws(StorageError) {
        for (index, batch) in request.batches.enumerated() where !batch.isDuplicate {
            guard let log = partitions[batch.partition] else { continue }
            let key = ObjectIdentifier(log)
            if touched[key] == nil { touched[key] = (log, log.checkpoint) }
            let baseOffset = log.nextOffset
            RecordBatchEncoder.setBaseOffset(baseOffset, in: &request.buffer, at: batch.bytes.lowerBound)
            RecordBatchEncoder.setLeaderEpoch(
                log.epochs.current, in: &request.buffer, at: batch.bytes.lowerBound)
            request.setBaseOffset(baseOffset, ofBatch: index)
            try Self.append(request.buffer, batch.bytes, to: log, now: now)
            journaled.append(
                (
                    JournaledBatch(
                        topicID: log.topicID, partition: log.id.partition,
                        segmentBaseOffset: log.active.baseOffset,
                        position: log.active.position - Int64(batch.bytes.count), byteRange: batch.bytes), request
                ))
        }
    }

    private static func append(
        _ buffer: borrowing ByteBuffer, _ range: Range<Int>, to log: PartitionLog<Files>, now: Int64
    ) throws(StorageError) {
        let batch = buffer.span.extracting(range)
        let header: RecordBatchHeader
        do throws(DecodeError) {
            header = try RecordBatchHeader(parsing: batch)
        } catch {
            throw StorageError(.invalidBatch, "a batch for \(log.id) is not valid: \(error)")
        }
        try log.append(batch, header: header, now: now)
    }

    /// Puts everything back as it was before a commit that failed. When that fails too, or the disk could not sync, what
    /// is on it is not known any more, and only recovery can tell.
    private func undo(
        _ touched: [ObjectIdentifier: (log: PartitionLog<Files>, checkpoint: PartitionLog<Files>.Checkpoint)],
        _ journalBefore: CommitJournal<Files>, because error: StorageError
    ) {
        do throws(StorageError) {
            journal = journalBefore
            try journal.restore()
            for (log, checkpoint) in touched.values { try log.restore(checkpoint) }
        } catch {
            failure = StorageError(.closed, "the log stopped because a failed commit could not be undone: \(error)")
        }
        if error.code != .diskFull, error.code != .invalidBatch, failure == nil {
            stop(because: error)
        }
    }

    /// Begins a new journal. What only the old one holds, or nothing yet, becomes durable first: a journal's first entry
    /// is what recovery falls back to.
    private func rotateJournal() {
        do throws(StorageError) {
            for log in sinceCheckpoint.values { try log.seal() }
            try journal.rotate(snapshot())
            for log in sinceCheckpoint.values { log.removeOldSnapshots() }
            sinceCheckpoint.removeAll()
            unsynchronized.removeAll()
            byteCountSinceCheckpoint = 0
        } catch {
            // A full disk is no reason to stop: the present journal goes on, and the next commit tries again.
            if error.code != .diskFull { stop(because: error) }
        }
    }

    private func stop(because error: StorageError) {
        failure = StorageError(
            error.code, "the log stopped because its disk failed, restart to recover it: \(error.detail)")
    }

    private func snapshot() -> [PartitionMark] {
        partitions.values.sorted { $0.id.description < $1.id.description }.map(\.mark)
    }

    /// Whether something is in the operating system's hands only.
    var hasPending: Bool { !unsynchronized.isEmpty }

    /// How long what is written may stay in the operating system's hands only; nil where nothing says so.
    var flushDelay: Duration? {
        var delay: Duration?
        for case .interval(let duration) in [options.flush, options.clientFlush ?? options.flush] {
            delay = min(delay ?? duration, duration)
        }
        for log in unsynchronized.values where log.configuration.flushMilliseconds < .max {
            delay = min(delay ?? .seconds(1 << 40), .milliseconds(log.configuration.flushMilliseconds))
        }
        return delay
    }

    /// Makes durable what is in the operating system's hands only.
    func synchronizePending() {
        guard !unsynchronized.isEmpty, failure == nil else { return }
        do throws(StorageError) {
            for log in unsynchronized.values { try log.synchronize() }
            try journal.synchronize()
            unsynchronized.removeAll()
        } catch {
            stop(because: error)
        }
    }

    /// Makes everything durable and leaves the mark that spares the next start its check.
    func close() throws(StorageError) {
        guard failure == nil else { return }
        for log in partitions.values { try log.seal() }
        try journal.synchronize()
        let mark = try files.open(directory + "/" + LogLayout.cleanShutdown, .create)
        let text = LogLayout.cleanMark(journalNumber: journal.number, byteCount: journal.position)
        try mark.truncate(to: 0)
        try mark.write(text.span, at: 0)
        try mark.synchronize()
        try files.synchronizeDirectory(directory)
        failure = StorageError(.closed, "the log was closed")
    }

    // MARK: Topics

    func createTopic(
        _ name: String, partitionCount: Int32?, settings: [String: String]
    ) throws(StorageError) -> TopicDescription {
        try requireOpen()
        try TopicDescription.validate(name: name)
        guard topics[name] == nil else { throw StorageError(.topicExists, "topic '\(name)' exists") }
        let count = partitionCount ?? options.defaultPartitionCount
        guard (1...TopicDescription.partitionCountMax).contains(count) else {
            throw StorageError(
                .invalidTopic,
                "topic '\(name)' cannot have \(count) partitions: use 1 to \(TopicDescription.partitionCountMax)")
        }
        let description = TopicDescription(
            name: name, id: options.makeTopicID(), partitionCount: count, createdAt: options.now(),
            configuration: try TopicConfiguration(options.topicDefaults.merging(settings) { $1 }))
        let made = try makePartitions(0..<count, of: description)
        try LogLayout.write(description, directory: directory, files: files)
        topics[name] = description
        for log in made { partitions[log.id] = log }
        return description
    }

    /// Gives a topic more partitions.
    func addPartitions(_ name: String, count: Int32) throws(StorageError) -> TopicDescription {
        try requireOpen()
        guard var topic = topics[name] else { throw StorageError(.unknownTopic, "there is no topic '\(name)'") }
        guard count > topic.partitionCount, count <= TopicDescription.partitionCountMax else {
            throw StorageError(
                .invalidTopic,
                "topic '\(name)' has \(topic.partitionCount) partitions and cannot have \(count): use more, at most "
                    + "\(TopicDescription.partitionCountMax)")
        }
        let first = topic.partitionCount
        topic.partitionCount = count
        let made = try makePartitions(first..<count, of: topic)
        try LogLayout.write(topic, directory: directory, files: files)
        topics[name] = topic
        for log in made { partitions[log.id] = log }
        return topic
    }

    private func makePartitions(
        _ numbers: Range<Int32>, of topic: TopicDescription
    ) throws(StorageError) -> [PartitionLog<Files>] {
        var made: [PartitionLog<Files>] = []
        for number in numbers {
            made.append(
                try LogLayout.createPartition(
                    TopicPartition(topic: topic.name, partition: number), of: topic, directory: directory, files: files)
            )
        }
        try files.synchronizeDirectory(directory)
        return made
    }

    func requireOpen() throws(StorageError) {
        if let failure { throw failure }
    }

    func forget(_ topic: TopicDescription) {
        topics[topic.name] = nil
        for number in 0..<topic.partitionCount {
            let id = TopicPartition(topic: topic.name, partition: number)
            if let log = partitions.removeValue(forKey: id) {
                unsynchronized[ObjectIdentifier(log)] = nil
                sinceCheckpoint[ObjectIdentifier(log)] = nil
            }
            cleaned.offsets[id] = nil
        }
    }

    func replace(_ topic: TopicDescription) {
        topics[topic.name] = topic
        for number in 0..<topic.partitionCount {
            partitions[TopicPartition(topic: topic.name, partition: number)]?.configuration = topic.configuration
        }
    }

    /// Writes partitions' marks to the journal outside of a commit.
    func record(_ logs: [PartitionLog<Files>]) throws(StorageError) {
        let before = journal
        do throws(StorageError) {
            try journal.append(logs.map(\.mark))
            try journal.synchronize()
        } catch {
            undo([:], before, because: error)
            throw error
        }
        if journal.position > options.journalByteCountMax { rotateJournal() }
    }
}
