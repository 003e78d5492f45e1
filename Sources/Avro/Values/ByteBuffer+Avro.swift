public import ByteCoding

/// The primitives of Avro's binary encoding, for encoders that are compiled from a schema and allocate nothing.
extension ByteBuffer {
    /// An int or a long; also a union's branch, an enum's symbol and a block's count.
    @inlinable public mutating func append(avroLong value: Int64) { append(varInt: value) }

    @inlinable public mutating func append(avroBoolean value: Bool) { append(value ? 1 : 0 as UInt8) }

    @inlinable public mutating func append(avroFloat value: Float) {
        append(bigEndian: value.bitPattern.byteSwapped)
    }

    @inlinable public mutating func append(avroDouble value: Double) {
        append(bigEndian: value.bitPattern.byteSwapped)
    }

    /// Bytes, or a string's UTF-8.
    @inlinable public mutating func append(avroBytes bytes: Span<UInt8>) {
        append(varInt: Int64(bytes.count))
        append(bytes)
    }
}
