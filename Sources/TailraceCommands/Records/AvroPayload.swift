import Avro
import ByteCoding

/// A value in Avro as JSON, as Kafka Connect's JsonConverter would show it: a union is its value, bytes are Base64; but
/// decimals are numbers, for people read them.
enum AvroPayload {
    /// - Returns: nil where the bytes are not one value of the schema.
    static func json(_ payload: [UInt8], _ schema: AvroSchema) -> [UInt8]? {
        var reader = ByteReader(payload.span)
        guard let value = try? schema.decode(&reader), reader.isAtEnd else { return nil }
        return Array(json(value, schema.root, schema).description.utf8)
    }

    private static func json(_ value: AvroValue, _ index: AvroType.Index, _ schema: AvroSchema) -> JSONValue {
        let type = schema[index]
        switch (type.kind, value) {
        case (.record(let fields, _), .record(let values)):
            var object = JSONObject()
            for (field, value) in zip(fields, values) { object[field.name] = json(value, field.type, schema) }
            return .object(object)
        case (.union(let branches), .union(let branch, let value)): return json(value, branches[branch], schema)
        case (.array(let item), .array(let values)): return .array(values.map { json($0, item, schema) })
        case (.map(let item), .map(let entries)):
            var object = JSONObject()
            for entry in entries { object[entry.key] = json(entry.value, item, schema) }
            return .object(object)
        case (.enumeration(let symbols, _), .enumeration(let place)): return .string(symbols[place])
        case (_, .bytes(let bytes)), (_, .fixed(let bytes)):
            if case .decimal(_, let scale) = type.logicalType {
                return .number(DecimalNumber.text(bytes, scale: scale))
            }
            return .string(Base64Text.encode(bytes))
        case (_, .boolean(let value)): return .bool(value)
        case (_, .int(let value)): return .number(String(value))
        case (_, .long(let value)): return .number(String(value))
        case (_, .float(let value)): return value.isFinite ? .number("\(value)") : .string("\(value)")
        case (_, .double(let value)): return value.isFinite ? .number("\(value)") : .string("\(value)")
        case (_, .string(let text)): return .string(text)
        default: return .null
        }
    }
}

/// Avro's and Connect's decimals: an unscaled integer in two's complement, big endian.
enum DecimalNumber {
    static func text(_ bytes: [UInt8], scale: Int) -> String {
        let isNegative = (bytes.first ?? 0) & 0x80 != 0
        var magnitude = isNegative ? negated(bytes) : bytes
        var digits: [UInt8] = []
        while magnitude.contains(where: { $0 != 0 }) {
            var remainder = 0
            for index in magnitude.indices {
                let part = remainder << 8 | Int(magnitude[index])
                magnitude[index] = UInt8(part / 10)
                remainder = part % 10
            }
            digits.append(UInt8(ascii: "0") + UInt8(remainder))
        }
        while digits.count <= scale { digits.append(UInt8(ascii: "0")) }
        if scale > 0 { digits.insert(UInt8(ascii: "."), at: scale) }
        return (isNegative ? "-" : "") + String(decoding: digits.reversed(), as: UTF8.self)
    }

    private static func negated(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes.map { ~$0 }
        for index in result.indices.reversed() {
            result[index] &+= 1
            if result[index] != 0 { break }
        }
        // The lowest number's magnitude has its first bit set, which is no sign here.
        return result
    }
}
