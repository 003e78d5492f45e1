internal import ByteCoding

/// A `numeric` as PostgreSQL prints it: an optional minus, digits, and digits behind a point. Never an exponent.
struct DecimalText: ~Escapable {
    let text: Span<UInt8>
    let isNegative: Bool
    /// Where the digits begin and where the point stands; `point == text.count` without one.
    let start: Int
    let point: Int
    /// Digits behind the point.
    let scale: Int

    @_lifetime(copy text)
    init(_ text: Span<UInt8>) throws(ValueProblem) {
        let count = text.count
        guard count > 0 else { throw .malformed }
        let negative = text[0] == UInt8(ascii: "-")
        let first = negative ? 1 : 0
        guard first < count else { throw .malformed }
        var point = count
        for index in first..<count {
            let byte = text[index]
            if byte &- 48 <= 9 { continue }
            if byte == UInt8(ascii: "."), point == count {
                point = index
                continue
            }
            // NaN, Infinity and -Infinity are the only words a numeric has.
            throw byte == UInt8(ascii: "N") || byte == UInt8(ascii: "I") ? .inexpressible : .malformed
        }
        self.text = text
        isNegative = negative
        start = first
        self.point = point
        scale = point == count ? 0 : count &- point &- 1
    }

    /// How many zeros end the digits behind the point: what `BigDecimal.stripTrailingZeros` takes away there.
    var trailingZeroCount: Int {
        var zeros = 0
        var index = text.count &- 1
        while zeros < scale, text[index] == UInt8(ascii: "0") {
            zeros &+= 1
            index &-= 1
        }
        return zeros
    }

    /// Appends the unscaled value at `scale` digits behind the point as Java's `BigInteger.toByteArray` gives it (big
    /// endian, two's complement, as short as possible). `scale` may be shorter only by trailing zeros.
    func appendUnscaled(scale wanted: Int, as encoding: BytesEncoding, to buffer: inout ByteBuffer) {
        let dropped = max(0, scale &- wanted)
        let padded = max(0, wanted &- scale)
        let end = text.count &- dropped
        let digitCount = end &- start &+ padded
        if digitCount <= 18 {
            var value: Int64 = 0
            for index in start..<end where index != point { value = value &* 10 &+ Int64(text[index] &- 48) }
            for _ in 0..<padded { value = value &* 10 }
            appendTwosComplement(Int128(isNegative ? -value : value), as: encoding, to: &buffer)
        } else if digitCount <= 38 {
            var value: Int128 = 0
            for index in start..<end where index != point { value = value &* 10 &+ Int128(text[index] &- 48) }
            for _ in 0..<padded { value = value &* 10 }
            appendTwosComplement(isNegative ? -value : value, as: encoding, to: &buffer)
        } else {
            var large = Natural()
            for index in start..<end where index != point {
                large.multiply(by: 10, adding: UInt32(text[index] &- 48))
            }
            for _ in 0..<padded { large.multiply(by: 10) }
            encoding.append(large.twosComplement(negated: isNegative).span, to: &buffer)
        }
    }

    private func appendTwosComplement(_ value: Int128, as encoding: BytesEncoding, to buffer: inout ByteBuffer) {
        let significant = 128 &- (value < 0 ? ~value : value).leadingZeroBitCount
        let byteCount = significant / 8 &+ 1
        var bytes = InlineArray<16, UInt8>(repeating: 0)
        for index in 0..<byteCount {
            bytes[index] = UInt8(truncatingIfNeeded: value &>> Int128(8 &* (byteCount &- 1 &- index)))
        }
        encoding.append(bytes.span.extracting(0..<byteCount), to: &buffer)
    }

    /// Appends the value with `scale` digits behind the point, as `BigDecimal.toPlainString` does.
    func appendPlain(scale wanted: Int, to buffer: inout ByteBuffer) {
        buffer.append(text)
        guard wanted > scale else { return }
        if scale == 0 { buffer.append(UInt8(ascii: ".")) }
        for _ in scale..<wanted { buffer.append(UInt8(ascii: "0")) }
    }

    /// Appends the value at `scale` as `BigDecimal.toString` writes it: with an exponent once the first digit stands
    /// more than six places behind the point.
    func appendJava(scale wanted: Int, to buffer: inout ByteBuffer) {
        var first = start
        while first < text.count, text[first] == UInt8(ascii: "0") || first == point { first &+= 1 }
        // Digits of the unscaled value; zero has one.
        let padding = max(0, wanted &- scale)
        let isZero = first >= text.count
        let afterPoint = first > point ? text.count &- first : text.count &- first &- (point < text.count ? 1 : 0)
        let digitCount = isZero ? 1 : afterPoint &+ padding
        let adjusted = digitCount &- 1 &- wanted
        guard adjusted < -6 else { return appendPlain(scale: wanted, to: &buffer) }
        if isNegative, !isZero { buffer.append(UInt8(ascii: "-")) }
        if isZero {
            buffer.append(UInt8(ascii: "0"))
        } else {
            var written = 0
            for index in first..<text.count where index != point {
                if written == 1 { buffer.append(UInt8(ascii: ".")) }
                buffer.append(text[index])
                written &+= 1
            }
            for _ in 0..<padding {
                if written == 1 { buffer.append(UInt8(ascii: ".")) }
                buffer.append(UInt8(ascii: "0"))
                written &+= 1
            }
        }
        buffer.append("E")
        buffer.append(decimal: Int64(adjusted))
    }
}

/// How bytes stand in an event.
enum BytesEncoding {
    case base64
    /// Avro's: the length before the bytes.
    case lengthPrefixed

    @inline(__always)
    func append(_ bytes: Span<UInt8>, to buffer: inout ByteBuffer) {
        switch self {
        case .base64: buffer.append(base64: bytes)
        case .lengthPrefixed: buffer.append(lengthAnd: bytes)
        }
    }
}
