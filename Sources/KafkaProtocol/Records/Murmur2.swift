/// The hash by which Kafka's Java clients place keys (MurmurHash2, 32 bits, seed 0x9747b28c), and the placement itself.
public enum Murmur2 {
    /// Complexity: O(n) in the key's bytes; no allocation.
    public static func hash(_ bytes: Span<UInt8>) -> UInt32 {
        let multiplier: UInt32 = 0x5bd1_e995
        let count = bytes.count
        var hash: UInt32 = 0x9747_b28c ^ UInt32(truncatingIfNeeded: count)
        var at = 0
        while at &+ 4 <= count {
            var word =
                UInt32(bytes[at]) | UInt32(bytes[at &+ 1]) << 8 | UInt32(bytes[at &+ 2]) << 16
                | UInt32(bytes[at &+ 3]) << 24
            word &*= multiplier
            word ^= word >> 24
            word &*= multiplier
            hash &*= multiplier
            hash ^= word
            at &+= 4
        }
        let rest = count &- at
        if rest == 3 { hash ^= UInt32(bytes[at &+ 2]) << 16 }
        if rest >= 2 { hash ^= UInt32(bytes[at &+ 1]) << 8 }
        if rest >= 1 {
            hash ^= UInt32(bytes[at])
            hash &*= multiplier
        }
        hash ^= hash >> 13
        hash &*= multiplier
        hash ^= hash >> 15
        return hash
    }

    /// The partition of a record with this key: what Kafka's default partitioner answers.
    public static func partition(forKey key: Span<UInt8>, partitionCount: Int32) -> Int32 {
        precondition(partitionCount > 0, "a topic has at least one partition")
        return Int32(bitPattern: hash(key) & 0x7fff_ffff) % partitionCount
    }
}
