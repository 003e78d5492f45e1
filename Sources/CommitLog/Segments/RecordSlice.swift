public import ByteCoding
public import ChangeModel

/// What a read returned: whole batches as they stand on disk, and where to go on.
@frozen public struct RecordSlice: ~Copyable, Sendable {
    /// Zero or more whole batches. The first may begin before the offset that was asked for, as in Kafka.
    public var bytes: ByteBuffer
    /// The offset behind the last batch; the one that was asked for when there is none.
    public var nextOffset: Offset
    /// The first offset that was not yet committed when the read was made.
    public var highWatermark: Offset
    public var logStartOffset: Offset
}
