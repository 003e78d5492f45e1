public import ByteCoding

/// The header in front of every request:
///
///     apiKey int16 · apiVersion int16 · correlationId int32 · clientId nullable string · [tagged fields]
///
/// Version 2 of it, the one with tagged fields, goes with the flexible versions of an API and version 1 with the others.
/// The client's id has an int16 length in both. Version 0, without a client id, was ControlledShutdown's alone.
public struct RequestHeader: Sendable, Equatable {
    public var apiKey: Int16
    public var apiVersion: Int16
    public var correlationId: Int32
    public var clientId: String?

    public init(apiKey: Int16, apiVersion: Int16, correlationId: Int32, clientId: String? = nil) {
        self.apiKey = apiKey
        self.apiVersion = apiVersion
        self.correlationId = correlationId
        self.clientId = clientId
    }

    /// Which version of the header a request has: 1 or 2. An API whose messages we do not have is taken for one without
    /// flexible versions; nothing can be read of it beyond the header.
    public static func version(of apiKey: Int16, apiVersion: Int16) -> Int16 {
        isFlexible(apiKey, apiVersion) ? 2 : 1
    }

    /// Reads the header; the request's body follows in `reader`.
    public init(decoding reader: inout ByteReader) throws(DecodeError) {
        apiKey = try reader.read(Int16.self)
        apiVersion = try reader.read(Int16.self)
        correlationId = try reader.read(Int32.self)
        clientId = try reader.readNullableString(flexible: false)
        if Self.isFlexible(apiKey, apiVersion) { try reader.skipTaggedFields() }
    }

    public func encode(into output: inout ByteBuffer) {
        output.append(bigEndian: apiKey)
        output.append(bigEndian: apiVersion)
        output.append(bigEndian: correlationId)
        output.append(nullableString: clientId, flexible: false)
        if Self.isFlexible(apiKey, apiVersion) { output.append(varUInt: 0) }
    }

    static func isFlexible(_ apiKey: Int16, _ apiVersion: Int16) -> Bool {
        MessageCatalog.firstFlexibleVersion(of: apiKey).map { apiVersion >= $0 } ?? false
    }
}
