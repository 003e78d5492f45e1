internal import ByteCoding

/// The bytes that Java's `ObjectOutputStream` writes for one string: what the first version of `column.mask.hash` puts
/// into the digest. A stream header, a tag, the length and the text in modified UTF-8 (two bytes for U+0000, each half
/// of a surrogate pair as three bytes).
enum JavaSerialization {
    static func string(_ text: Span<UInt8>) -> [UInt8] {
        var modified: [UInt8] = []
        JavaText.forEachUnit(of: text) { unit in
            if unit > 0, unit < 0x80 {
                modified.append(UInt8(unit))
            } else if unit < 0x800 {
                modified.append(0xC0 | UInt8(unit >> 6))
                modified.append(0x80 | UInt8(unit & 0x3F))
            } else {
                modified.append(0xE0 | UInt8(unit >> 12))
                modified.append(0x80 | UInt8(unit >> 6 & 0x3F))
                modified.append(0x80 | UInt8(unit & 0x3F))
            }
        }
        var stream = ByteBuffer(capacity: modified.count + 16)
        stream.append(bigEndian: UInt16(0xACED))
        stream.append(bigEndian: UInt16(5))
        if modified.count <= 0xFFFF {
            stream.append(0x74)
            stream.append(bigEndian: UInt16(modified.count))
        } else {
            stream.append(0x7C)
            stream.append(bigEndian: UInt64(modified.count))
        }
        stream.append(modified)
        return stream.array()
    }
}
