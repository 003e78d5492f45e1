/// The record batches inside a produce request or a fetch response.
public enum RecordsField: Sendable, Equatable {
    case null
    /// Where they stand in the bytes that the message was read from, counted from the reader's first byte. Reading gives
    /// this, so that nothing is copied; it cannot be written.
    case borrowed(Range<Int>)
    case bytes([UInt8])
    /// They are put between the message's bytes later, for example out of a file; only their length is written.
    case external(byteCount: Int)

    /// Where they stand in the bytes that the message was read from; nil for null and for records that were not read.
    public var range: Range<Int>? {
        if case .borrowed(let range) = self { range } else { nil }
    }
}
