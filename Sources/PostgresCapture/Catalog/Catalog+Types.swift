public import ChangeModel

extension Catalog {
    /// Every type of the database.
    public func types() throws(CaptureError) -> TypeCatalog { try types(where: "TRUE", []) }

    /// Some types, with what they are made of; one that does not exist is absent.
    public func types(dependingOn oids: [UInt32]) throws(CaptureError) -> TypeCatalog {
        guard !oids.isEmpty else { return TypeCatalog() }
        return try types(
            where: """
                t.oid IN (WITH RECURSIVE parts AS (
                    SELECT p.oid, p.typelem, p.typbasetype FROM pg_catalog.pg_type p
                     WHERE p.oid = ANY ($1::pg_catalog.oid[])
                    UNION SELECT q.oid, q.typelem, q.typbasetype FROM pg_catalog.pg_type q
                          JOIN parts ON q.oid IN (parts.typelem, parts.typbasetype))
                  SELECT oid FROM parts)
                """, ["{" + oids.map { String($0) }.joined(separator: ",") + "}"])
    }

    private func types(where condition: String, _ parameters: [String?]) throws(CaptureError) -> TypeCatalog {
        let result = try connection.query(
            """
            SELECT t.oid, t.typname, n.nspname, t.typtype, t.typcategory,
                   CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END, t.typbasetype, t.typtypmod, t.typdelim
              FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
             WHERE \(condition)
            """, parameters, action: "reading the types")
        var labels: [UInt32: [String]] = [:]
        let enums = try connection.query(
            """
            SELECT t.oid, e.enumlabel FROM pg_catalog.pg_enum e JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid
             WHERE \(condition) ORDER BY t.oid, e.enumsortorder
            """, parameters, action: "reading the enums")
        for row in 0..<enums.rowCount {
            if let oid = enums.integer(row, 0, as: UInt32.self), let label = enums.text(row, 1) {
                labels[oid, default: []].append(label)
            }
        }
        var catalog = TypeCatalog()
        for row in 0..<result.rowCount {
            guard let oid = result.integer(row, 0, as: UInt32.self) else { continue }
            catalog.insert(
                TypeDescription(
                    oid: oid, name: result.text(row, 1) ?? "", schema: result.text(row, 2) ?? "",
                    kind: result.text(row, 3)?.utf8.first ?? UInt8(ascii: "b"),
                    category: result.text(row, 4)?.utf8.first ?? UInt8(ascii: "U"),
                    elementOID: result.integer(row, 5, as: UInt32.self) ?? 0,
                    baseOID: result.integer(row, 6, as: UInt32.self) ?? 0,
                    typeModifier: result.integer(row, 7, as: Int32.self) ?? -1,
                    delimiter: result.text(row, 8)?.utf8.first ?? UInt8(ascii: ","), enumLabels: labels[oid] ?? []))
        }
        return catalog
    }
}
