internal import ByteCoding
internal import ChangeModel

/// Where one partition stands after a commit.
struct PartitionMark: Equatable, Sendable {
    static let byteCount = 52
    var topicID: TopicID
    var partition: Int32
    /// The first offset that may be read.
    var logStartOffset: Offset
    /// The segment that was written to, by its base offset.
    var segmentBaseOffset: Offset
    /// How many bytes of this segment are committed.
    var position: Int64
    /// The next offset to be written: the high watermark.
    var endOffset: Offset
}

/// One entry of the commit journal.
///
///     length uint32 (of what follows the crc) · crc uint32 (CRC-32C of the same) · sequence uint64 · kind uint8 · count uint32
///     count × { topic id 16 bytes · partition int32 · log start int64 · segment base int64 · position int64 · end int64 }
///
/// An entry of kind 3 has the batches as well, so that its own sync makes the commit durable, whatever has become of the
/// partitions' files: after the marks, count uint32 and for each batch
///
///     topic id 16 bytes · partition int32 · segment base int64 · position int64 · length uint32 · the batch
///
/// An entry is valid when its checksum is, and its sequence follows its predecessor's by one. A new version of the format
/// gets a new number in the journal's header; see `Docs/formats/log.md`.
struct JournalEntry: Equatable, Sendable {
    enum Kind: UInt8 {
        /// Every partition; the first entry of a journal file.
        case snapshot = 1
        /// The partitions that changed; their data was durable before.
        case commit = 2
        /// The partitions that changed, and the batches that changed them.
        case commitWithBatches = 3
    }

    static let overhead = 8
    static let byteCountMax = 64 << 20

    var sequence: UInt64
    var kind: Kind
    var marks: [PartitionMark]
    var batches: [JournaledBatch] = []

    /// Appends the entry.
    /// - Parameter content: appends a batch's bytes, `byteRange.count` of them.
    func append(
        to buffer: inout ByteBuffer, content: (JournaledBatch, inout ByteBuffer) -> Void = { _, _ in }
    ) {
        let start = buffer.count
        buffer.append(bigEndian: UInt32(0))
        buffer.append(bigEndian: UInt32(0))
        buffer.append(bigEndian: sequence)
        buffer.append(kind.rawValue)
        buffer.append(bigEndian: UInt32(marks.count))
        for mark in marks {
            buffer.append(bigEndian: mark.topicID.high)
            buffer.append(bigEndian: mark.topicID.low)
            buffer.append(bigEndian: mark.partition)
            buffer.append(bigEndian: mark.logStartOffset.rawValue)
            buffer.append(bigEndian: mark.segmentBaseOffset.rawValue)
            buffer.append(bigEndian: mark.position)
            buffer.append(bigEndian: mark.endOffset.rawValue)
        }
        if kind == .commitWithBatches {
            buffer.append(bigEndian: UInt32(batches.count))
            for batch in batches {
                buffer.append(bigEndian: batch.topicID.high)
                buffer.append(bigEndian: batch.topicID.low)
                buffer.append(bigEndian: batch.partition)
                buffer.append(bigEndian: batch.segmentBaseOffset.rawValue)
                buffer.append(bigEndian: batch.position)
                buffer.append(bigEndian: UInt32(batch.byteRange.count))
                content(batch, &buffer)
            }
        }
        buffer.replace(bigEndian: UInt32(buffer.count - start - Self.overhead), at: start)
        let crc = CRC32C.checksum(buffer.span.extracting((start + Self.overhead)..<buffer.count))
        buffer.replace(bigEndian: crc, at: start + 4)
    }

    /// Reads the next entry, or returns nil where the bytes end, are torn, or hold no valid entry.
    @_lifetime(reader: copy reader)
    static func next(_ reader: inout ByteReader) -> JournalEntry? {
        do {
            let length = Int(try reader.read(UInt32.self))
            let crc = try reader.read(UInt32.self)
            guard length >= 13, length <= byteCountMax, length <= reader.remaining else { return nil }
            let bodyStart = reader.position
            var body = ByteReader(try reader.readBytes(length))
            guard CRC32C.checksum(body.bytes) == crc else { return nil }
            let sequence = try body.read(UInt64.self)
            guard let kind = Kind(rawValue: try body.read(UInt8.self)) else { return nil }
            let count = Int(try body.read(UInt32.self))
            guard count * PartitionMark.byteCount <= body.remaining else { return nil }
            var marks: [PartitionMark] = []
            marks.reserveCapacity(count)
            for _ in 0..<count {
                marks.append(
                    PartitionMark(
                        topicID: TopicID(high: try body.read(UInt64.self), low: try body.read(UInt64.self)),
                        partition: try body.read(Int32.self),
                        logStartOffset: Offset(rawValue: try body.read(Int64.self)),
                        segmentBaseOffset: Offset(rawValue: try body.read(Int64.self)),
                        position: try body.read(Int64.self), endOffset: Offset(rawValue: try body.read(Int64.self))))
            }
            var entry = JournalEntry(sequence: sequence, kind: kind, marks: marks)
            if kind == .commitWithBatches {
                for _ in 0..<Int(try body.read(UInt32.self)) {
                    let topicID = TopicID(high: try body.read(UInt64.self), low: try body.read(UInt64.self))
                    let partition = try body.read(Int32.self)
                    let base = Offset(rawValue: try body.read(Int64.self))
                    let position = try body.read(Int64.self)
                    let length = Int(try body.read(UInt32.self))
                    let start = bodyStart + body.position
                    try body.skip(length)
                    guard position >= 0 else { return nil }
                    entry.batches.append(
                        JournaledBatch(
                            topicID: topicID, partition: partition, segmentBaseOffset: base, position: position,
                            byteRange: start..<start + length))
                }
            }
            return body.isAtEnd ? entry : nil
        } catch {
            return nil
        }
    }
}
