/// HTTP's Basic authentication (RFC 7617) against a fixed list of users.
struct BasicCredentials: Sendable {
    private let users: [String: [UInt8]]

    init(_ users: [String: String]) { self.users = users.mapValues { Array($0.utf8) } }

    /// Whether an `Authorization` header lets its sender in.
    func admits(_ header: String?) -> Bool {
        guard !users.isEmpty else { return true }
        guard let header, header.lowercased().hasPrefix("basic "), let bytes = Self.decode(header.dropFirst(6)),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        else { return false }
        let user = String(decoding: bytes[..<colon], as: UTF8.self)
        let password = Array(bytes[(colon + 1)...])
        // An unknown user takes as long as a wrong password.
        let isSame = Self.isSame(password, users[user] ?? [UInt8](repeating: 0xFF, count: 16))
        return isSame && users[user] != nil
    }

    /// Compares in a time that does not tell where the difference is.
    private static func isSame(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        var difference = UInt8(a.count == b.count ? 0 : 1)
        for index in 0..<max(a.count, b.count) {
            difference |= (index < a.count ? a[index] : 0) ^ (index < b.count ? b[index] : 0)
        }
        return difference == 0
    }

    private static func decode(_ text: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var bitCount = 0
        for character in text.utf8 where character != UInt8(ascii: "=") {
            let value: UInt8
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - 65
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - 71
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character + 4
            case UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "/"): value = 63
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            if bitCount >= 8 {
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(bitCount)))
            }
        }
        return bytes
    }
}
