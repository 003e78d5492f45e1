internal import ByteCoding

/// Reads an object container file from bytes that are all there.
public struct ContainerReader: ~Escapable {
    public let schema: AvroSchema
    public let metadata: [(key: String, value: [UInt8])]
    private let codec: any ContainerCodec
    private let marker: [UInt8]
    private let blockByteCountMax: Int
    private var reader: ByteReader

    /// - Parameter codecs: those that a file may name, besides `null`.
    @_lifetime(copy bytes)
    public init(
        _ bytes: Span<UInt8>, codecs: [any ContainerCodec] = [], blockByteCountMax: Int = 64 << 20
    ) throws(ContainerError) {
        reader = ByteReader(bytes)
        var found: [(key: String, value: [UInt8])] = []
        guard let magic = try? Self.bytes(&reader, 4), magic == ContainerWriter.magic else { throw .notAContainer }
        do throws(DecodeError) {
            let header = AvroSchema(types: [AvroType(kind: .bytes), AvroType(kind: .map(0))], root: 1, named: [:])
            guard case .map(let entries) = try header.decode(&reader) else { throw .malformed("no metadata") }
            for entry in entries {
                if case .bytes(let value) = entry.value { found.append((entry.key, value)) }
            }
            marker = try Self.bytes(&reader, 16)
        } catch { throw .bytes(error) }
        func text(_ key: String) -> String? {
            found.first { $0.key == key }.flatMap { String(validating: $0.value, as: UTF8.self) }
        }
        metadata = found
        self.blockByteCountMax = blockByteCountMax
        guard let schemaText = text("avro.schema") else { throw .notAContainer }
        do throws(SchemaError) { schema = try AvroSchema(parsing: schemaText, validatesDefaults: false) } catch {
            throw .schema(error)
        }
        let name = text("avro.codec") ?? "null"
        guard let codec = ([NullCodec()] + codecs).first(where: { $0.name == name }) else {
            throw .unknownCodec(name)
        }
        self.codec = codec
    }

    /// The data of the next block; nil at the file's end.
    @_lifetime(self: copy self)
    public mutating func nextBlock(limits: DecodeLimits = DecodeLimits()) throws(ContainerError) -> [AvroValue]? {
        guard !reader.isAtEnd else { return nil }
        var values: [AvroValue] = []
        let count: Int64
        var data = ByteBuffer(capacity: 1 << 12)
        do throws(DecodeError) {
            count = try reader.readVarInt()
            let size = try reader.readVarInt()
            guard count >= 0, size >= 0 else { throw .malformed("a block of negative size") }
            guard size <= Int64(reader.remaining) else {
                throw .truncated(needed: Int(clamping: size), available: reader.remaining)
            }
            data.append(try reader.readBytes(Int(size)))
        } catch { throw .bytes(error) }
        var plain = ByteBuffer(capacity: data.count)
        try codec.decompress(data.span, into: &plain, byteCountMax: blockByteCountMax)
        do throws(DecodeError) {
            guard try Self.bytes(&reader, 16) == marker else { throw .malformed("a block's end is not its marker") }
        } catch { throw .markerMissing }
        do throws(DecodeError) {
            var datum = ByteReader(plain.span)
            guard count <= Int64(limits.valueCountMax) else { throw .malformed("a block of too many values") }
            for _ in 0..<count { values.append(try schema.decode(&datum, limits: limits)) }
            guard datum.isAtEnd else { throw .malformed("a block holds more than its values") }
        } catch { throw .bytes(error) }
        return values
    }

    @_lifetime(reader: copy reader)
    private static func bytes(_ reader: inout ByteReader, _ count: Int) throws(DecodeError) -> [UInt8] {
        let span = try reader.readBytes(count)
        return span.indices.map { span[$0] }
    }
}
