/// Records to be produced together, laid out in one piece of memory.
///
/// librdkafka sends values straight from that memory: nothing is copied per record but keys and headers, which it always
/// copies. Handing the batch to a producer gives it up.
public struct OutgoingBatch: ~Copyable {
    let storage: BatchStorage

    /// - Parameter byteCount: how many bytes of keys and values to make room for at first; it grows as needed.
    public init(byteCount: Int = 4096) { storage = BatchStorage(capacity: byteCount) }

    public var recordCount: Int { storage.entries.count }
    /// Bytes of keys, values and headers.
    public var byteCount: Int { storage.count }

    /// A topic's place in the batch, for ``append(topic:partition:timestamp:key:value:headers:)``.
    public mutating func topicIndex(_ name: String) -> Int {
        if let index = storage.topics.firstIndex(of: name) { return index }
        storage.topics.append(name)
        return storage.topics.count - 1
    }

    /// Adds a record.
    /// - Parameters:
    ///   - topic: from ``topicIndex(_:)``.
    ///   - partition: nil lets the partitioner choose by the key.
    ///   - timestamp: milliseconds since 1970; nil for the time of producing.
    ///   - key: nil for no key, which is not the same as an empty one.
    ///   - value: nil for a tombstone.
    public mutating func append(
        topic: Int, partition: Int32? = nil, timestamp: Int64? = nil, key: Span<UInt8>?, value: Span<UInt8>?,
        headers: [RecordHeader] = []
    ) {
        precondition(storage.topics.indices.contains(topic), "a topic index comes from topicIndex(_:)")
        storage.entries.append(
            BatchStorage.Entry(
                topic: topic, partition: partition ?? anyPartition, timestamp: timestamp ?? 0,
                key: storage.append(key), value: storage.append(value), headers: headers))
    }
}

/// A batch's memory. One owner at a time: the batch while it is built, then the producer until all is delivered.
final class BatchStorage: @unchecked Sendable {
    /// Bytes in the memory; a missing key or value has a negative count.
    struct Place {
        var start: Int
        var count: Int
    }

    struct Entry {
        var topic: Int
        var partition: Int32
        /// Milliseconds since 1970; at 0 librdkafka takes the time of the call.
        var timestamp: Int64
        var key: Place
        var value: Place
        var headers: [RecordHeader]
    }

    private(set) var memory: UnsafeMutableRawBufferPointer
    private(set) var count = 0
    var topics: [String] = []
    var entries: [Entry] = []

    init(capacity: Int) {
        memory = .allocate(byteCount: max(capacity, 64), alignment: 16)
    }

    deinit { memory.deallocate() }

    func append(_ bytes: Span<UInt8>?) -> Place {
        guard let bytes else { return Place(start: 0, count: -1) }
        if memory.count - count < bytes.count {
            let grown = UnsafeMutableRawBufferPointer.allocate(
                byteCount: max(memory.count * 2, count + bytes.count), alignment: 16)
            grown.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
            memory.deallocate()
            memory = grown
        }
        bytes.withUnsafeBytes { source in
            if !source.isEmpty { UnsafeMutableRawBufferPointer(rebasing: memory[count...]).copyMemory(from: source) }
        }
        defer { count += bytes.count }
        return Place(start: count, count: bytes.count)
    }

    /// nil for what is missing; not nil for what is empty.
    func pointer(_ place: Place) -> UnsafeMutableRawPointer? {
        place.count < 0 ? nil : memory.baseAddress.map { $0 + place.start }
    }
}
