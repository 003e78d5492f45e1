internal import ByteCoding

/// The first fields of every request, which are the same in all header versions:
/// `apiKey int16 · apiVersion int16 · correlationId int32`.
struct RequestHead: Sendable, Equatable {
    var apiKey: Int16
    var apiVersion: Int16
    var correlationID: Int32

    init(_ frame: RequestFrame) throws(DecodeError) {
        self = try frame.withBytes { bytes throws(DecodeError) in try RequestHead(peeking: bytes) }
    }

    init(peeking bytes: Span<UInt8>) throws(DecodeError) {
        var reader = ByteReader(bytes)
        apiKey = try reader.read(Int16.self)
        apiVersion = try reader.read(Int16.self)
        correlationID = try reader.read(Int32.self)
    }
}
