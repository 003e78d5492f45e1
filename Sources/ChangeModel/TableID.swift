/// A table's full name, unquoted and in the case the server stores.
public struct TableID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let schema: String
    public let table: String
    public init(schema: String, table: String) {
        self.schema = schema
        self.table = table
    }
    /// `schema.table`, as Debezium's include lists and messages write it.
    public var description: String { "\(schema).\(table)" }
    public static func < (a: TableID, b: TableID) -> Bool { (a.schema, a.table) < (b.schema, b.table) }
}
