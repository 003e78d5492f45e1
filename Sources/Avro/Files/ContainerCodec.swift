public import ByteCoding

/// Compresses the blocks of a container file: the seam behind which the C libraries stand.
public protocol ContainerCodec {
    /// What the file's metadata calls it: `deflate`, `snappy`, `zstandard`.
    var name: String { get }
    func compress(_ bytes: Span<UInt8>, into output: inout ByteBuffer) throws(ContainerError)
    /// - Parameter byteCountMax: more than this is refused before it takes the memory.
    func decompress(_ bytes: Span<UInt8>, into output: inout ByteBuffer, byteCountMax: Int) throws(ContainerError)
}

/// Leaves the blocks as they are.
public struct NullCodec: ContainerCodec {
    public var name: String { "null" }
    public init() {}
    public func compress(_ bytes: Span<UInt8>, into output: inout ByteBuffer) { output.append(bytes) }
    public func decompress(
        _ bytes: Span<UInt8>, into output: inout ByteBuffer, byteCountMax: Int
    ) throws(ContainerError) {
        guard bytes.count <= byteCountMax else { throw .blockTooLarge }
        output.append(bytes)
    }
}
