/// CRC-64-AVRO, as the specification gives it.
enum RabinFingerprint {
    private static let empty: UInt64 = 0xc15d_213a_a4d7_a795

    private static let table: [UInt64] = (0..<256).map { byte in
        (0..<8).reduce(UInt64(byte)) { sum, _ in (sum >> 1) ^ (empty & (0 &- (sum & 1))) }
    }

    static func of(_ bytes: [UInt8]) -> UInt64 {
        bytes.reduce(empty) { ($0 >> 8) ^ table[Int(($0 ^ UInt64($1)) & 0xFF)] }
    }
}
