public import ChangeModel

/// Reads what the server's catalogs say. Every name in its queries is schema-qualified.
///
/// Not thread-safe: it uses its connection, which must not be in a COPY. Works on any connection but a replication
/// connection of a walsender (which takes no parameters).
public struct Catalog {
    public let connection: PostgresConnection
    /// Whether comments of tables and columns are read.
    public var includesComments: Bool

    public init(_ connection: PostgresConnection, includesComments: Bool = false) {
        self.connection = connection
        self.includesComments = includesComments
    }

    public var features: ServerFeatures { ServerFeatures(version: connection.serverVersion) }

    /// Every ordinary and partitioned table outside the system's schemas, by schema and name. Temporary tables are left
    /// out.
    public func tables() throws(CaptureError) -> [TableSummary] {
        let result = try connection.query(
            """
            SELECT c.oid, n.nspname, c.relname, c.relkind, c.relispartition,
                   CASE WHEN c.relispartition THEN pg_catalog.pg_partition_root(c.oid)::pg_catalog.oid ELSE c.oid END,
                   c.relreplident, c.relpersistence, c.reltuples, c.relpages
              FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
               AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_toast%'
             ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
            """, action: "listing the tables")
        return (0..<result.rowCount).map { row in
            let oid = result.integer(row, 0, as: UInt32.self) ?? 0
            return TableSummary(
                oid: oid, id: TableID(schema: result.text(row, 1) ?? "", table: result.text(row, 2) ?? ""),
                isPartitioned: result.text(row, 3) == "p", isPartition: result.bool(row, 4),
                rootOID: result.integer(row, 5, as: UInt32.self) ?? oid,
                replicaIdentity: Self.replicaIdentity(result.text(row, 6)), isUnlogged: result.text(row, 7) == "u",
                estimatedRowCount: result.text(row, 8).flatMap { Double($0) } ?? -1,
                estimatedBlockCount: result.integer(row, 9) ?? 0)
        }
    }

    /// The tables with these oids, as they are now; one that does not exist is absent.
    ///
    /// ``TableSchema/primaryKey`` is the primary key or, as Debezium has it, the first unique index over plain columns.
    public func schemas(of oids: [UInt32]) throws(CaptureError) -> [UInt32: TableSchema] {
        guard !oids.isEmpty else { return [:] }
        let list = "{" + oids.map { String($0) }.joined(separator: ",") + "}"
        var schemas = try relations(list)
        try readColumns(list, into: &schemas)
        try readKeys(list, into: &schemas)
        return schemas
    }

    /// The table with this oid, or nil when it does not exist.
    public func schema(of oid: UInt32) throws(CaptureError) -> TableSchema? { try schemas(of: [oid])[oid] }

    /// The oid of a table by its name, or nil when it does not exist.
    public func oid(of table: TableID) throws(CaptureError) -> UInt32? {
        let result = try connection.query(
            """
            SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE n.nspname = $1 AND c.relname = $2
            """, [table.schema, table.table], action: "looking up table \(table)")
        return result.integer(0, 0, as: UInt32.self)
    }

    // MARK: - Parts of a schema

    private func relations(_ oids: String) throws(CaptureError) -> [UInt32: TableSchema] {
        let comment = includesComments ? "pg_catalog.obj_description(c.oid, 'pg_class')" : "NULL"
        let result = try connection.query(
            """
            SELECT c.oid, n.nspname, c.relname, c.relreplident, \(comment)
              FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
             WHERE c.oid = ANY ($1::pg_catalog.oid[])
            """, [oids], action: "reading the tables")
        var schemas: [UInt32: TableSchema] = [:]
        for row in 0..<result.rowCount {
            guard let oid = result.integer(row, 0, as: UInt32.self) else { continue }
            schemas[oid] = TableSchema(
                oid: oid, id: TableID(schema: result.text(row, 1) ?? "", table: result.text(row, 2) ?? ""), columns: [],
                primaryKey: [], replicaIdentity: Self.replicaIdentity(result.text(row, 3)),
                comment: result.text(row, 4))
        }
        return schemas
    }

    private func readColumns(_ oids: String, into schemas: inout [UInt32: TableSchema]) throws(CaptureError) {
        let comment = includesComments ? "pg_catalog.col_description(a.attrelid, a.attnum)" : "NULL"
        let result = try connection.query(
            """
            SELECT a.attrelid, a.attname, a.attnum, a.atttypid, a.atttypmod,
                   a.attnotnull OR (t.typtype = 'd' AND t.typnotnull),
                   pg_catalog.pg_get_expr(d.adbin, d.adrelid), a.attgenerated <> '', a.attidentity <> '', \(comment)
              FROM pg_catalog.pg_attribute a
              JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
              LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
             WHERE a.attrelid = ANY ($1::pg_catalog.oid[]) AND a.attnum > 0 AND NOT a.attisdropped
             ORDER BY a.attrelid, a.attnum
            """, [oids], action: "reading the columns")
        for row in 0..<result.rowCount {
            guard let oid = result.integer(row, 0, as: UInt32.self) else { continue }
            let expression = result.text(row, 6)
            let column = TableSchema.Column(
                name: result.text(row, 1) ?? "", number: result.integer(row, 2, as: Int16.self) ?? 0,
                typeOID: result.integer(row, 3, as: UInt32.self) ?? 0,
                typeModifier: result.integer(row, 4, as: Int32.self) ?? -1, isNotNull: result.bool(row, 5),
                defaultExpression: expression, isGenerated: result.bool(row, 7),
                isIdentity: result.bool(row, 8) || expression?.hasPrefix("nextval(") == true,
                comment: result.text(row, 9))
            schemas[oid]?.columns.append(column)
        }
    }

    private func readKeys(_ oids: String, into schemas: inout [UInt32: TableSchema]) throws(CaptureError) {
        // The order in which JDBC's getIndexInfo gives unique indexes decides which of them stands in for a key.
        let result = try connection.query(
            """
            SELECT i.indrelid, i.indexrelid, i.indisprimary, i.indisreplident, k.attnum, k.place <= i.indnkeyatts
              FROM pg_catalog.pg_index i
              JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
              JOIN pg_catalog.pg_am m ON m.oid = x.relam,
                   LATERAL pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY AS k (attnum, place)
             WHERE i.indrelid = ANY ($1::pg_catalog.oid[]) AND i.indisunique AND i.indislive
               AND (k.place <= i.indnkeyatts OR NOT i.indisprimary)
             ORDER BY i.indrelid, i.indisprimary DESC,
                      CASE WHEN i.indisclustered THEN 1 WHEN m.amname = 'hash' THEN 2 ELSE 3 END,
                      x.relname COLLATE "C", k.place
            """, [oids], action: "reading the keys")
        // JDBC counts the columns that a unique index only INCLUDEs among its own; the replica identity does not.
        var indexes: [UInt32: [(index: UInt32, isIdentity: Bool, isPrimary: Bool, columns: [Int16], keys: [Int16])]] =
            [:]
        for row in 0..<result.rowCount {
            guard let oid = result.integer(row, 0, as: UInt32.self),
                let index = result.integer(row, 1, as: UInt32.self),
                let number = result.integer(row, 4, as: Int16.self)
            else { continue }
            var list = indexes[oid] ?? []
            if list.last?.index == index {
                list[list.count - 1].columns.append(number)
                if result.bool(row, 5) { list[list.count - 1].keys.append(number) }
            } else {
                list.append((index, result.bool(row, 3), result.bool(row, 2), [number], [number]))
            }
            indexes[oid] = list
        }
        for oid in schemas.keys {
            guard var schema = schemas[oid] else { continue }
            let list = indexes[oid] ?? []
            func positions(_ numbers: [Int16]) -> [Int] {
                numbers.compactMap { number in schema.columns.firstIndex { $0.number == number } }
            }
            // An index over an expression has a column number of 0 and cannot serve as a key.
            if let key = list.first(where: { !$0.columns.contains(0) }) { schema.primaryKey = positions(key.columns) }
            let identity: [Int]
            switch schema.replicaIdentity {
            case .default: identity = list.first(where: { $0.isPrimary }).map { positions($0.keys) } ?? []
            case .index: identity = list.first(where: { $0.isIdentity }).map { positions($0.keys) } ?? []
            case .full: identity = Array(schema.columns.indices)
            case .nothing: identity = []
            }
            for index in identity { schema.columns[index].isIdentityKey = true }
            schemas[oid] = schema
        }
    }

    static func replicaIdentity(_ text: String?) -> TableSchema.ReplicaIdentity {
        text?.utf8.first.flatMap { TableSchema.ReplicaIdentity(rawValue: $0) } ?? .default
    }
}
