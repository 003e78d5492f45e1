import ByteCoding
import ChangeModel

/// Keeps every record as text, for tests of encoders.
struct CollectingSink: RecordSink {
    struct Record: Equatable {
        var topic: String
        var key: String?
        var value: String?
        /// `name=value`, in order.
        var headers: [String]
    }

    private(set) var topics: [String] = []
    private(set) var records: [Record] = []
    private(set) var timestamps: [Int64] = []
    /// A topic with this name is refused.
    var refusedTopic: String?

    mutating func topic(named name: String) throws(TopicError) -> TopicHandle {
        if name == refusedTopic { throw TopicError(topic: name, reason: "refused by the test") }
        if let known = topics.firstIndex(of: name) { return TopicHandle(rawValue: Int32(known)) }
        topics.append(name)
        return TopicHandle(rawValue: Int32(topics.count - 1))
    }

    mutating func append(
        to topic: TopicHandle, timestamp: Int64, key: Span<UInt8>, hasKey: Bool, value: Span<UInt8>, hasValue: Bool,
        headers: Span<UInt8>
    ) {
        timestamps.append(timestamp)
        records.append(
            Record(
                topic: topics[Int(topic.rawValue)], key: hasKey ? Self.text(key) : nil,
                value: hasValue ? Self.text(value) : nil, headers: Self.headers(headers)))
    }

    mutating func removeAll() {
        records.removeAll()
        timestamps.removeAll()
    }

    private static func text(_ bytes: Span<UInt8>) -> String {
        var copy: [UInt8] = []
        for index in bytes.indices { copy.append(bytes[index]) }
        return String(decoding: copy, as: UTF8.self)
    }

    private static func headers(_ bytes: Span<UInt8>) -> [String] {
        var reader = ByteReader(bytes)
        var result: [String] = []
        do {
            for _ in 0..<(try reader.readVarInt()) {
                let key = text(try reader.readBytes(Int(try reader.readVarInt())))
                let length = try reader.readVarInt()
                result.append(length < 0 ? key : key + "=" + text(try reader.readBytes(Int(length))))
            }
        } catch { result.append("malformed: \(error)") }
        return reader.isAtEnd ? result : result + ["trailing bytes"]
    }
}
