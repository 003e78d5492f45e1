public import ChangeModel
public import KafkaProtocol

/// A record with its own copy of everything.
public struct FetchedRecord: Sendable, Equatable {
    public let offset: Offset
    /// Milliseconds since 1970.
    public let timestamp: Int64
    public let key: [UInt8]?
    /// nil for a tombstone.
    public let value: [UInt8]?
    public let headers: [RecordHeader]
    public init(offset: Offset, timestamp: Int64, key: [UInt8]?, value: [UInt8]?, headers: [RecordHeader]) {
        self.offset = offset
        self.timestamp = timestamp
        self.key = key
        self.value = value
        self.headers = headers
    }
}
