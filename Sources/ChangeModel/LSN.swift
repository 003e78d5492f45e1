/// A position in PostgreSQL's write-ahead log, in bytes from its beginning.
@frozen public struct LSN: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
    public let rawValue: UInt64
    @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// PostgreSQL's invalid position, 0/0.
    @inlinable public static var invalid: LSN { LSN(rawValue: 0) }
    @inlinable public static func < (a: LSN, b: LSN) -> Bool { a.rawValue < b.rawValue }

    /// Parses PostgreSQL's notation, two hexadecimal numbers of up to 8 digits: `16/B374D848`.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...8).contains(parts[0].count), (1...8).contains(parts[1].count),
            let high = UInt32(parts[0], radix: 16), let low = UInt32(parts[1], radix: 16)
        else { return nil }
        self.init(rawValue: UInt64(high) << 32 | UInt64(low))
    }
}

extension LSN: CustomStringConvertible {
    public var description: String {
        String(rawValue >> 32, radix: 16, uppercase: true) + "/"
            + String(rawValue & 0xFFFF_FFFF, radix: 16, uppercase: true)
    }
}
