internal import ByteCoding
internal import CZlib
internal import KafkaProtocol

/// gzip (RFC 1952) at the library's default level; several members one after another are read as one.
enum GzipCodec {
    /// 15 bits of window, plus 16 for gzip's own header and trailer.
    private static let windowBits: Int32 = 31
    private static let streamSize = Int32(MemoryLayout<z_stream>.size)

    static func compress(_ bytes: Span<UInt8>, into output: inout ByteBuffer) throws(CompressionError) {
        var stream = z_stream()
        guard
            deflateInit2_(
                &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, streamSize)
                == Z_OK
        else { throw .failed(.gzip) }
        defer { deflateEnd(&stream) }
        guard bytes.count <= Int(UInt32.max) else { throw .failed(.gzip) }
        let room = Int(deflateBound(&stream, UInt(bytes.count))) + 32
        try output.append(room: room) { buffer throws(CompressionError) in
            let result = bytes.withUnsafeBufferPointer { source in
                stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                stream.avail_in = UInt32(source.count)
                stream.next_out = buffer.baseAddress
                stream.avail_out = UInt32(clamping: buffer.count)
                return deflate(&stream, Z_FINISH)
            }
            guard result == Z_STREAM_END else { throw .failed(.gzip) }
            return Int(stream.total_out)
        }
    }

    static func decompress(
        _ bytes: Span<UInt8>, into output: inout ByteBuffer, byteCountMax: Int
    ) throws(CompressionError) {
        var stream = z_stream()
        guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, streamSize) == Z_OK else { throw .failed(.gzip) }
        defer { inflateEnd(&stream) }
        guard bytes.count <= Int(UInt32.max) else { throw .failed(.gzip) }
        var consumed = 0
        var produced = 0
        var isMemberOpen = true
        while isMemberOpen || consumed < bytes.count {
            if !isMemberOpen { inflateReset(&stream) }
            var result = Z_OK
            var step = 0
            output.append(room: min(256 * 1024, byteCountMax - produced + 1)) { buffer in
                let count = min(buffer.count, byteCountMax - produced + 1)
                bytes.withUnsafeBufferPointer { source in
                    stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress.map { $0 + consumed })
                    stream.avail_in = UInt32(source.count - consumed)
                    stream.next_out = buffer.baseAddress
                    stream.avail_out = UInt32(count)
                    result = inflate(&stream, Z_NO_FLUSH)
                    consumed = source.count - Int(stream.avail_in)
                }
                step = count - Int(stream.avail_out)
                return step
            }
            // No progress is possible at the end of input that was cut short: the library says Z_BUF_ERROR.
            guard result == Z_OK || result == Z_STREAM_END else { throw .malformed(.gzip) }
            produced += step
            guard produced <= byteCountMax else { throw .tooLarge(byteCountMax: byteCountMax) }
            isMemberOpen = result != Z_STREAM_END
        }
    }
}
