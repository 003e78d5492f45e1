internal import ByteCoding
public import ChangeModel

/// A transaction that was aborted, as a partition remembers it for readers who want committed records only.
///
/// On disk, in a segment's `.txnindex` (Kafka's format), 34 bytes, big-endian: version int16 = 0 · producer id int64 ·
/// first offset int64 · last offset int64 (the marker's) · last stable offset int64. An entry stands in the segment that
/// has its marker; entries are in the order of their markers.
public struct AbortedTransaction: Sendable, Equatable {
    static let byteCount = 34

    public let producerID: Int64
    public let firstOffset: Offset
    /// The offset of the marker.
    public let lastOffset: Offset
    /// Where the partition was stable up to when the marker had been written: a search for transactions that matter
    /// below this offset can end with this entry.
    public let lastStableOffset: Offset

    public init(producerID: Int64, firstOffset: Offset, lastOffset: Offset, lastStableOffset: Offset) {
        self.producerID = producerID
        self.firstOffset = firstOffset
        self.lastOffset = lastOffset
        self.lastStableOffset = lastStableOffset
    }

    func append(to buffer: inout ByteBuffer) {
        buffer.append(bigEndian: Int16(0))
        buffer.append(bigEndian: producerID)
        buffer.append(bigEndian: firstOffset.rawValue)
        buffer.append(bigEndian: lastOffset.rawValue)
        buffer.append(bigEndian: lastStableOffset.rawValue)
    }

    /// The entries of an index, up to the first that is cut short, of another version, or not behind the one before: a
    /// crash leaves zeros where a write was lost.
    static func decode(_ bytes: Span<UInt8>) -> [AbortedTransaction] {
        var reader = ByteReader(bytes)
        var entries: [AbortedTransaction] = []
        while reader.remaining >= byteCount {
            guard let version = try? reader.read(Int16.self), version == 0,
                let producerID = try? reader.read(Int64.self), let first = try? reader.read(Int64.self),
                let last = try? reader.read(Int64.self), let stable = try? reader.read(Int64.self),
                0 <= first, first < last, last > entries.last?.lastOffset.rawValue ?? -1
            else { break }
            entries.append(
                AbortedTransaction(
                    producerID: producerID, firstOffset: Offset(rawValue: first), lastOffset: Offset(rawValue: last),
                    lastStableOffset: Offset(rawValue: stable)))
        }
        return entries
    }
}
