internal import CByteCoding

/// CRC-32C, the checksum of Kafka's record batches (RFC 3720, appendix B.4).
public enum CRC32C {
    /// The checksum of `bytes`, or its continuation when `crc` is the checksum of what came before.
    public static func checksum(_ bytes: Span<UInt8>, continuing crc: UInt32 = 0) -> UInt32 {
        // SAFETY: the callee reads exactly `count` bytes, within the borrow.
        unsafe bytes.withUnsafeBufferPointer { unsafe tailrace_crc32c(crc, $0.baseAddress, $0.count) }
    }
}
