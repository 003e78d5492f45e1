public import ByteCoding

/// Writes an object container file into a buffer: a header, then blocks of data that each end with the file's marker.
public struct ContainerWriter: ~Copyable {
    static let magic: [UInt8] = [0x4F, 0x62, 0x6A, 0x01]

    public let schema: AvroSchema
    private let codec: any ContainerCodec
    private let marker: [UInt8]
    private var block = ByteBuffer(capacity: 1 << 16)
    private var count: Int64 = 0

    /// Appends the header.
    /// - Parameters:
    ///   - marker: 16 random bytes, which nothing in the data should equal.
    ///   - metadata: the user's own entries; keys that begin with `avro.` are the format's.
    public init(
        schema: AvroSchema, codec: any ContainerCodec = NullCodec(), marker: [UInt8],
        metadata: [(key: String, value: [UInt8])] = [], into output: inout ByteBuffer
    ) {
        precondition(marker.count == 16, "a container's marker has 16 bytes")
        self.schema = schema
        self.codec = codec
        self.marker = marker
        output.append(Self.magic)
        let entries =
            [("avro.schema", Array(schema.resolvedText.utf8)), ("avro.codec", Array(codec.name.utf8))]
            + metadata.map { ($0.key, $0.value) }
        output.append(avroLong: Int64(entries.count))
        for (key, value) in entries {
            output.append(avroBytes: Array(key.utf8).span)
            output.append(avroBytes: value.span)
        }
        output.append(avroLong: 0)
        output.append(marker)
    }

    /// How many bytes wait in the open block.
    public var blockByteCount: Int { block.count }

    /// Adds a datum to the open block.
    public mutating func append(_ value: AvroValue) throws(ContainerError) {
        let before = block.count
        do throws(EncodeMismatch) { try schema.encode(value, into: &block) } catch {
            block.truncate(to: before)
            throw .value(error)
        }
        count += 1
    }

    /// Ends the open block, where it holds anything, and appends it.
    public mutating func flush(into output: inout ByteBuffer) throws(ContainerError) {
        guard count > 0 else { return }
        var packed = ByteBuffer(capacity: block.count)
        try codec.compress(block.span, into: &packed)
        output.append(avroLong: count)
        output.append(avroBytes: packed.span)
        output.append(marker)
        block.removeAll()
        count = 0
    }
}
