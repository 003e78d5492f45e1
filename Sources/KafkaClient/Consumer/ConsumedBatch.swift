internal import CRdkafka
public import ChangeModel

/// What one poll brought, still in librdkafka's memory; freed with the value.
public struct ConsumedBatch: ~Copyable, @unchecked Sendable {
    var messages: [UnsafeMutablePointer<rd_kafka_message_t>] = []
    /// Partitions whose end was reached; only with `enable.partition.eof`.
    public internal(set) var partitionEnds: [PartitionOffset] = []

    init() {}

    deinit { for message in messages { rd_kafka_message_destroy(message) } }

    public var recordCount: Int { messages.count }

    public func offset(at index: Int) -> Int64 { messages[index].pointee.offset }

    public func partition(at index: Int) -> TopicPartition {
        let message = messages[index]
        return TopicPartition(
            topic: String(cString: rd_kafka_topic_name(message.pointee.rkt)), partition: message.pointee.partition)
    }

    /// Lends a record's key, without a copy. nil for no key.
    public func withKey<Result>(at index: Int, _ body: (Span<UInt8>?) throws -> Result) rethrows -> Result {
        let message = messages[index].pointee
        guard let key = message.key else { return try body(nil) }
        let bytes = UnsafeBufferPointer(start: key.assumingMemoryBound(to: UInt8.self), count: message.key_len)
        return try body(bytes.span)
    }

    /// Lends a record's value, without a copy. nil for a tombstone.
    public func withValue<Result>(at index: Int, _ body: (Span<UInt8>?) throws -> Result) rethrows -> Result {
        let message = messages[index].pointee
        guard let value = message.payload else { return try body(nil) }
        let bytes = UnsafeBufferPointer(start: value.assumingMemoryBound(to: UInt8.self), count: message.len)
        return try body(bytes.span)
    }

    /// A copy of a record.
    public func record(at index: Int) -> ConsumedRecord {
        let pointer = messages[index]
        let message = pointer.pointee
        return ConsumedRecord(
            partition: partition(at: index), offset: message.offset,
            timestamp: rd_kafka_message_timestamp(pointer, nil), key: Self.bytes(message.key, message.key_len),
            value: Self.bytes(message.payload, message.len), headers: Self.headers(pointer))
    }

    public func records() -> [ConsumedRecord] { (0..<recordCount).map { record(at: $0) } }

    private static func bytes(_ start: UnsafeMutableRawPointer?, _ count: Int) -> [UInt8]? {
        start.map { Array(UnsafeRawBufferPointer(start: $0, count: count)) }
    }

    private static func headers(_ message: UnsafePointer<rd_kafka_message_t>) -> [RecordHeader] {
        var list: OpaquePointer?
        guard rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR, let list else { return [] }
        var result: [RecordHeader] = []
        var name: UnsafePointer<CChar>?
        var value: UnsafeRawPointer?
        var count = 0
        while rd_kafka_header_get_all(list, result.count, &name, &value, &count) == RD_KAFKA_RESP_ERR_NO_ERROR {
            result.append(
                RecordHeader(
                    name: name.map { String(cString: $0) } ?? "",
                    value: value.map { Array(UnsafeRawBufferPointer(start: $0, count: count)) }))
        }
        return result
    }
}
