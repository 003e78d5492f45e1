internal import ByteCoding

/// A committed offset as its record holds it.
public struct OffsetValue: Sendable, Equatable {
    public var offset: Int64
    /// The leader epoch of the last record consumed, -1 when the client does not know it.
    public var leaderEpoch: Int32
    /// The client's own words.
    public var metadata: String
    /// Milliseconds since 1970.
    public var commitTimestamp: Int64
    /// When the offset expires where the commit says so itself (OffsetCommit 2 to 4), in milliseconds since 1970.
    public var expireTimestamp: Int64?

    public init(
        offset: Int64, leaderEpoch: Int32 = -1, metadata: String = "", commitTimestamp: Int64,
        expireTimestamp: Int64? = nil
    ) {
        self.offset = offset
        self.leaderEpoch = leaderEpoch
        self.metadata = metadata
        self.commitTimestamp = commitTimestamp
        self.expireTimestamp = expireTimestamp
    }

    /// Version 3, or version 1 for a commit with its own expiry, as Kafka chooses them; 4 is read as well.
    func encode() -> [UInt8] {
        var writer = RecordFieldWriter()
        writer.int16(expireTimestamp == nil ? 3 : 1)
        writer.int64(offset)
        if expireTimestamp == nil { writer.int32(leaderEpoch) }
        writer.string(metadata)
        writer.int64(commitTimestamp)
        if let expireTimestamp { writer.int64(expireTimestamp) }
        return writer.finish()
    }

    init(decoding bytes: Span<UInt8>) throws(DecodeError) {
        var reader = RecordFieldReader(bytes)
        let version = try reader.int16()
        guard (0...4).contains(version) else { throw .malformed("an offset record of an unknown version") }
        offset = try reader.int64()
        leaderEpoch = version >= 3 ? try reader.int32() : -1
        metadata = version >= 4 ? try reader.compactString() : try reader.string()
        commitTimestamp = try reader.int64()
        if version == 1 {
            let expiry = try reader.int64()
            expireTimestamp = expiry < 0 ? nil : expiry
        }
    }
}
