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
    mutating func schema(
        of relation: Relation, from connection: LazyConnection, includesComments: Bool
    ) throws(CaptureError) -> TableSchema {
        var asked: Set<UInt32> = []
        // A type can be new. One that is known keeps what it was at the connector's start, as in Debezium, whose events
        // go on listing an enum's first labels.
        for column in relation.columns where types[column.typeOID] == nil { asked.insert(column.typeOID) }
        let (current, found) = try connection.use { connection throws(CaptureError) in
            let catalog = Catalog(connection, includesComments: includesComments)
            return (try catalog.schema(of: relation.oid), try catalog.types(dependingOn: asked.sorted()))
        }
        for type in found.types.values { types.insert(type) }
        let schema = Self.merge(relation, with: current ?? known[relation.oid])
        known[relation.oid] = schema
        return schema
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
            replicaIdentity: relation.replicaIdentity, comment: current?.comment)
    }
}
