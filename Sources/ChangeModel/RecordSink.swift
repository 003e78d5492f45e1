/// Where encoders put finished records: the seam between a format and the log.
///
/// Records of one topic keep the order in which they are appended. The sink copies the bytes before it returns, chooses
/// the partition from the key, and allocates nothing per record beyond the growth of its buffers. Called by one thread
/// at a time.
public protocol RecordSink: ~Copyable {
    /// The handle of a topic, made on first use and stable for the sink's life. May create the topic in the log and
    /// therefore block; encoders ask once per table, not per row.
    /// - Throws: ``TopicError`` when the log refuses the name or cannot create the topic.
    mutating func topic(named name: String) throws(TopicError) -> TopicHandle

    /// Appends one record.
    /// - Parameters:
    ///   - timestamp: milliseconds since 1970.
    ///   - key: the key's bytes; ignored when `hasKey` is false (a null key).
    ///   - value: the value's bytes; ignored when `hasValue` is false (a tombstone).
    ///   - headers: the headers as a Kafka record holds them: their count as a zigzag varint, then for each the key's
    ///     length and bytes and the value's length (-1 for null) and bytes.
    mutating func append(
        to topic: TopicHandle, timestamp: Int64, key: Span<UInt8>, hasKey: Bool, value: Span<UInt8>, hasValue: Bool,
        headers: Span<UInt8>)
}

/// A topic as one ``RecordSink`` knows it.
@frozen public struct TopicHandle: RawRepresentable, Hashable, Sendable, BitwiseCopyable {
    public let rawValue: Int32
    @inlinable public init(rawValue: Int32) { self.rawValue = rawValue }
}

/// A topic could not be had.
public struct TopicError: Error, Sendable, CustomStringConvertible {
    public let topic: String
    public let reason: String
    public init(topic: String, reason: String) {
        self.topic = topic
        self.reason = reason
    }
    public var description: String { "topic '\(topic)': \(reason)" }
}
