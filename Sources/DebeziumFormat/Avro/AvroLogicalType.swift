/// Avro's own annotation of those Connect types that it knows.
enum AvroLogicalType: Equatable {
    case decimal(precision: Int, scale: Int)
    case date, timeMillis, timestampMillis

    init?(_ schema: ConnectSchema) {
        switch schema.name {
        case "org.apache.kafka.connect.data.Decimal":
            func parameter(_ name: String) -> Int? {
                schema.parameters.first { $0.name == name }.flatMap { Int($0.value) }
            }
            // 64 digits is AvroConverter's guess where the column does not say.
            self = .decimal(precision: parameter("connect.decimal.precision") ?? 64, scale: parameter("scale") ?? 0)
        case "org.apache.kafka.connect.data.Date": self = .date
        case "org.apache.kafka.connect.data.Time": self = .timeMillis
        case "org.apache.kafka.connect.data.Timestamp": self = .timestampMillis
        default: return nil
        }
    }

    var name: StaticString {
        switch self {
        case .decimal: "decimal"
        case .date: "date"
        case .timeMillis: "time-millis"
        case .timestampMillis: "timestamp-millis"
        }
    }
}

extension ConnectSchema.Kind {
    /// Avro's type; of the types that hold others, their own name.
    var avroName: StaticString {
        switch self {
        case .int8, .int16, .int32: "int"
        case .int64: "long"
        case .float32: "float"
        case .float64: "double"
        case .boolean: "boolean"
        case .string: "string"
        case .bytes: "bytes"
        case .array: "array"
        case .map: "map"
        case .struct: "record"
        }
    }

    /// `connect.type`: which of Connect's types Avro has no type for.
    var connectType: StaticString? {
        switch self {
        case .int8: "int8"
        case .int16: "int16"
        default: nil
        }
    }
}
