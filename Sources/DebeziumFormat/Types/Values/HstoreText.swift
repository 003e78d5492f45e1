internal import ByteCoding

/// `"a"=>"1", "b"=>NULL` as a JSON object, in the order in which Java's `HashMap` yields the keys: Debezium's driver
/// puts the pairs into one.
enum HstoreText {
    private struct Pair {
        var key: Range<Int>
        /// nil for NULL.
        var value: Range<Int>?
        var hash: UInt32
    }

    static func write(_ text: Span<UInt8>, isMap: Bool, to buffer: inout ByteBuffer) throws(ValueProblem) {
        var unescaped = ByteBuffer(capacity: text.count)
        var pairs = try parse(text, to: &unescaped)
        let mask = UInt32(tableSize(for: pairs.count) - 1)
        // Within a bucket the pairs keep their order; `sort` is stable.
        pairs.sort { $0.hash & mask < $1.hash & mask }
        if isMap { return appendObject(pairs, of: unescaped.span, isText: false, to: &buffer) }
        var object = ByteBuffer(capacity: text.count * 2)
        appendObject(pairs, of: unescaped.span, isText: true, to: &object)
        buffer.append(jsonString: object.span)
    }

    /// - Parameter isText: the object becomes text within a string, where Jackson leaves characters outside of the basic
    ///   plane as they are; the string around it escapes them then.
    private static func appendObject(
        _ pairs: [Pair], of bytes: Span<UInt8>, isText: Bool, to buffer: inout ByteBuffer
    ) {
        buffer.append("{")
        for (index, pair) in pairs.enumerated() {
            if index > 0 { buffer.append(",") }
            append(bytes.extracting(pair.key), isText: isText, to: &buffer)
            buffer.append(":")
            if let value = pair.value {
                append(bytes.extracting(value), isText: isText, to: &buffer)
            } else {
                buffer.append("null")
            }
        }
        buffer.append("}")
    }

    static func append(_ string: Span<UInt8>, isText: Bool, to buffer: inout ByteBuffer) {
        guard isText else { return buffer.append(jsonString: string) }
        buffer.append("\"")
        var start = 0
        for index in string.indices where string[index] < 0x80 {
            buffer.append(string.extracting(start..<index))
            start = index + 1
            buffer.append(jsonEscaped: string.extracting(index..<start))
        }
        buffer.append(string.extracting(start..<string.count))
        buffer.append("\"")
    }

    /// A `HashMap` starts with 16 buckets and doubles them when it is fuller than three quarters.
    private static func tableSize(for count: Int) -> Int {
        var size = 16
        while count > size / 4 * 3 { size *= 2 }
        return size
    }

    private static func parse(_ text: Span<UInt8>, to unescaped: inout ByteBuffer) throws(ValueProblem) -> [Pair] {
        var pairs: [Pair] = []
        var index = 0
        while index < text.count {
            let key = try quoted(text, &index, to: &unescaped)
            guard index + 1 < text.count, text[index] == UInt8(ascii: "="), text[index + 1] == UInt8(ascii: ">")
            else { throw .malformed }
            index += 2
            guard index < text.count else { throw .malformed }
            var value: Range<Int>?
            if text[index] == UInt8(ascii: "\"") {
                value = try quoted(text, &index, to: &unescaped)
            } else {
                index += 4  // NULL
            }
            pairs.append(Pair(key: key, value: value, hash: spreadHash(of: unescaped.span.extracting(key))))
            if index < text.count {
                guard text[index] == UInt8(ascii: ",") else { throw .malformed }
                index += 1
                while index < text.count, text[index] == UInt8(ascii: " ") { index += 1 }
            }
        }
        return pairs
    }

    private static func quoted(
        _ text: Span<UInt8>, _ index: inout Int, to unescaped: inout ByteBuffer
    ) throws(ValueProblem) -> Range<Int> {
        guard index < text.count, text[index] == UInt8(ascii: "\"") else { throw .malformed }
        index += 1
        let start = unescaped.count
        while true {
            guard index < text.count else { throw .malformed }
            var byte = text[index]
            index += 1
            if byte == UInt8(ascii: "\"") { return start..<unescaped.count }
            if byte == UInt8(ascii: "\\") {
                guard index < text.count else { throw .malformed }
                byte = text[index]
                index += 1
            }
            unescaped.append(byte)
        }
    }

    /// `HashMap.hash(String)`: Java's string hash over UTF-16 units, its high half folded into the low one.
    private static func spreadHash(of bytes: Span<UInt8>) -> UInt32 {
        var hash: UInt32 = 0
        JavaText.forEachUnit(of: bytes) { hash = hash &* 31 &+ UInt32($0) }
        return hash ^ hash >> 16
    }
}
