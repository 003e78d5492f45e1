public import ByteCoding

/// Compresses and decompresses the records section of a batch: the seam behind which the C libraries stand.
///
/// An instance keeps its working memory between calls and belongs to one thread at a time.
public protocol BatchCodec: AnyObject {
    /// Appends the compressed form of `bytes`, in the framing that Kafka's Java client writes and reads.
    func compress(_ bytes: Span<UInt8>, as type: CompressionType, into output: inout ByteBuffer)
        throws(CompressionError)

    /// Appends what `bytes` decompress to.
    /// - Parameter byteCountMax: the most that may be appended; input that would yield more is refused before it
    ///   takes the memory.
    func decompress(
        _ bytes: Span<UInt8>, as type: CompressionType, into output: inout ByteBuffer, byteCountMax: Int
    ) throws(CompressionError)
}
