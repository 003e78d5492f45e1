internal import NIOCore

/// A reply as it goes to the socket: bytes, and ranges of files between them.
struct OutboundReply: Sendable {
    enum Part: Sendable {
        case bytes(NIOCore.ByteBuffer)
        case records(FetchedRecords)

        var byteCount: Int {
            switch self {
            case .bytes(let bytes): bytes.readableBytes
            case .records(let records): records.byteCount
            }
        }
    }

    var parts: [Part]

    init(_ bytes: NIOCore.ByteBuffer) { parts = [.bytes(bytes)] }
    init(parts: [Part]) { self.parts = parts }

    var byteCount: Int { parts.reduce(0) { $0 + $1.byteCount } }
}
