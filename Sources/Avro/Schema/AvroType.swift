/// One type within an ``AvroSchema``. Other types are named by their index there, so that recursion needs no references.
public struct AvroType: Sendable, Equatable {
    public typealias Index = Int

    public enum Kind: Sendable, Equatable {
        case null, boolean, int, long, float, double, bytes, string
        case record([AvroField], isError: Bool)
        case enumeration(symbols: [String], default: String?)
        case fixed(size: Int)
        case array(Index)
        case map(Index)
        case union([Index])
    }

    public internal(set) var kind: Kind
    /// nil unless it is a record, an enum or a fixed.
    public internal(set) var name: AvroName?
    public internal(set) var aliases: [AvroName] = []
    public internal(set) var doc: String?
    /// Every attribute that the specification gives no meaning, `logicalType` and its parameters among them.
    public internal(set) var properties = JSONObject()

    /// What `logicalType` says, where it is valid for this type; anything else is ignored, as the specification asks.
    public var logicalType: AvroLogicalType? { AvroLogicalType(of: self) }

    /// The word that stands for the type in a schema's text.
    public var typeName: String {
        switch kind {
        case .null: "null"
        case .boolean: "boolean"
        case .int: "int"
        case .long: "long"
        case .float: "float"
        case .double: "double"
        case .bytes: "bytes"
        case .string: "string"
        case .record(_, let isError): isError ? "error" : "record"
        case .enumeration: "enum"
        case .fixed: "fixed"
        case .array: "array"
        case .map: "map"
        case .union: "union"
        }
    }

    /// The word, or the full name where the type has one: what tells the branches of a union apart.
    public var branchName: String { name?.fullName ?? typeName }
}
