/// The types of one database, as `pg_type`, `pg_enum` and `pg_attribute` describe them.
public struct TypeCatalog: Equatable, Sendable {
    public private(set) var types: [UInt32: TypeDescription] = [:]
    public init(_ types: [TypeDescription] = []) { for type in types { self.types[type.oid] = type } }
    public subscript(oid: UInt32) -> TypeDescription? { types[oid] }
    public mutating func insert(_ type: TypeDescription) { types[type.oid] = type }
}

/// One row of `pg_type` with what depends on it.
public struct TypeDescription: Equatable, Sendable {
    public var oid: UInt32
    /// `pg_type.typname`: `int4`, `_int4`, `my_enum`.
    public var name: String
    public var schema: String
    /// `pg_type.typtype`: b base, c composite, d domain, e enum, p pseudo, r range, m multirange.
    public var kind: UInt8
    /// `pg_type.typcategory`.
    public var category: UInt8
    /// `pg_type.typelem` where the type is a true array (`typcategory` A), else 0.
    public var elementOID: UInt32
    /// `pg_type.typbasetype` of a domain, else 0.
    public var baseOID: UInt32
    /// `pg_type.typtypmod` of a domain, else -1.
    public var typeModifier: Int32
    /// `pg_type.typdelim`.
    public var delimiter: UInt8
    /// The labels of an enum in `enumsortorder`.
    public var enumLabels: [String]

    public init(
        oid: UInt32, name: String, schema: String = "pg_catalog", kind: UInt8 = UInt8(ascii: "b"),
        category: UInt8 = UInt8(ascii: "U"), elementOID: UInt32 = 0, baseOID: UInt32 = 0, typeModifier: Int32 = -1,
        delimiter: UInt8 = UInt8(ascii: ","), enumLabels: [String] = []
    ) {
        self.oid = oid
        self.name = name
        self.schema = schema
        self.kind = kind
        self.category = category
        self.elementOID = elementOID
        self.baseOID = baseOID
        self.typeModifier = typeModifier
        self.delimiter = delimiter
        self.enumLabels = enumLabels
    }
}
