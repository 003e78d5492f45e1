public import ChangeModel

/// Reading from the log: what `tail`, sinks and jobs see of it. The embedded log and a Kafka cluster both answer these.
///
/// Only committed records are given. Safe to use from any task; nothing here holds a writer up.
public protocol RecordReader: Sendable {
    /// Every topic, by name.
    func topics() async throws(TransportError) -> [TopicSummary]

    /// The offsets that can be read: from the earliest kept to the next one to be committed.
    func offsets(of partition: TopicPartition) async throws(TransportError) -> Range<Offset>

    /// The first record whose timestamp is `timestamp` (milliseconds since 1970) or later, or nil.
    func offset(of partition: TopicPartition, atOrAfter timestamp: Int64) async throws(TransportError) -> Offset?

    /// Records from `offset` on, about `byteCountMax` bytes of them as they stand in the log and at least one batch.
    /// - Parameter maxWait: how long to wait where there is none yet; the answer is then empty.
    /// - Throws: ``TransportError/Code/offsetOutOfRange`` for an offset that is not kept any more or lies ahead.
    func read(
        from offset: Offset, in partition: TopicPartition, byteCountMax: Int, maxWait: Duration
    ) async throws(TransportError) -> FetchedRecords

    /// Returns when anything at all was committed since the last call with the same `token`, or the time is up; for
    /// readers of many partitions. Begin with 0 and pass what the last call returned.
    func waitForNews(since token: UInt64, maxWait: Duration) async -> UInt64
}
