public import ByteCoding

/// ListOffsets as it was in version 0, which Kafka 4's definitions do not have any more and older tools still send:
///
///     request: replicaId int32 · topics [name string, partitions [index int32, timestamp int64, maxNumOffsets int32]]
///     response: topics [name string, partitions [index int32, errorCode int16, offsets [int64]]]
public struct ListOffsetsV0Request: KafkaRequest {
    public typealias Response = ListOffsetsV0Response
    public static let apiKey: Int16 = 2
    public static let validVersions: ClosedRange<Int16> = 0...0
    public static let flexibleVersions: PartialRangeFrom<Int16>? = nil

    public struct Partition: Sendable, Equatable {
        public var index: Int32
        /// Milliseconds since 1970; -1 for the end, -2 for the start.
        public var timestamp: Int64
        public var offsetCountMax: Int32

        public init(index: Int32, timestamp: Int64, offsetCountMax: Int32 = 1) {
            self.index = index
            self.timestamp = timestamp
            self.offsetCountMax = offsetCountMax
        }
    }

    public struct Topic: Sendable, Equatable {
        public var name: String
        public var partitions: [Partition]
        public init(name: String, partitions: [Partition]) {
            self.name = name
            self.partitions = partitions
        }
    }

    public var replicaID: Int32 = -1
    public var topics: [Topic] = []

    public init() {}

    public init(decoding reader: inout ByteReader, version: Int16) throws(DecodeError) {
        try Self.check(version)
        replicaID = try reader.read(Int32.self)
        for _ in 0..<(try reader.readArrayCount(elementByteCount: 6)) {
            var topic = Topic(name: try reader.readString(flexible: false), partitions: [])
            for _ in 0..<(try reader.readArrayCount(elementByteCount: 16)) {
                topic.partitions.append(
                    Partition(
                        index: try reader.read(Int32.self), timestamp: try reader.read(Int64.self),
                        offsetCountMax: try reader.read(Int32.self)))
            }
            topics.append(topic)
        }
    }

    public func encode(into output: inout ByteBuffer, version: Int16) {
        output.append(bigEndian: replicaID)
        output.append(bigEndian: Int32(topics.count))
        for topic in topics {
            output.append(bigEndian: Int16(topic.name.utf8.count))
            output.append(topic.name)
            output.append(bigEndian: Int32(topic.partitions.count))
            for partition in topic.partitions {
                output.append(bigEndian: partition.index)
                output.append(bigEndian: partition.timestamp)
                output.append(bigEndian: partition.offsetCountMax)
            }
        }
    }
}

/// The answer to ``ListOffsetsV0Request``.
public struct ListOffsetsV0Response: KafkaResponse {
    public static let apiKey: Int16 = 2
    public static let validVersions: ClosedRange<Int16> = 0...0
    public static let flexibleVersions: PartialRangeFrom<Int16>? = nil

    public struct Partition: Sendable, Equatable {
        public var index: Int32
        public var errorCode: Int16
        public var offsets: [Int64]
        public init(index: Int32, errorCode: Int16, offsets: [Int64]) {
            self.index = index
            self.errorCode = errorCode
            self.offsets = offsets
        }
    }

    public struct Topic: Sendable, Equatable {
        public var name: String
        public var partitions: [Partition]
        public init(name: String, partitions: [Partition]) {
            self.name = name
            self.partitions = partitions
        }
    }

    public var topics: [Topic] = []

    public init() {}

    public init(decoding reader: inout ByteReader, version: Int16) throws(DecodeError) {
        try Self.check(version)
        for _ in 0..<(try reader.readArrayCount(elementByteCount: 6)) {
            var topic = Topic(name: try reader.readString(flexible: false), partitions: [])
            for _ in 0..<(try reader.readArrayCount(elementByteCount: 10)) {
                var partition = Partition(
                    index: try reader.read(Int32.self), errorCode: try reader.read(Int16.self), offsets: [])
                for _ in 0..<(try reader.readArrayCount(elementByteCount: 8)) {
                    partition.offsets.append(try reader.read(Int64.self))
                }
                topic.partitions.append(partition)
            }
            topics.append(topic)
        }
    }

    public func encode(into output: inout ByteBuffer, version: Int16) {
        output.append(bigEndian: Int32(topics.count))
        for topic in topics {
            output.append(bigEndian: Int16(topic.name.utf8.count))
            output.append(topic.name)
            output.append(bigEndian: Int32(topic.partitions.count))
            for partition in topic.partitions {
                output.append(bigEndian: partition.index)
                output.append(bigEndian: partition.errorCode)
                output.append(bigEndian: Int32(partition.offsets.count))
                for offset in partition.offsets { output.append(bigEndian: offset) }
            }
        }
    }
}

extension ByteReader {
    /// The count before an array's elements, checked against the bytes that are left.
    @_lifetime(self: copy self)
    fileprivate mutating func readArrayCount(elementByteCount: Int) throws(DecodeError) -> Int {
        let count = Int(try read(Int32.self))
        guard count >= 0, count <= remaining / elementByteCount else {
            throw .malformed("an array longer than its message")
        }
        return count
    }
}
