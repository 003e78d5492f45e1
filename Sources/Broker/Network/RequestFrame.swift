internal import ByteCoding

/// The bytes of one request, without the size before them. Its memory counts until nobody holds it any more.
final class RequestFrame: Sendable {
    private let bytes: ByteBuffer
    private let memory: FrameMemory?
    private let reservedByteCount: Int

    /// - Parameter memory: where the bytes were reserved.
    init(_ bytes: consuming ByteBuffer, memory: FrameMemory?) {
        reservedByteCount = bytes.count
        self.bytes = bytes
        self.memory = memory
    }

    deinit { memory?.release(reservedByteCount) }

    var byteCount: Int { bytes.count }

    func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try Self.lend(bytes, body)
    }

    private static func lend<Result, Failure: Error>(
        _ bytes: borrowing ByteBuffer, _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(bytes.span)
    }
}
