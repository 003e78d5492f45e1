/// The codecs of a record batch, with the numbers that its attributes hold (the lowest three bits).
public enum CompressionType: UInt8, Sendable, CaseIterable {
    case none = 0
    case gzip = 1
    case snappy = 2
    case lz4 = 3
    case zstd = 4

    /// The name in Kafka's `compression.type`; Kafka writes `uncompressed` in a topic's configuration and `none` in a
    /// producer's, and both are understood.
    public init?(named name: some StringProtocol) {
        switch name {
        case "none", "uncompressed": self = .none
        case "gzip": self = .gzip
        case "snappy": self = .snappy
        case "lz4": self = .lz4
        case "zstd": self = .zstd
        default: return nil
        }
    }

    public var name: String {
        switch self {
        case .none: "none"
        case .gzip: "gzip"
        case .snappy: "snappy"
        case .lz4: "lz4"
        case .zstd: "zstd"
        }
    }
}
