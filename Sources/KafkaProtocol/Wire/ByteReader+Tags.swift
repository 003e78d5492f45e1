public import ByteCoding

/// Tagged fields: their count, then each with its tag, its size in bytes and its bytes, all numbers unsigned varints.
extension ByteReader {
    @_lifetime(self: copy self)
    mutating func readTagCount() throws(DecodeError) -> Int {
        let count = try readVarUInt()
        guard count <= UInt64(remaining / 2) else {
            throw .malformed("more tagged fields than there are bytes for")
        }
        return Int(count)
    }

    /// The tag of the next field, and the position behind the field.
    @_lifetime(self: copy self)
    mutating func readTag() throws(DecodeError) -> (tag: UInt64, end: Int) {
        let tag = try readVarUInt()
        let size = try readVarUInt()
        guard size <= UInt64(remaining) else {
            throw .truncated(needed: Int(clamping: size), available: remaining)
        }
        return (tag, position + Int(size))
    }

    /// Checks that a tagged field had the size it claimed.
    func finishTag(at end: Int) throws(DecodeError) {
        guard position == end else { throw .malformed("a tagged field of another size than it claims") }
    }

    @_lifetime(self: copy self)
    public mutating func skipTaggedFields() throws(DecodeError) {
        for _ in 0..<(try readTagCount()) {
            let end = try readTag().end
            try skip(end - position)
        }
    }
}
