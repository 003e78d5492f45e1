/// JSON as bytes (RFC 8259): whether bytes are JSON, and what they hold, without changing a byte.
enum JSONText {
    /// How deep arrays and objects may nest; what is deeper counts as not JSON.
    static let depthMax = 512

    /// True when `bytes` are exactly one JSON value in valid UTF-8, with blanks around it at most.
    static func isValid(_ bytes: some Collection<UInt8>) -> Bool {
        guard let isValid = bytes.withContiguousStorageIfAvailable({ isValid($0) }) else {
            return isValid(Array(bytes))
        }
        return isValid
    }

    private static func isValid(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        var scanner = Scanner(bytes: bytes)
        scanner.skipBlanks()
        guard scanner.value(depth: 0) else { return false }
        scanner.skipBlanks()
        return scanner.position == bytes.count && String(validating: bytes, as: UTF8.self) != nil
    }

    private struct Scanner {
        let bytes: UnsafeBufferPointer<UInt8>
        var position = 0

        init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

        var next: UInt8? { position < bytes.count ? bytes[position] : nil }

        mutating func skipBlanks() {
            while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
        }

        mutating func take(_ byte: UInt8) -> Bool {
            guard next == byte else { return false }
            position += 1
            return true
        }

        mutating func value(depth: Int) -> Bool {
            guard depth <= depthMax, let byte = next else { return false }
            switch byte {
            case UInt8(ascii: "{"): return members(depth: depth, end: UInt8(ascii: "}"), named: true)
            case UInt8(ascii: "["): return members(depth: depth, end: UInt8(ascii: "]"), named: false)
            case UInt8(ascii: "\""): return string()
            case UInt8(ascii: "t"): return word("true")
            case UInt8(ascii: "f"): return word("false")
            case UInt8(ascii: "n"): return word("null")
            default: return number()
            }
        }

        mutating func members(depth: Int, end: UInt8, named: Bool) -> Bool {
            position += 1
            skipBlanks()
            if take(end) { return true }
            while true {
                skipBlanks()
                if named {
                    guard string() else { return false }
                    skipBlanks()
                    guard take(UInt8(ascii: ":")) else { return false }
                    skipBlanks()
                }
                guard value(depth: depth + 1) else { return false }
                skipBlanks()
                if take(end) { return true }
                guard take(UInt8(ascii: ",")) else { return false }
            }
        }

        mutating func string() -> Bool {
            guard take(UInt8(ascii: "\"")) else { return false }
            while let byte = next {
                position += 1
                switch byte {
                case UInt8(ascii: "\""): return true
                case UInt8(ascii: "\\"):
                    guard let escape = next else { return false }
                    position += 1
                    if escape == UInt8(ascii: "u") {
                        for _ in 0..<4 {
                            guard let digit = next, isHexadecimal(digit) else { return false }
                            position += 1
                        }
                    } else if !"\"\\/bfnrt".utf8.contains(escape) {
                        return false
                    }
                case 0..<0x20: return false
                default: break
                }
            }
            return false
        }

        func isHexadecimal(_ byte: UInt8) -> Bool {
            switch byte {
            case 0x30...0x39, 0x41...0x46, 0x61...0x66: true
            default: false
            }
        }

        mutating func word(_ word: StaticString) -> Bool {
            for index in 0..<word.utf8CodeUnitCount {
                guard take(word.utf8Start[index]) else { return false }
            }
            return true
        }

        mutating func digits() -> Int {
            let start = position
            while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
            return position - start
        }

        mutating func number() -> Bool {
            _ = take(UInt8(ascii: "-"))
            if !take(UInt8(ascii: "0")) { guard digits() > 0 else { return false } }
            if take(UInt8(ascii: ".")) { guard digits() > 0 else { return false } }
            if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
                if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
                guard digits() > 0 else { return false }
            }
            return true
        }
    }
}
