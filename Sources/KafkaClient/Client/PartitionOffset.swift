internal import CRdkafka
public import ChangeModel
internal import Glibc

/// A partition with an offset in it, and what the cluster said about it.
public struct PartitionOffset: Sendable, Hashable {
    public var partition: TopicPartition
    /// An offset, or one of librdkafka's logical ones.
    public var offset: Int64
    /// Free text that was committed with the offset.
    public var metadata: String
    public var error: KafkaErrorCode?

    public init(_ partition: TopicPartition, offset: Int64, metadata: String = "") {
        self.partition = partition
        self.offset = offset
        self.metadata = metadata
    }

    public static let beginning = Int64(RD_KAFKA_OFFSET_BEGINNING)
    public static let end = Int64(RD_KAFKA_OFFSET_END)
    /// The group's committed offset.
    public static let stored = Int64(RD_KAFKA_OFFSET_STORED)
    /// Nothing is known or committed.
    public static let invalid = Int64(RD_KAFKA_OFFSET_INVALID)
}

/// A list of partitions in librdkafka's form, owned by the value.
struct PartitionList: ~Copyable {
    private let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    init(_ entries: [PartitionOffset]) {
        pointer = rd_kafka_topic_partition_list_new(Int32(entries.count))
        for entry in entries {
            guard
                let added = rd_kafka_topic_partition_list_add(
                    pointer, entry.partition.topic, entry.partition.partition)
            else { continue }
            added.pointee.offset = entry.offset
            if !entry.metadata.isEmpty {
                // librdkafka frees the copy with the list.
                let bytes = Array(entry.metadata.utf8)
                let copy = malloc(bytes.count)
                bytes.withUnsafeBytes { source in
                    if let base = source.baseAddress { copy?.copyMemory(from: base, byteCount: source.count) }
                }
                added.pointee.metadata = copy
                added.pointee.metadata_size = bytes.count
            }
        }
    }

    init(topics: [String]) {
        pointer = rd_kafka_topic_partition_list_new(Int32(topics.count))
        for topic in topics { rd_kafka_topic_partition_list_add(pointer, topic, anyPartition) }
    }

    /// Takes over a list that librdkafka allocated.
    init(owning list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) { pointer = list }

    deinit { rd_kafka_topic_partition_list_destroy(pointer) }

    var entries: [PartitionOffset] { Self.entries(of: pointer) }

    /// Lends the list, which lives as long as the call at least.
    borrowing func withPointer<Result>(
        _ body: (UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) -> Result
    ) -> Result { body(pointer) }

    static func entries(of list: UnsafePointer<rd_kafka_topic_partition_list_t>) -> [PartitionOffset] {
        (0..<Int(list.pointee.cnt)).map { index in
            let element = list.pointee.elems[index]
            var entry = PartitionOffset(
                TopicPartition(topic: String(cString: element.topic), partition: element.partition),
                offset: element.offset)
            if let metadata = element.metadata, element.metadata_size > 0 {
                entry.metadata = String(
                    decoding: UnsafeRawBufferPointer(start: metadata, count: element.metadata_size), as: UTF8.self)
            }
            if element.err != RD_KAFKA_RESP_ERR_NO_ERROR {
                entry.error = KafkaErrorCode(rawValue: element.err.rawValue)
            }
            return entry
        }
    }
}

/// "Any partition": the macro's cast keeps Swift from importing it.
let anyPartition: Int32 = -1
