public import ChangeModel

/// A record that was read, with bytes of its own.
public struct ConsumedRecord: Sendable, Hashable {
    public var partition: TopicPartition
    public var offset: Int64
    /// Milliseconds since 1970; negative when the record has none.
    public var timestamp: Int64
    public var key: [UInt8]?
    public var value: [UInt8]?
    public var headers: [RecordHeader]
}
