internal import NIOCore

/// A reply as it goes to the socket: bytes, and ranges of files between them.
struct OutboundReply: Sendable {
    var parts: [IOData]

    init(_ bytes: NIOCore.ByteBuffer) { parts = [.byteBuffer(bytes)] }
    init(parts: [IOData]) { self.parts = parts }

    var byteCount: Int { parts.reduce(0) { $0 + $1.readableBytes } }
}
