public import ByteCoding
public import KafkaProtocol

/// gzip, snappy, lz4 and zstd through their C libraries, framed as Kafka's Java client frames them.
///
/// Working memory is made on first use and kept; one thread at a time. Every call into C stands in this target, and each
/// decompression stops at its limit before it takes the memory.
public final class StandardCodec: BatchCodec {
    private let lz4 = LZ4Codec()
    private let zstd = ZstdCodec()

    public init() {}

    public func compress(
        _ bytes: Span<UInt8>, as type: CompressionType, into output: inout ByteBuffer
    ) throws(CompressionError) {
        switch type {
        case .none: output.append(bytes)
        case .gzip: try GzipCodec.compress(bytes, into: &output)
        case .snappy: try SnappyCodec.compress(bytes, into: &output)
        case .lz4: try lz4.compress(bytes, into: &output)
        case .zstd: try zstd.compress(bytes, into: &output)
        }
    }

    public func decompress(
        _ bytes: Span<UInt8>, as type: CompressionType, into output: inout ByteBuffer, byteCountMax: Int
    ) throws(CompressionError) {
        switch type {
        case .none:
            guard bytes.count <= byteCountMax else { throw .tooLarge(byteCountMax: byteCountMax) }
            output.append(bytes)
        case .gzip: try GzipCodec.decompress(bytes, into: &output, byteCountMax: byteCountMax)
        case .snappy: try SnappyCodec.decompress(bytes, into: &output, byteCountMax: byteCountMax)
        case .lz4: try lz4.decompress(bytes, into: &output, byteCountMax: byteCountMax)
        case .zstd: try zstd.decompress(bytes, into: &output, byteCountMax: byteCountMax)
        }
    }
}
