/// A place in an encoded message where records that are elsewhere belong.
///
/// Splices are in rising order, and `position` counts the encoded bytes alone: a sender writes the bytes up to the first
/// position, the first records, the bytes up to the second position, and so on. The frame's size is that of the encoded
/// bytes and of all records.
public struct RecordsSplice: Sendable, Equatable {
    /// How many bytes of the output buffer stand before the records.
    public let position: Int
    public let byteCount: Int
}
