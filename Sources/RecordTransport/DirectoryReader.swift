public import ChangeModel
internal import CommitLog
internal import Compression

/// Reads an embedded log's directory from another process than the one that writes it, without its lock.
///
/// News are found by looking: often while there are some, every 20 ms when it has been quiet.
public actor DirectoryReader: RecordReader {
    private let log: CommitLogReader<PosixFileSystem>
    private var generation: UInt64 = 1
    private static let pollMin = Duration.milliseconds(1)
    private static let pollMax = Duration.milliseconds(20)

    /// - Throws: ``TransportError`` where there is no log, or one of a newer version.
    public init(directory: String) throws(TransportError) {
        PosixFileSystem.raiseFileLimit()
        do throws(StorageError) {
            log = try CommitLogReader(directory: directory, files: PosixFileSystem())
        } catch {
            throw TransportError(error)
        }
    }

    public func topics() async throws(TransportError) -> [TopicSummary] {
        do throws(StorageError) {
            return try log.topics().map { topic in
                TopicSummary(
                    name: topic.name, partitionCount: topic.partitionCount,
                    configuration: topic.configuration.overrides)
            }
        } catch {
            throw TransportError(error)
        }
    }

    public func offsets(of partition: TopicPartition) async throws(TransportError) -> Range<Offset> {
        let view = try view(partition)
        let (earliest, latest) = (view.earliestOffset, view.latestOffset)
        return earliest..<max(earliest, latest)
    }

    public func offset(
        of partition: TopicPartition, atOrAfter timestamp: Int64
    ) async throws(TransportError) -> Offset? {
        let view = try view(partition)
        do throws(StorageError) {
            return try view.offset(atOrAfter: timestamp, codec: StandardCodec())
        } catch {
            throw TransportError(error)
        }
    }

    public func read(
        from offset: Offset, in partition: TopicPartition, byteCountMax: Int, maxWait: Duration
    ) async throws(TransportError) -> FetchedRecords {
        let clock = ContinuousClock()
        let deadline = clock.now + maxWait
        var pause = Self.pollMin
        while true {
            let slice = try slice(from: offset, in: partition, byteCountMax: byteCountMax)
            let rest = clock.now.duration(to: deadline)
            if slice.nextOffset > offset || rest <= .zero || Task.isCancelled {
                return FetchedRecords(slice, from: offset)
            }
            try? await Task.sleep(for: min(pause, rest))
            pause = min(pause * 2, Self.pollMax)
        }
    }

    public func waitForNews(since token: UInt64, maxWait: Duration) async -> UInt64 {
        let clock = ContinuousClock()
        let deadline = clock.now + maxWait
        var pause = Self.pollMin
        while true {
            if (try? log.refresh()) == true { generation += 1 }
            let rest = clock.now.duration(to: deadline)
            if generation != token || rest <= .zero || Task.isCancelled { return generation }
            try? await Task.sleep(for: min(pause, rest))
            pause = min(pause * 2, Self.pollMax)
        }
    }

    private func slice(
        from offset: Offset, in partition: TopicPartition, byteCountMax: Int
    ) throws(TransportError) -> RecordSlice {
        let view = try view(partition)
        do throws(StorageError) {
            return try view.read(from: offset, byteCountMax: byteCountMax)
        } catch {
            guard error.code == .notFound else { throw TransportError(error) }
        }
        do throws(StorageError) {
            try log.relist(partition)
            return try log.view(partition).read(from: offset, byteCountMax: byteCountMax)
        } catch {
            throw TransportError(error)
        }
    }

    private func view(_ partition: TopicPartition) throws(TransportError) -> PartitionView<PosixFileSystem> {
        do throws(StorageError) {
            if try log.refresh() { generation += 1 }
            return try log.view(partition)
        } catch {
            throw TransportError(error)
        }
    }
}
