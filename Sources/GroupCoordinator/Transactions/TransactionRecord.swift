public import ByteCoding
internal import ChangeModel

/// The records of `__transaction_state`, as Kafka's coordinator writes them.
///
/// Key: version int16 = 0, transactional id (string). Value: version int16, then
///
///     producerId int64 · producerEpoch int16 · timeoutMs int32 · status int8
///     partitions [topic string, partitionIds [int32]] (null in state Empty) · lastUpdate int64 · start int64
///
/// Version 0 has strings and arrays of fixed-size lengths; version 1, which we write, compact ones and the tagged fields
/// 0 previousProducerId int64 (-1), 1 nextProducerId int64 (-1), 2 clientTransactionVersion int16 (0). Other tags are
/// skipped: that is how Kafka extends it. A missing value is a tombstone: the id has expired.
public enum TransactionRecord {
    static let tagCountMax: UInt64 = 1_000

    public static func encodeKey(_ transactionalID: String) -> [UInt8] {
        var output = ByteBuffer(capacity: transactionalID.utf8.count + 4)
        output.append(bigEndian: Int16(0))
        output.append(bigEndian: Int16(clamping: transactionalID.utf8.count))
        output.append(transactionalID)
        return output.array()
    }

    /// - Throws: ``DecodeError`` for another version or broken bytes.
    public static func decodeKey(_ bytes: Span<UInt8>) throws(DecodeError) -> String {
        var reader = ByteReader(bytes)
        guard try reader.read(Int16.self) == 0 else {
            throw .malformed("a transaction record whose key version is not 0")
        }
        let length = Int(try reader.read(Int16.self))
        return try text(reader.readBytes(length))
    }

    public static func encodeValue(_ metadata: TransactionMetadata) -> [UInt8] {
        var output = ByteBuffer(capacity: 128)
        output.append(bigEndian: Int16(1))
        output.append(bigEndian: metadata.producerID)
        output.append(bigEndian: metadata.producerEpoch)
        output.append(bigEndian: metadata.timeoutMillis)
        output.append(bigEndian: metadata.state.rawValue)
        if metadata.state == .empty {
            output.append(varUInt: 0)
        } else {
            var topics: [String] = []
            var partitions: [String: [Int32]] = [:]
            for each in metadata.partitions {
                if partitions[each.topic] == nil { topics.append(each.topic) }
                partitions[each.topic, default: []].append(each.partition)
            }
            output.append(varUInt: UInt64(topics.count) + 1)
            for topic in topics {
                let ids = partitions[topic] ?? []
                output.append(varUInt: UInt64(topic.utf8.count) + 1)
                output.append(topic)
                output.append(varUInt: UInt64(ids.count) + 1)
                for id in ids { output.append(bigEndian: id) }
                output.append(varUInt: 0)
            }
        }
        output.append(bigEndian: metadata.lastUpdateTimestamp)
        output.append(bigEndian: metadata.startTimestamp)
        let tags: [(UInt64, Int64)] = [(0, metadata.previousProducerID), (1, metadata.nextProducerID)]
            .filter { $0.1 >= 0 }
        output.append(varUInt: UInt64(tags.count + (metadata.bumpsEpochOnEnd ? 1 : 0)))
        for (tag, value) in tags {
            output.append(varUInt: tag)
            output.append(varUInt: 8)
            output.append(bigEndian: value)
        }
        if metadata.bumpsEpochOnEnd {
            output.append(varUInt: 2)
            output.append(varUInt: 2)
            output.append(bigEndian: Int16(2))
        }
        return output.array()
    }

    /// - Throws: ``DecodeError`` for a version that is not known or broken bytes.
    public static func decodeValue(
        _ bytes: Span<UInt8>, transactionalID: String
    ) throws(DecodeError) -> TransactionMetadata {
        var reader = ByteReader(bytes)
        let version = try reader.read(Int16.self)
        guard version == 0 || version == 1 else {
            throw .malformed("a transaction record whose value version is neither 0 nor 1")
        }
        let isFlexible = version == 1
        let producerID = try reader.read(Int64.self)
        let epoch = try reader.read(Int16.self)
        let timeout = try reader.read(Int32.self)
        guard let state = TransactionState(rawValue: try reader.read(Int8.self)) else {
            throw .malformed("a transaction record with an unknown state")
        }
        var metadata = TransactionMetadata(
            transactionalID: transactionalID, producerID: producerID, producerEpoch: epoch, timeoutMillis: timeout,
            state: state, lastUpdateTimestamp: 0)
        for _ in 0..<(try count(&reader, isFlexible)) {
            let length =
                isFlexible ? try count(&reader, true) : Int(try reader.read(Int16.self))
            let topic = try text(reader.readBytes(length))
            for _ in 0..<(try count(&reader, isFlexible)) {
                metadata.partitions.append(TopicPartition(topic: topic, partition: try reader.read(Int32.self)))
            }
            if isFlexible { try skipTags(&reader) }
        }
        metadata.lastUpdateTimestamp = try reader.read(Int64.self)
        metadata.startTimestamp = try reader.read(Int64.self)
        guard isFlexible else { return metadata }
        let tagCount = try reader.readVarUInt()
        guard tagCount <= tagCountMax else { throw .malformed("a transaction record with too many tagged fields") }
        for _ in 0..<tagCount {
            let tag = try reader.readVarUInt()
            let size = try reader.readVarUInt()
            guard size <= UInt64(reader.remaining) else { throw .malformed("a tagged field longer than its record") }
            var field = ByteReader(try reader.readBytes(Int(size)))
            switch tag {
            case 0: metadata.previousProducerID = try field.read(Int64.self)
            case 1: metadata.nextProducerID = try field.read(Int64.self)
            case 2: metadata.bumpsEpochOnEnd = try field.read(Int16.self) >= 2
            default: break
            }
        }
        return metadata
    }

    /// A null array counts as empty; a count that cannot fit what is left is refused before anything is made for it.
    private static func count(_ reader: inout ByteReader, _ isFlexible: Bool) throws(DecodeError) -> Int {
        let count: Int
        if isFlexible {
            let raw = try reader.readVarUInt()
            guard raw <= UInt64(reader.remaining) + 1 else { throw .malformed("a length beyond the record's end") }
            count = max(0, Int(raw) - 1)
        } else {
            count = max(0, Int(try reader.read(Int32.self)))
        }
        guard count <= reader.remaining else { throw .malformed("a length beyond the record's end") }
        return count
    }

    private static func skipTags(_ reader: inout ByteReader) throws(DecodeError) {
        let tagCount = try reader.readVarUInt()
        guard tagCount <= tagCountMax else { throw .malformed("a transaction record with too many tagged fields") }
        for _ in 0..<tagCount {
            _ = try reader.readVarUInt()
            let size = try reader.readVarUInt()
            guard size <= UInt64(reader.remaining) else { throw .malformed("a tagged field longer than its record") }
            try reader.skip(Int(size))
        }
    }

    private static func text(_ bytes: Span<UInt8>) throws(DecodeError) -> String {
        do {
            return String(copying: try UTF8Span(validating: bytes))
        } catch {
            throw .malformed("a transaction record with a name that is not UTF-8")
        }
    }
}
