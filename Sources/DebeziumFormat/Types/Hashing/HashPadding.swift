/// The padding that MD5, SHA-1 and SHA-2 share: a one bit, zeros, and the message's length in bits.
enum HashPadding {
    static func padded(_ message: [UInt8], blockSize: Int, lengthSize: Int, isBigEndian: Bool) -> [UInt8] {
        var padded = message
        padded.append(0x80)
        while padded.count % blockSize != blockSize - lengthSize { padded.append(0) }
        let bitCount = UInt64(message.count) * 8
        for index in 0..<lengthSize {
            let position = isBigEndian ? lengthSize - 1 - index : index
            padded.append(position < 8 ? UInt8(truncatingIfNeeded: bitCount >> UInt64(position * 8)) : 0)
        }
        return padded
    }

    static func bigEndianWords<Word: FixedWidthInteger & UnsignedInteger>(
        _ bytes: [UInt8], at offset: Int, count: Int
    ) -> [Word] {
        let size = Word.bitWidth / 8
        return (0..<count).map { word in
            (0..<size).reduce(Word(0)) { $0 << 8 | Word(bytes[offset + word * size + $1]) }
        }
    }

    static func bigEndianBytes<Word: FixedWidthInteger & UnsignedInteger>(_ words: [Word]) -> [UInt8] {
        let size = Word.bitWidth / 8
        return words.flatMap { word in (0..<size).map { UInt8(truncatingIfNeeded: word >> Word((size - 1 - $0) * 8)) } }
    }
}
