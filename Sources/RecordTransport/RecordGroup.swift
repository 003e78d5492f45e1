public import ChangeModel
public import KafkaProtocol

/// What becomes durable together: records for any number of partitions, and the state the source resumes from once they
/// are. One owner at a time; the session takes it over in `submit`.
public final class RecordGroup: @unchecked Sendable {
    /// The batches in the order in which they were begun; a partition with many records has several.
    public internal(set) var batches: [(partition: TopicPartition, builder: RecordBatchBuilder)] = []
    /// What `restoredState` returns once this group is the newest durable one; empty to leave it as it is.
    public var state: [UInt8] = []
    /// What the source may acknowledge once this group is durable.
    public var position: LSN = .invalid
    /// How many changes of the source this group brings; a change may be no record, one or several.
    public var changeCount: UInt64 = 0
    public internal(set) var recordCount = 0
    /// The records' bytes, uncompressed.
    public internal(set) var byteCount = 0
    private var spare: [RecordBatchBuilder] = []

    public init() {}

    /// Nothing to write and nothing to remember.
    public var isEmpty: Bool { batches.isEmpty && state.isEmpty }

    /// Begins a batch for a partition.
    func begin(_ partition: TopicPartition) -> RecordBatchBuilder {
        let builder = spare.popLast() ?? RecordBatchBuilder()
        batches.append((partition, builder))
        return builder
    }

    /// Forgets the content and keeps the memory of a few builders.
    func removeAll() {
        for (_, builder) in batches where spare.count < 16 {
            builder.removeAll()
            if builder.capacity <= 4 << 20 { spare.append(builder) }
        }
        batches.removeAll(keepingCapacity: true)
        state = []
        position = .invalid
        recordCount = 0
        changeCount = 0
        byteCount = 0
    }
}
