import ByteCoding
import ChangeModel

@testable import DebeziumFormat

/// Compiles one column of a type and writes values with it.
struct ColumnFixture {
    var configuration = EventConfiguration(
        topicPrefix: "dbserver1", databaseName: "inventory", version: "1", runID: "run")
    var format = JSONFormat()
    var types = TypeCatalog(ColumnFixture.builtin + ColumnFixture.userTypes)

    /// Configured by `change`.
    init(_ change: (inout ColumnFixture) -> Void = { _ in }) { change(&self) }

    /// `int4`, `_text`, `mood`: the catalog's name of a type.
    func column(
        _ type: String, modifier: Int32 = -1, isNotNull: Bool = false, defaultExpression: String? = nil
    ) -> TableSchema.Column {
        let oid = types.types.values.first { $0.name == type }?.oid ?? 0
        return TableSchema.Column(
            name: "c", typeOID: oid, typeModifier: modifier, isNotNull: isNotNull, defaultExpression: defaultExpression)
    }

    func writer(
        _ type: String, modifier: Int32 = -1, isNotNull: Bool = false, defaultExpression: String? = nil,
        isKey: Bool = false
    ) throws -> ColumnWriter? {
        let column = column(
            type, modifier: modifier, isNotNull: isNotNull, defaultExpression: defaultExpression)
        let table = TableSchema(
            oid: 1, id: TableID(schema: "public", table: "t"), columns: [column], primaryKey: [],
            replicaIdentity: .default)
        return try ColumnWriter.make(
            for: column, in: table, types: types, configuration: configuration, format: format, isKey: isKey)
    }

    /// The JSON of a value; nil when the column is left out.
    func json(_ text: String, _ type: String, modifier: Int32 = -1, snapshot: Bool = false) throws -> String? {
        guard let writer = try writer(type, modifier: modifier) else { return nil }
        return try writer.json(text, snapshot: snapshot)
    }

    func schema(_ type: String, modifier: Int32 = -1, isNotNull: Bool = false, defaultExpression: String? = nil)
        throws -> String?
    {
        try writer(type, modifier: modifier, isNotNull: isNotNull, defaultExpression: defaultExpression)?.schemaJSON
    }

    /// The modifier of `numeric(precision, scale)`.
    static func numeric(_ precision: Int32, _ scale: Int32) -> Int32 { precision << 16 | scale & 0x7FF + 4 }

    private static let userTypes: [TypeDescription] = [
        TypeDescription(
            oid: 20001, name: "mood", schema: "public", kind: UInt8(ascii: "e"), category: UInt8(ascii: "E"),
            enumLabels: ["sad", "it's, ok"]),
        TypeDescription(
            oid: 20002, name: "_mood", schema: "public", category: UInt8(ascii: "A"), elementOID: 20001),
        TypeDescription(
            oid: 20003, name: "positive", schema: "public", kind: UInt8(ascii: "d"), baseOID: 23),
        TypeDescription(
            oid: 20004, name: "nested", schema: "public", kind: UInt8(ascii: "d"), baseOID: 20005),
        TypeDescription(
            oid: 20005, name: "price", schema: "public", kind: UInt8(ascii: "d"), baseOID: 1700,
            typeModifier: numeric(8, 3)),
        TypeDescription(
            oid: 20006, name: "_positive", schema: "public", category: UInt8(ascii: "A"), elementOID: 20003),
        TypeDescription(oid: 20007, name: "hstore", schema: "public"),
        TypeDescription(oid: 20008, name: "ltree", schema: "public"),
        TypeDescription(oid: 20009, name: "_ltree", schema: "public", category: UInt8(ascii: "A"), elementOID: 20008),
        TypeDescription(oid: 20010, name: "geometry", schema: "public"),
        TypeDescription(oid: 20011, name: "vector", schema: "public"),
    ]

    private static let builtin: [TypeDescription] = [
        (16, "bool", 1000), (17, "bytea", 1001), (18, "char", 1002), (19, "name", 1003), (20, "int8", 1016),
        (21, "int2", 1005), (23, "int4", 1007), (25, "text", 1009), (26, "oid", 1028), (114, "json", 199),
        (142, "xml", 143), (600, "point", 1017), (628, "line", 629), (700, "float4", 1021), (701, "float8", 1022),
        (790, "money", 791), (869, "inet", 1041), (1042, "bpchar", 1014), (1043, "varchar", 1015),
        (1082, "date", 1182), (1083, "time", 1183), (1114, "timestamp", 1115), (1184, "timestamptz", 1185),
        (1186, "interval", 1187), (1266, "timetz", 1270), (1560, "bit", 1561), (1562, "varbit", 1563),
        (1700, "numeric", 1231), (2950, "uuid", 2951), (3614, "tsvector", 3643), (3615, "tsquery", 3645),
        (3802, "jsonb", 3807), (3904, "int4range", 3905), (22, "int2vector", 1006), (26_000, "xid", 26_001),
    ].flatMap { oid, name, array in
        [
            TypeDescription(oid: oid, name: name),
            TypeDescription(oid: array, name: "_\(name)", category: UInt8(ascii: "A"), elementOID: oid),
        ]
    }
}

extension ColumnWriter {
    func json(_ text: String, snapshot: Bool = false) throws -> String {
        var buffer = ByteBuffer()
        let bytes = Array(text.utf8)
        try append(text: bytes.span, snapshot: snapshot, to: &buffer)
        return String(decoding: buffer.array(), as: UTF8.self)
    }

    var nullJSON: String {
        var buffer = ByteBuffer()
        appendNull(to: &buffer)
        return String(decoding: buffer.array(), as: UTF8.self)
    }

    var unavailableJSON: String {
        var buffer = ByteBuffer()
        appendUnavailable(to: &buffer)
        return String(decoding: buffer.array(), as: UTF8.self)
    }

    var schemaJSON: String {
        var buffer = ByteBuffer()
        schema.appendJSON(to: &buffer)
        return String(decoding: buffer.array(), as: UTF8.self)
    }
}
