/// Why bytes could not be compressed or decompressed.
public enum CompressionError: Error, Equatable, Sendable {
    /// The input is not what the codec writes.
    case malformed(CompressionType)
    /// The input decompresses to more than the caller allows.
    case tooLarge(byteCountMax: Int)
    /// The library could not do its work (out of memory).
    case failed(CompressionType)
}

extension CompressionError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed(let type): "the bytes are not valid \(type.name)"
        case .tooLarge(let byteCountMax): "the bytes decompress to more than \(byteCountMax) bytes"
        case .failed(let type): "the \(type.name) library failed"
        }
    }
}
