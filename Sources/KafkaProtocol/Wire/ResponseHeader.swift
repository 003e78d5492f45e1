public import ByteCoding

/// The header in front of every response:
///
///     correlationId int32 · [tagged fields]
///
/// Version 1 of it, the one with tagged fields, goes with the flexible versions of an API and version 0 with the others.
/// ApiVersions has version 0 always: a client reads its answer before it knows what the broker speaks.
public struct ResponseHeader: Sendable, Equatable {
    public var correlationId: Int32

    public init(correlationId: Int32) { self.correlationId = correlationId }

    /// Which version of the header a response has: 0 or 1.
    public static func version(of apiKey: Int16, apiVersion: Int16) -> Int16 {
        apiKey != ApiVersionsRequest.apiKey && RequestHeader.isFlexible(apiKey, apiVersion) ? 1 : 0
    }

    /// Reads the header of the answer to such a request.
    public init(decoding reader: inout ByteReader, apiKey: Int16, apiVersion: Int16) throws(DecodeError) {
        correlationId = try reader.read(Int32.self)
        if Self.version(of: apiKey, apiVersion: apiVersion) == 1 { try reader.skipTaggedFields() }
    }

    public func encode(into output: inout ByteBuffer, apiKey: Int16, apiVersion: Int16) {
        output.append(bigEndian: correlationId)
        if Self.version(of: apiKey, apiVersion: apiVersion) == 1 { output.append(varUInt: 0) }
    }
}
