public import ByteCoding

extension AvroSchema {
    /// Appends the binary encoding of `value`.
    /// - Throws: ``EncodeMismatch`` where the value does not fit; what was appended until then stays.
    public func encode(_ value: AvroValue, into buffer: inout ByteBuffer) throws(EncodeMismatch) {
        try encode(value, as: root, into: &buffer)
    }

    private func encode(
        _ value: AvroValue, as index: AvroType.Index, into buffer: inout ByteBuffer
    ) throws(EncodeMismatch) {
        let type = types[index]
        switch (type.kind, value) {
        case (.null, .null): return
        case (.boolean, .boolean(let value)): buffer.append(avroBoolean: value)
        case (.int, .int(let value)): buffer.append(avroLong: Int64(value))
        case (.long, .long(let value)): buffer.append(avroLong: value)
        case (.float, .float(let value)): buffer.append(avroFloat: value)
        case (.double, .double(let value)): buffer.append(avroDouble: value)
        case (.bytes, .bytes(let bytes)): buffer.append(avroBytes: bytes.span)
        case (.string, .string(let text)): buffer.append(avroBytes: Array(text.utf8).span)
        case (.fixed(let size), .fixed(let bytes)):
            guard bytes.count == size else { throw mismatch(type, "another size") }
            buffer.append(bytes)
        case (.enumeration(let symbols, _), .enumeration(let place)):
            guard symbols.indices.contains(place) else { throw mismatch(type, "no such symbol") }
            buffer.append(avroLong: Int64(place))
        case (.union(let branches), .union(let branch, let value)):
            guard branches.indices.contains(branch) else { throw mismatch(type, "no such branch") }
            buffer.append(avroLong: Int64(branch))
            try encode(value, as: branches[branch], into: &buffer)
        case (.record(let fields, _), .record(let values)):
            guard fields.count == values.count else { throw mismatch(type, "another number of fields") }
            for (field, value) in zip(fields, values) { try encode(value, as: field.type, into: &buffer) }
        case (.array(let item), .array(let values)):
            if !values.isEmpty { buffer.append(avroLong: Int64(values.count)) }
            for value in values { try encode(value, as: item, into: &buffer) }
            buffer.append(avroLong: 0)
        case (.map(let item), .map(let entries)):
            if !entries.isEmpty { buffer.append(avroLong: Int64(entries.count)) }
            for entry in entries {
                buffer.append(avroBytes: Array(entry.key.utf8).span)
                try encode(entry.value, as: item, into: &buffer)
            }
            buffer.append(avroLong: 0)
        default: throw mismatch(type, "a value of another type")
        }
    }

    private func mismatch(_ type: AvroType, _ what: String) -> EncodeMismatch {
        EncodeMismatch("the schema has \(type.branchName) where the value has \(what)")
    }
}
