import ByteCoding
import Testing

@Suite("byte buffer") struct ByteBufferTests {
    private func text(_ write: (inout ByteBuffer) -> Void) -> String {
        var buffer = ByteBuffer(capacity: 1)
        write(&buffer)
        return String(decoding: buffer.array(), as: UTF8.self)
    }

    @Test(
        "decimal digits are those that Swift prints",
        arguments: [
            0, 1, 9, 10, 99, 100, 12345, -1, -10, Int64.max, Int64.min, 1_000_000_000_000_000_000,
            999_999_999_999_999_999,
        ])
    func decimal(value: Int64) {
        #expect(text { $0.append(decimal: value) } == "\(value)")
    }

    @Test("the largest unsigned value and every power of ten keep all digits")
    func unsigned() {
        var power: UInt64 = 1
        for _ in 0..<20 {
            #expect(text { $0.append(decimal: power) } == "\(power)")
            #expect(text { $0.append(decimal: power - 1) } == "\(power - 1)")
            power = power &* 10
        }
        #expect(text { $0.append(decimal: UInt64.max) } == "\(UInt64.max)")
    }

    @Test(
        "Base64 follows the test vectors of RFC 4648, section 10",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func base64(plain: String, encoded: String) {
        #expect(text { $0.append(base64: Array(plain.utf8).span) } == encoded)
    }

    @Test("a character that needs escaping is found at every place of a text", arguments: [0x00, 0x1F, 0x22, 0x5C])
    func escapesAnywhere(byte: UInt8) {
        for length in 1...20 {
            for place in 0..<length {
                var bytes = [UInt8](repeating: 0x7F, count: length)
                if place > 0 { bytes[place - 1] = 0xEF }
                bytes[place] = byte
                var buffer = ByteBuffer()
                buffer.append(jsonEscaped: bytes.span)
                let escape = Array(
                    byte >= 0x20 ? "\\\(UnicodeScalar(byte))".utf8 : (byte == 0 ? "\\u0000" : "\\u001F").utf8)
                #expect(buffer.array() == Array(bytes[..<place]) + escape + Array(bytes[(place + 1)...]))
            }
        }
    }

    @Test("JSON strings escape what Jackson escapes and nothing else")
    func json() {
        #expect(
            text { $0.append(jsonString: Array("a\"\\/\u{8}\t\n\u{c}\r\u{1}\u{1f}\u{7f}é😀".utf8).span) }
                == #""a\"\\/\b\t\n\f\r\u0001\u001F\#u{7f}é\uD83D\uDE00""#)
    }

    @Test("a character outside the basic plane is a surrogate pair wherever it stands, and half of one stays as it is")
    func surrogates() {
        for length in 0...12 {
            let padding = String(repeating: "é", count: length)
            let written = text { $0.append(jsonEscaped: Array((padding + "𝄞" + padding + "\u{10FFFF}").utf8).span) }
            #expect(written == padding + #"\uD834\uDD1E"# + padding + #"\uDBFF\uDFFF"#)
        }
        let half: [UInt8] = [0x61, 0xF0, 0x9F, 0x98]
        var buffer = ByteBuffer()
        buffer.append(jsonEscaped: half.span)
        #expect(buffer.array() == half)
    }

    @Test("varints round-trip", arguments: [0, 1, -1, 63, 64, -64, -65, 300, Int64.max, Int64.min])
    func varint(value: Int64) throws {
        var buffer = ByteBuffer()
        buffer.append(varInt: value)
        var reader = ByteReader(buffer.span)
        let decoded = try reader.readVarInt()
        let isAtEnd = reader.isAtEnd
        #expect(decoded == value)
        #expect(isAtEnd)
    }

    @Test("a varint of more than 64 bits is refused")
    func longVarint() {
        let bytes = [UInt8](repeating: 0xFF, count: 10)
        var reader = ByteReader(bytes.span)
        var failure: DecodeError?
        do { _ = try reader.readVarUInt() } catch { failure = error }
        #expect(failure == .malformed("a varint of more than 64 bits"))
        let position = reader.position
        #expect(position == 0)
    }

    @Test("the checksum of RFC 3720's vectors")
    func crc() {
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32).span) == 0x8A91_36AA)
        #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32).span) == 0x62A8_AB43)
        let digits = Array("123456789".utf8)
        #expect(CRC32C.checksum(digits.span) == 0xE306_9283)
        let first = CRC32C.checksum(Array(digits[0..<4]).span)
        #expect(CRC32C.checksum(Array(digits[4...]).span, continuing: first) == 0xE306_9283)
    }
}
