import ChangeModel
import PGOutput

/// Completes relations with what only the catalogs know: nullability, defaults, keys, comments and types.
///
/// The catalogs are read as they are now, which can be later than the change: columns are matched by name, and what is
/// gone is taken from the last schema known for the table. Debezium does the same.
struct SchemaResolver {
    private(set) var types: TypeCatalog
    private var known: [UInt32: TableSchema] = [:]

    init(types: TypeCatalog) { self.types = types }

    /// The table that a Relation message introduces.
    /// - Parameter transactionID: the transaction it came in, whose own changes to the catalogs have to be seen.
    mutating func schema(
        of relation: Relation, in transactionID: UInt32?, from connection: LazyConnection, includesComments: Bool
    ) throws(CaptureError) -> TableSchema {
        var asked: Set<UInt32> = []
        // A type can be new. One that is known keeps what it was at the connector's start, as in Debezium, whose events
        // go on listing an enum's first labels.
        for column in relation.columns where types[column.typeOID] == nil { asked.insert(column.typeOID) }
        let (current, found) = try connection.use { connection throws(CaptureError) in
            if let transactionID { try Self.awaitVisibility(of: transactionID, on: connection) }
            let catalog = Catalog(connection, includesComments: includesComments)
            return (try catalog.schema(of: relation.oid), try catalog.types(dependingOn: asked.sorted()))
        }
        for type in found.types.values { types.insert(type) }
        let schema = Self.merge(relation, with: current ?? known[relation.oid])
        known[relation.oid] = schema
        return schema
    }

    /// Waits until other sessions see what a committed transaction did.
    ///
    /// The walsender sends a transaction as soon as its commit record is on disk. The backend makes it visible after
    /// that, and gives up the lock on its own id at the very end.
    private static func awaitVisibility(
        of transactionID: UInt32, on connection: PostgresConnection
    ) throws(CaptureError) {
        for _ in 0..<1000 {
            let result = try connection.query(
                """
                SELECT pg_catalog.pg_sleep(0.002) FROM pg_catalog.pg_locks
                 WHERE locktype = 'transactionid' AND transactionid = $1::pg_catalog.xid AND granted LIMIT 1
                """, [String(transactionID)], action: "waiting for transaction \(transactionID) to become visible")
            if result.rowCount == 0 { return }
        }
    }

    /// The relation's columns, in its order, with the catalog's facts of the columns of the same name.
    static func merge(_ relation: Relation, with current: TableSchema?) -> TableSchema {
        var columns: [TableSchema.Column] = []
        columns.reserveCapacity(relation.columns.count)
        for column in relation.columns {
            var merged =
                current?.columns.first { $0.name == column.name }
                ?? TableSchema.Column(name: column.name, typeOID: column.typeOID)
            merged.typeOID = column.typeOID
            merged.typeModifier = column.typeModifier
            merged.isIdentityKey = column.isIdentityKey
            columns.append(merged)
        }
        var key: [Int] = []
        if let current {
            for index in current.primaryKey {
                let name = current.columns[index].name
                if let place = columns.firstIndex(where: { $0.name == name }) { key.append(place) }
            }
        } else if relation.replicaIdentity == .default {
            key = columns.indices.filter { columns[$0].isIdentityKey }
        }
        return TableSchema(
            oid: relation.oid, id: relation.id, columns: columns, primaryKey: key,
            replicaIdentity: relation.replicaIdentity, comment: current?.comment, isFromRelation: true)
    }
}
