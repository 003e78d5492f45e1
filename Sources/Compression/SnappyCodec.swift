internal import ByteCoding
internal import CSnappy
internal import KafkaProtocol

/// snappy in the framing of the Java library (xerial), which Kafka's Java producer writes, and bare blocks, which
/// librdkafka and others write; both are read.
///
/// Xerial: 0x82 "SNAPPY" 0, version int32 = 1, lowest compatible version int32 = 1, then blocks, each a length int32
/// (big-endian) and a bare snappy block of up to 32 KiB of input.
enum SnappyCodec {
    private static let magic: [UInt8] = [0x82, 0x53, 0x4E, 0x41, 0x50, 0x50, 0x59, 0x00]
    private static let blockByteCount = 32 * 1024

    static func compress(_ bytes: Span<UInt8>, into output: inout ByteBuffer) throws(CompressionError) {
        output.append(magic)
        output.append(bigEndian: Int32(1))
        output.append(bigEndian: Int32(1))
        var at = 0
        while at < bytes.count {
            let block = bytes.extracting(at..<min(at + blockByteCount, bytes.count))
            let lengthAt = output.count
            output.append(bigEndian: Int32(0))
            try output.append(room: snappy_max_compressed_length(block.count)) { buffer throws(CompressionError) in
                var written = buffer.count
                let status = block.withUnsafeBufferPointer { source in
                    source.withMemoryRebound(to: CChar.self) { source in
                        buffer.withMemoryRebound(to: CChar.self) { buffer in
                            snappy_compress(source.baseAddress, source.count, buffer.baseAddress, &written)
                        }
                    }
                }
                guard status == SNAPPY_OK else { throw .failed(.snappy) }
                return written
            }
            output.replace(bigEndian: Int32(output.count - lengthAt - 4), at: lengthAt)
            at += block.count
        }
    }

    static func decompress(
        _ bytes: Span<UInt8>, into output: inout ByteBuffer, byteCountMax: Int
    ) throws(CompressionError) {
        guard isFramed(bytes) else {
            _ = try decompress(block: bytes, into: &output, byteCountMax: byteCountMax, limit: byteCountMax)
            return
        }
        var reader = ByteReader(bytes.extracting(16..<bytes.count))
        var produced = 0
        while !reader.isAtEnd {
            guard let length = try? reader.read(Int32.self), length >= 0, Int(length) <= reader.remaining else {
                throw .malformed(.snappy)
            }
            let at = 16 + reader.position
            produced += try decompress(
                block: bytes.extracting(at..<at + Int(length)), into: &output,
                byteCountMax: byteCountMax - produced, limit: byteCountMax)
            guard (try? reader.skip(Int(length))) != nil else { throw .malformed(.snappy) }
        }
    }

    private static func isFramed(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 16 else { return false }
        for index in magic.indices where bytes[index] != magic[index] { return false }
        return true
    }

    private static func decompress(
        block: Span<UInt8>, into output: inout ByteBuffer, byteCountMax: Int, limit: Int
    ) throws(CompressionError) -> Int {
        var length = 0
        let status = block.withUnsafeBufferPointer { source in
            source.withMemoryRebound(to: CChar.self) {
                snappy_uncompressed_length($0.baseAddress, $0.count, &length)
            }
        }
        guard status == SNAPPY_OK else { throw .malformed(.snappy) }
        guard length <= byteCountMax else { throw .tooLarge(byteCountMax: limit) }
        // A block cannot hold more than it can say: the densest snappy copies 64 bytes with 3.
        guard length <= block.count * 64 else { throw .malformed(.snappy) }
        var written = length
        try output.append(room: max(length, 1)) { buffer throws(CompressionError) in
            let status = block.withUnsafeBufferPointer { source in
                source.withMemoryRebound(to: CChar.self) { source in
                    buffer.withMemoryRebound(to: CChar.self) { buffer in
                        written = buffer.count
                        return snappy_uncompress(source.baseAddress, source.count, buffer.baseAddress, &written)
                    }
                }
            }
            guard status == SNAPPY_OK else { throw .malformed(.snappy) }
            return written
        }
        return written
    }
}
