/// Text as Java counts it: in UTF-16 units.
enum JavaText {
    /// Calls `body` with each UTF-16 unit of well-formed UTF-8.
    static func forEachUnit(of bytes: Span<UInt8>, _ body: (UInt16) -> Void) {
        var index = 0
        while index < bytes.count {
            let (scalar, length) = scalar(in: bytes, at: index)
            index += length
            if scalar >= 0x10000 {
                body(UInt16(truncatingIfNeeded: 0xD7C0 &+ scalar >> 10))
                body(UInt16(truncatingIfNeeded: 0xDC00 | scalar & 0x3FF))
            } else {
                body(UInt16(truncatingIfNeeded: scalar))
            }
        }
    }

    /// How many bytes the first `unitCount` units take, or nil when the text is no longer than that; and whether the
    /// cut goes through a surrogate pair, of which Java then keeps the first half.
    static func prefix(of bytes: Span<UInt8>, unitCount: Int) -> (byteCount: Int, splitsPair: Bool)? {
        var index = 0
        var units = 0
        while index < bytes.count {
            let (scalar, length) = scalar(in: bytes, at: index)
            let width = scalar >= 0x10000 ? 2 : 1
            if units + width > unitCount { return (index, units < unitCount) }
            units += width
            index += length
        }
        return nil
    }

    private static func scalar(in bytes: Span<UInt8>, at index: Int) -> (scalar: UInt32, length: Int) {
        let first = bytes[index]
        let length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard length > 1, index + length <= bytes.count else { return (UInt32(first), 1) }
        var scalar = UInt32(first & (0xFF >> UInt8(length + 1)))
        for offset in 1..<length { scalar = scalar << 6 | UInt32(bytes[index + offset] & 0x3F) }
        return (scalar, length)
    }
}
