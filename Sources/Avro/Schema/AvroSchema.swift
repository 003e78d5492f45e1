/// A parsed Avro schema (specification 1.11): types in one array, each naming others by their index.
public struct AvroSchema: Sendable {
    public internal(set) var types: [AvroType]
    public internal(set) var root: AvroType.Index
    /// Where each named type stands, those of referenced schemas among them.
    public internal(set) var named: [String: AvroType.Index]
    /// The types that referenced schemas define at their top: its text names them and does not repeat them.
    public internal(set) var referenced: [AvroType.Index] = []

    public subscript(_ index: AvroType.Index) -> AvroType { types[index] }
    public var rootType: AvroType { types[root] }

    /// The same types with another one on top, to look at a part of a schema by itself.
    public func rooted(at index: AvroType.Index) -> AvroSchema {
        var copy = self
        copy.root = index
        return copy
    }
}
