public import ByteCoding

/// The single-object encoding: two marker bytes, the schema's fingerprint in little-endian order, the datum.
public enum SingleObject {
    private static let marker: [UInt8] = [0xC3, 0x01]

    public static func encode(
        _ value: AvroValue, _ schema: AvroSchema, into buffer: inout ByteBuffer
    ) throws(EncodeMismatch) {
        buffer.append(marker)
        buffer.append(bigEndian: schema.rabinFingerprint.byteSwapped)
        try schema.encode(value, into: &buffer)
    }

    /// - Parameter schema: finds the schema by its fingerprint.
    @_lifetime(reader: copy reader)
    public static func decode(
        _ reader: inout ByteReader, schema: (UInt64) -> AvroSchema?
    ) throws(DecodeError) -> AvroValue {
        guard try reader.read(UInt16.self) == 0xC301 else { throw .malformed("no single object's marker") }
        let fingerprint = try reader.read(UInt64.self).byteSwapped
        guard let schema = schema(fingerprint) else { throw .malformed("a fingerprint that nobody knows") }
        return try schema.decode(&reader)
    }
}
