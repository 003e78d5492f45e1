extension ByteBuffer {
    /// Appends `value` in decimal digits.
    @inlinable public mutating func append(decimal value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        append(decimal: value.magnitude)
    }

    /// Appends `value` in decimal digits.
    @inlinable public mutating func append(decimal value: UInt64) {
        reserve(20)
        var digits = 1
        var bound: UInt64 = 10
        while digits < 20, value >= bound {
            digits &+= 1
            if digits == 20 { break }
            bound &*= 10
        }
        var at = used &+ digits
        var rest = value
        repeat {
            at &-= 1
            // SAFETY: `reserve` left room for 20 digits, and `digits` counts those of `value`.
            unsafe base[at] = UInt8(truncatingIfNeeded: rest % 10) &+ 48
            rest /= 10
        } while rest != 0
        used &+= digits
    }

    /// Appends `bytes` in Base64 with padding (RFC 4648, section 4; section 5's alphabet where `urlSafe`).
    public mutating func append(base64 bytes: Span<UInt8>, urlSafe: Bool = false) {
        let alphabet: StaticString =
            urlSafe
            ? "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
            : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        let symbols = unsafe alphabet.utf8Start
        reserve((bytes.count + 2) / 3 * 4)
        var at = 0
        while at &+ 2 < bytes.count {
            let group = UInt32(bytes[at]) << 16 | UInt32(bytes[at &+ 1]) << 8 | UInt32(bytes[at &+ 2])
            // SAFETY: every index is six bits wide; room was reserved for the whole text.
            unsafe base[used] = symbols[Int(group >> 18)]
            unsafe base[used &+ 1] = symbols[Int(group >> 12 & 63)]
            unsafe base[used &+ 2] = symbols[Int(group >> 6 & 63)]
            unsafe base[used &+ 3] = symbols[Int(group & 63)]
            used &+= 4
            at &+= 3
        }
        let rest = bytes.count &- at
        guard rest > 0 else { return }
        let group = UInt32(bytes[at]) << 16 | (rest == 2 ? UInt32(bytes[at &+ 1]) << 8 : 0)
        unsafe base[used] = symbols[Int(group >> 18)]
        unsafe base[used &+ 1] = symbols[Int(group >> 12 & 63)]
        unsafe base[used &+ 2] = rest == 2 ? symbols[Int(group >> 6 & 63)] : UInt8(ascii: "=")
        unsafe base[used &+ 3] = UInt8(ascii: "=")
        used &+= 4
    }

    /// Appends `bytes` in lower-case hexadecimal.
    public mutating func append(hex bytes: Span<UInt8>) {
        reserve(bytes.count * 2)
        for index in bytes.indices {
            let byte = bytes[index]
            append(hexDigit(byte >> 4))
            append(hexDigit(byte & 15))
        }
    }

    /// Appends `text` as a JSON string with its quotes, escaped as Jackson does it: `"`, `\`, the short escapes for
    /// backspace, tab, newline, form feed and carriage return, upper-case `\u00XX` for other control characters, and two
    /// such escapes, a surrogate pair, for a character outside the basic plane; everything else as it stands. `text`
    /// must be UTF-8.
    @inlinable public mutating func append(jsonString text: Span<UInt8>) {
        append(UInt8(ascii: "\""))
        append(jsonEscaped: text)
        append(UInt8(ascii: "\""))
    }

    /// The inside of ``append(jsonString:)``, without the quotes.
    @inlinable public mutating func append(jsonEscaped text: Span<UInt8>) {
        let count = text.count
        reserve(count)
        var clean = 0
        // Eight bytes at a time while none is below 0x20, a quote, a backslash or the first of four; the rest one by one.
        let ones: UInt64 = 0x0101_0101_0101_0101
        while clean &+ 8 <= count {
            // SAFETY: in bounds by the condition; an integer has no invalid bit pattern.
            let word = unsafe text.bytes.unsafeLoadUnaligned(fromByteOffset: clean, as: UInt64.self)
            let quote = word ^ (ones &* 0x22)
            let slash = word ^ (ones &* 0x5C)
            let hits =
                ((word &- ones &* 0x20) & ~word) | ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash)
                | (word & (word << 1) & (word << 2) & (word << 3))
            if hits & (ones &* 0x80) != 0 { break }
            clean &+= 8
        }
        while clean < count {
            let byte = text[clean]
            if byte < 0x20 || byte == 0x22 || byte == 0x5C || byte >= 0xF0 { break }
            clean &+= 1
        }
        if clean == count { return append(text) }
        append(text.extracting(0..<clean))
        appendEscaping(text.extracting(clean..<count))
    }

    @usableFromInline @inline(never) mutating func appendEscaping(_ text: Span<UInt8>) {
        var start = 0
        for index in text.indices {
            let byte = text[index]
            if byte >= 0xF0 {
                guard index + 4 <= text.count, text[index + 1] & text[index + 2] & text[index + 3] >= 0x80 else {
                    continue
                }
                append(text.extracting(start..<index))
                start = index + 4
                append(surrogatePairOf: text.extracting(index..<start))
                continue
            }
            guard byte < 0x20 || byte == 0x22 || byte == 0x5C else { continue }
            append(text.extracting(start..<index))
            start = index + 1
            append(UInt8(ascii: "\\"))
            switch byte {
            case 0x22, 0x5C: append(byte)
            case 0x08: append(UInt8(ascii: "b"))
            case 0x09: append(UInt8(ascii: "t"))
            case 0x0A: append(UInt8(ascii: "n"))
            case 0x0C: append(UInt8(ascii: "f"))
            case 0x0D: append(UInt8(ascii: "r"))
            default:
                append("u00")
                append(upperHexDigit(byte >> 4))
                append(upperHexDigit(byte & 15))
            }
        }
        append(text.extracting(start..<text.count))
    }

    /// The two escapes of a character that takes four bytes in UTF-8.
    private mutating func append(surrogatePairOf bytes: Span<UInt8>) {
        var scalar = UInt32(bytes[0] & 0x07)
        for index in 1..<4 { scalar = scalar << 6 | UInt32(bytes[index] & 0x3F) }
        let offset = scalar &- 0x10000
        for unit in [0xD800 | (offset >> 10 & 0x3FF), 0xDC00 | (offset & 0x3FF)] {
            append("\\u")
            for shift in stride(from: 12, through: 0, by: -4) {
                append(upperHexDigit(UInt8(truncatingIfNeeded: unit >> UInt32(shift)) & 15))
            }
        }
    }
}

/// The lower-case hexadecimal digit of a value below 16.
@inlinable public func hexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? nibble &+ 48 : nibble &+ 87 }

/// The upper-case hexadecimal digit of a value below 16.
@inlinable public func upperHexDigit(_ nibble: UInt8) -> UInt8 { nibble < 10 ? nibble &+ 48 : nibble &+ 55 }
