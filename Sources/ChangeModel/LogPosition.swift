/// A position in a partition: the number of a record, counted from the partition's first.
@frozen public struct Offset: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
    public let rawValue: Int64
    @inlinable public init(rawValue: Int64) { self.rawValue = rawValue }
    @inlinable public static func < (a: Offset, b: Offset) -> Bool { a.rawValue < b.rawValue }
    @inlinable public static var zero: Offset { Offset(rawValue: 0) }
    @inlinable public func advanced(by count: Int) -> Offset { Offset(rawValue: rawValue + Int64(count)) }
}

extension Offset: CustomStringConvertible { public var description: String { String(rawValue) } }

/// A partition of a topic.
public struct TopicPartition: Hashable, Sendable, CustomStringConvertible {
    public let topic: String
    /// Counted from 0.
    public let partition: Int32
    public init(topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }
    /// As Kafka names a partition's folder: `orders-0`.
    public var description: String { "\(topic)-\(partition)" }
}
