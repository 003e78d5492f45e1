/// A topic's identity, which a topic made later under the same name does not share.
public struct TopicID: Hashable, Sendable {
    public let high: UInt64
    public let low: UInt64
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// No topic's identity: what Kafka writes where there is none.
    public static let zero = TopicID(high: 0, low: 0)

    /// A random one (version 4 of RFC 9562), never beginning with `-` in its text, as Kafka makes them.
    public static func random() -> TopicID {
        var generator = SystemRandomNumberGenerator()
        while true {
            let id = TopicID(
                high: generator.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000,
                low: generator.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
            if !id.description.hasPrefix("-") { return id }
        }
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
}

extension TopicID: LosslessStringConvertible {
    /// 22 characters of URL-safe Base64, as Kafka writes it.
    public var description: String {
        var text: [UInt8] = []
        for index in 0..<22 {
            // Characters 0 to 20 hold six bits each; the last holds two, and four zeros.
            var sextet: UInt8 = 0
            for bit in index * 6..<index * 6 + 6 {
                let isSet = bit < 64 ? high >> (63 - bit) & 1 : bit < 128 ? low >> (127 - bit) & 1 : 0
                sextet = sextet << 1 | UInt8(isSet)
            }
            text.append(Self.alphabet[Int(sextet)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 22 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            guard let sextet = Self.alphabet.firstIndex(of: byte) else { return nil }
            for position in 0..<6 {
                let bit = index * 6 + position
                let isSet = UInt64(sextet >> (5 - position) & 1)
                if bit < 64 {
                    high |= isSet << (63 - UInt64(bit))
                } else if bit < 128 {
                    low |= isSet << (127 - UInt64(bit))
                }
            }
        }
        self.init(high: high, low: low)
    }
}
