public import ChangeModel
public import KafkaProtocol

/// What becomes durable together: records for any number of partitions, and the state the source resumes from once they
/// are. One owner at a time; the session takes it over in `submit`.
public final class RecordGroup: @unchecked Sendable {
    /// One open batch for each partition that has records.
    public internal(set) var batches: [(partition: TopicPartition, builder: RecordBatchBuilder)] = []
    /// What `restoredState` returns once this group is the newest durable one.
    public var state: [UInt8] = []
    /// What the source may acknowledge once this group is durable.
    public var position: LSN = .invalid
    public internal(set) var recordCount = 0
    public internal(set) var byteCount = 0

    public init() {}
}
