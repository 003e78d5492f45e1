internal import ByteCoding
internal import CZstd
internal import KafkaProtocol

/// zstd frames at the library's default level (3), which is Kafka's.
final class ZstdCodec {
    private var compressor: OpaquePointer?
    private var decompressor: OpaquePointer?

    deinit {
        ZSTD_freeCCtx(compressor)
        ZSTD_freeDCtx(decompressor)
    }

    func compress(_ bytes: Span<UInt8>, into output: inout ByteBuffer) throws(CompressionError) {
        if compressor == nil { compressor = ZSTD_createCCtx() }
        guard let compressor else { throw .failed(.zstd) }
        try output.append(room: ZSTD_compressBound(bytes.count)) { buffer throws(CompressionError) in
            let written = bytes.withUnsafeBufferPointer { source in
                ZSTD_compressCCtx(compressor, buffer.baseAddress, buffer.count, source.baseAddress, source.count, 3)
            }
            guard ZSTD_isError(written) == 0 else { throw .failed(.zstd) }
            return written
        }
    }

    func decompress(_ bytes: Span<UInt8>, into output: inout ByteBuffer, byteCountMax: Int) throws(CompressionError) {
        if decompressor == nil { decompressor = ZSTD_createDCtx() }
        guard let decompressor else { throw .failed(.zstd) }
        ZSTD_DCtx_reset(decompressor, ZSTD_reset_session_only)
        var consumed = 0
        var produced = 0
        var isFrameOpen = true
        while isFrameOpen || consumed < bytes.count {
            var result = 0
            var step = 0
            let consumedBefore = consumed
            output.append(room: min(256 * 1024, byteCountMax - produced + 1)) { buffer in
                let count = min(buffer.count, byteCountMax - produced + 1)
                var out = ZSTD_outBuffer(dst: buffer.baseAddress, size: count, pos: 0)
                bytes.withUnsafeBufferPointer { source in
                    var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: consumed)
                    result = ZSTD_decompressStream(decompressor, &out, &input)
                    consumed = input.pos
                }
                step = out.pos
                return out.pos
            }
            guard ZSTD_isError(result) == 0 else { throw .malformed(.zstd) }
            produced += step
            guard produced <= byteCountMax else { throw .tooLarge(byteCountMax: byteCountMax) }
            isFrameOpen = result != 0
            guard !isFrameOpen || step > 0 || consumed > consumedBefore else { throw .malformed(.zstd) }
        }
    }
}
