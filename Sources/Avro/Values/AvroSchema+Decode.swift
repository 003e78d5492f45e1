public import ByteCoding

extension AvroSchema {
    /// Reads one datum; what follows it stays unread.
    /// - Throws: ``DecodeError`` for bytes that are not an encoding of this schema, or that exceed a limit.
    @_lifetime(reader: copy reader)
    public func decode(
        _ reader: inout ByteReader, limits: DecodeLimits = DecodeLimits()
    ) throws(DecodeError) -> AvroValue {
        var budget = limits.valueCountMax
        return try decode(root, &reader, depth: limits.depthMax, budget: &budget)
    }

    @_lifetime(reader: copy reader)
    private func decode(
        _ index: AvroType.Index, _ reader: inout ByteReader, depth: Int, budget: inout Int
    ) throws(DecodeError) -> AvroValue {
        guard depth > 0 else { throw .malformed("values nest too deep") }
        budget -= 1
        guard budget >= 0 else { throw .malformed("a datum of too many values") }
        switch types[index].kind {
        case .null: return .null
        case .boolean:
            switch try reader.read(UInt8.self) {
            case 0: return .boolean(false)
            case 1: return .boolean(true)
            default: throw .malformed("a boolean that is neither 0 nor 1")
            }
        case .int:
            guard let value = Int32(exactly: try reader.readVarInt()) else {
                throw .malformed("an int of over 32 bits")
            }
            return .int(value)
        case .long: return .long(try reader.readVarInt())
        case .float: return .float(Float(bitPattern: try reader.read(UInt32.self).byteSwapped))
        case .double: return .double(Double(bitPattern: try reader.read(UInt64.self).byteSwapped))
        case .bytes: return .bytes(try bytes(&reader, count: try reader.readVarInt()))
        case .string: return .string(try text(&reader))
        case .fixed(let size): return .fixed(try bytes(&reader, count: Int64(size)))
        case .enumeration(let symbols, _):
            guard let place = Int(exactly: try reader.readVarInt()), symbols.indices.contains(place) else {
                throw .malformed("an enum's symbol that the schema does not have")
            }
            return .enumeration(place)
        case .union(let branches):
            guard let branch = Int(exactly: try reader.readVarInt()), branches.indices.contains(branch) else {
                throw .malformed("a union's branch that the schema does not have")
            }
            return .union(branch: branch, try decode(branches[branch], &reader, depth: depth - 1, budget: &budget))
        case .record(let fields, _):
            var values: [AvroValue] = []
            values.reserveCapacity(fields.count)
            for field in fields { values.append(try decode(field.type, &reader, depth: depth - 1, budget: &budget)) }
            return .record(values)
        case .array(let item):
            var values: [AvroValue] = []
            while case let count = try blockCount(&reader), count > 0 {
                for _ in 0..<count { values.append(try decode(item, &reader, depth: depth - 1, budget: &budget)) }
            }
            return .array(values)
        case .map(let item):
            var entries: [AvroValue.Entry] = []
            while case let count = try blockCount(&reader), count > 0 {
                for _ in 0..<count {
                    let key = try text(&reader)
                    entries.append(
                        AvroValue.Entry(key: key, value: try decode(item, &reader, depth: depth - 1, budget: &budget)))
                }
            }
            return .map(entries)
        }
    }

    /// The count of the next block; a negative one is followed by the block's size in bytes, which is not needed here.
    @_lifetime(reader: copy reader)
    private func blockCount(_ reader: inout ByteReader) throws(DecodeError) -> Int64 {
        let count = try reader.readVarInt()
        guard count < 0 else { return count }
        guard count != .min, try reader.readVarInt() >= 0 else { throw .malformed("a block of negative size") }
        return -count
    }

    @_lifetime(reader: copy reader)
    private func bytes(_ reader: inout ByteReader, count: Int64) throws(DecodeError) -> [UInt8] {
        guard count >= 0 else { throw .malformed("bytes of negative length") }
        guard count <= Int64(reader.remaining) else {
            throw .truncated(needed: Int(clamping: count), available: reader.remaining)
        }
        let span = try reader.readBytes(Int(count))
        // SAFETY: the copy is made within the call.
        return unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
    }

    @_lifetime(reader: copy reader)
    private func text(_ reader: inout ByteReader) throws(DecodeError) -> String {
        guard let text = String(validating: try bytes(&reader, count: try reader.readVarInt()), as: UTF8.self) else {
            throw .malformed("a string that is not UTF-8")
        }
        return text
    }
}
