internal import ByteCoding
internal import CLZ4
internal import KafkaProtocol

/// lz4 frames as Kafka writes them since magic 2: independent blocks of 64 KiB, no checksums but the header's own.
/// Dependent blocks would compress better, and Kafka's Java reader refuses them.
final class LZ4Codec {
    private var compressor: OpaquePointer?
    private var decompressor: OpaquePointer?

    deinit {
        LZ4F_freeCompressionContext(compressor)
        LZ4F_freeDecompressionContext(decompressor)
    }

    func compress(_ bytes: Span<UInt8>, into output: inout ByteBuffer) throws(CompressionError) {
        if compressor == nil {
            guard LZ4F_isError(LZ4F_createCompressionContext(&compressor, UInt32(LZ4F_VERSION))) == 0 else {
                throw .failed(.lz4)
            }
        }
        var preferences = LZ4F_preferences_t()
        preferences.frameInfo.blockSizeID = LZ4F_max64KB
        preferences.frameInfo.blockMode = LZ4F_blockIndependent
        // Without it the library gathers a block in its own memory first; with it whole blocks go straight through.
        preferences.autoFlush = 1
        let room = 32 + LZ4F_compressBound(bytes.count, &preferences)
        let context = compressor
        try output.append(room: room) { buffer throws(CompressionError) in
            guard let start = buffer.baseAddress else { throw .failed(.lz4) }
            var used = 0
            func check(_ code: Int) throws(CompressionError) {
                guard LZ4F_isError(code) == 0 else { throw .failed(.lz4) }
                used += code
            }
            try check(LZ4F_compressBegin(context, start, buffer.count, &preferences))
            let code = bytes.withUnsafeBufferPointer { source in
                LZ4F_compressUpdate(
                    context, start + used, buffer.count - used, source.baseAddress, source.count, nil)
            }
            try check(code)
            try check(LZ4F_compressEnd(context, start + used, buffer.count - used, nil))
            return used
        }
    }

    func decompress(_ bytes: Span<UInt8>, into output: inout ByteBuffer, byteCountMax: Int) throws(CompressionError) {
        if decompressor == nil {
            guard LZ4F_isError(LZ4F_createDecompressionContext(&decompressor, UInt32(LZ4F_VERSION))) == 0 else {
                throw .failed(.lz4)
            }
        }
        LZ4F_resetDecompressionContext(decompressor)
        let context = decompressor
        var consumed = 0
        var produced = 0
        var isFrameOpen = true
        while isFrameOpen || consumed < bytes.count {
            var sourceCount = bytes.count - consumed
            var outputCount = 0
            var hint = 0
            // One byte above the limit, so that running into it can be told from ending there.
            output.append(room: min(256 * 1024, byteCountMax - produced + 1)) { buffer in
                outputCount = min(buffer.count, byteCountMax - produced + 1)
                hint = bytes.withUnsafeBufferPointer { source in
                    LZ4F_decompress(
                        context, buffer.baseAddress, &outputCount, source.baseAddress.map { $0 + consumed },
                        &sourceCount, nil)
                }
                return LZ4F_isError(hint) == 0 ? outputCount : 0
            }
            guard LZ4F_isError(hint) == 0 else { throw .malformed(.lz4) }
            consumed += sourceCount
            produced += outputCount
            guard produced <= byteCountMax else { throw .tooLarge(byteCountMax: byteCountMax) }
            guard sourceCount > 0 || outputCount > 0 || hint == 0 else { throw .malformed(.lz4) }
            isFrameOpen = hint != 0
        }
    }
}
