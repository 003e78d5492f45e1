public import ChangeModel
internal import CommitLog
internal import Compression

/// Reads the embedded log in the process that writes it.
public struct EmbeddedReader: RecordReader {
    private let log: CommitLog<PosixFileSystem>

    init(log: CommitLog<PosixFileSystem>) { self.log = log }

    public func topics() async throws(TransportError) -> [TopicSummary] {
        log.topics.map { topic in
            TopicSummary(
                name: topic.name, partitionCount: topic.partitionCount, configuration: topic.configuration.overrides)
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
        let view = try view(partition)
        let clock = ContinuousClock()
        let deadline = clock.now + maxWait
        while true {
            let generation = log.signal.generation
            let slice: RecordSlice
            do throws(StorageError) {
                slice = try view.read(from: offset, byteCountMax: byteCountMax)
            } catch {
                throw TransportError(error)
            }
            let rest = clock.now.duration(to: deadline)
            if slice.nextOffset > offset || rest <= .zero || Task.isCancelled {
                return FetchedRecords(slice, from: offset)
            }
            await log.signal.wait(past: generation, timeout: rest)
        }
    }

    public func waitForNews(since token: UInt64, maxWait: Duration) async -> UInt64 {
        await log.signal.wait(past: token, timeout: maxWait)
        return log.signal.generation
    }

    private func view(_ partition: TopicPartition) throws(TransportError) -> PartitionView<PosixFileSystem> {
        do throws(StorageError) { return try log.view(partition) } catch { throw TransportError(error) }
    }
}

extension EmbeddedTransport {
    /// Reads this log.
    public var reader: EmbeddedReader { EmbeddedReader(log: log) }
}
