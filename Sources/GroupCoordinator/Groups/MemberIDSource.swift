/// Makes member ids. Seeded from outside, so that the same history gives the same ids in a test and none repeats in life.
struct MemberIDSource: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// A version 4 UUID (RFC 9562) in its usual text.
    mutating func uuid() -> String {
        let high = next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        var text = ""
        for (word, gaps) in [(high, [8, 12]), (low, [4])] {
            for nibble in 0..<16 {
                if gaps.contains(nibble) { text += "-" }
                text += String(word >> UInt64(60 - 4 * nibble) & 15, radix: 16)
            }
            if text.utf8.count == 18 { text += "-" }
        }
        return text
    }

    /// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
