import ChangeModel

/// The statements that read a table in chunks by its key.
struct ChunkQuery {
    let schema: TableSchema
    /// Positions of the key's columns, in key order.
    let key: [Int]
    let condition: String?

    /// - Returns: nil when the table has no key to go by.
    init?(_ schema: TableSchema, collection: IncrementalContext.Collection) {
        if let name = collection.surrogateKey {
            guard let index = schema.columns.firstIndex(where: { $0.name == name }) else { return nil }
            key = [index]
        } else {
            key = schema.primaryKey
        }
        guard !key.isEmpty else { return nil }
        self.schema = schema
        condition = collection.condition
    }

    private var keyNames: [String] { key.map { PostgresConnection.quote(identifier: schema.columns[$0].name) } }
    private var table: String { SnapshotPlanner.quoted(schema.id) }

    /// The largest key's columns in text form.
    var maximum: String {
        let order = keyNames.map { "\($0) DESC NULLS LAST" }.joined(separator: ", ")
        let filter = condition.map { " WHERE (\($0))" } ?? ""
        return "SELECT \(keyNames.joined(separator: ", ")) FROM \(table)\(filter) ORDER BY \(order) LIMIT 1"
    }

    /// The next rows after `last`, up to `maximum`, in key order.
    func chunk(after last: [String?]?, upTo maximum: [String?], rowCount: Int, isIncluded: (String) -> Bool) -> String {
        var conditions: [String] = []
        if let last {
            conditions.append("\(row(keyNames)) > \(row(last.map(literal)))")
            conditions.append("\(row(keyNames)) <= \(row(maximum.map(literal)))")
        }
        if let condition { conditions.append("(\(condition))") }
        let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
        let columns = schema.columns.map { column in
            // What is not captured is not read, but for the key's own columns.
            isIncluded(column.name) || keyNames.contains(PostgresConnection.quote(identifier: column.name))
                ? PostgresConnection.quote(identifier: column.name) : "NULL"
        }
        return """
            SELECT \(columns.joined(separator: ", ")) FROM \(table)\(filter) \
            ORDER BY \(keyNames.joined(separator: ", ")) LIMIT \(rowCount)
            """
    }

    private func row(_ values: [String]) -> String {
        values.count == 1 ? values[0] : "(\(values.joined(separator: ", ")))"
    }

    private func literal(_ value: String?) -> String { value.map { PostgresConnection.quote(literal: $0) } ?? "NULL" }
}
