/// A datum outside the hot path: what the decoder yields for any schema and the encoder takes.
public indirect enum AvroValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case int(Int32)
    case long(Int64)
    case float(Float)
    case double(Double)
    case bytes([UInt8])
    case string(String)
    /// The fields' values in the order of the schema.
    case record([AvroValue])
    /// The place of the symbol in the schema.
    case enumeration(Int)
    case fixed([UInt8])
    case array([AvroValue])
    case map([Entry])
    case union(branch: Int, AvroValue)

    /// One entry of a map. Entries keep their order; a key may occur twice in what a stranger wrote.
    public struct Entry: Hashable, Sendable {
        public let key: String
        public let value: AvroValue
        public init(key: String, value: AvroValue) {
            self.key = key
            self.value = value
        }
    }
}
