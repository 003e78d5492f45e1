import ChangeModel
import DebeziumFormat
import PGOutput

/// The relations of the running stream by oid: what a row message refers to.
struct RelationTable {
    struct Entry {
        var relation: Relation
        /// The encoder's handle; nil when the filters leave the table out.
        var handle: TableHandle?
        /// What the handle was compiled from; nil when the filters leave the table out.
        var schema: TableSchema?
    }

    /// What a row needs to know of its relation: plain bytes, so that a row counts no references.
    struct Route: BitwiseCopyable {
        var handle: TableHandle?
        /// The table's rows are also shown to the stream's observer.
        var isObserved = false
        fileprivate(set) var index: Int32 = 0
    }

    private var entries: [Entry] = []
    private var routes: [Route] = []
    private var indexByOID: [UInt32: Int] = [:]
    /// Rows come in runs of one table.
    private var lastOID: UInt32 = 0
    private var lastIndex = -1

    /// The way of a relation's rows, or nil when no Relation message introduced it.
    mutating func route(of oid: UInt32) -> Route? {
        if oid == lastOID, lastIndex >= 0 { return routes[lastIndex] }
        guard let index = indexByOID[oid] else { return nil }
        lastOID = oid
        lastIndex = index
        return routes[index]
    }

    /// Everything that is known of the relation of a route.
    func entry(of route: Route) -> Entry { entries[Int(route.index)] }

    func entry(of oid: UInt32) -> Entry? { indexByOID[oid].map { entries[$0] } }

    mutating func insert(_ entry: Entry, isObserved: Bool) {
        let oid = entry.relation.oid
        let index = indexByOID[oid] ?? entries.count
        let route = Route(handle: entry.handle, isObserved: isObserved, index: Int32(index))
        if index < entries.count {
            entries[index] = entry
            routes[index] = route
        } else {
            indexByOID[oid] = index
            entries.append(entry)
            routes.append(route)
        }
        lastIndex = -1
    }

    /// Asks again which tables are observed.
    mutating func updateObserved(_ isObserved: (TableID) -> Bool) {
        for index in routes.indices where routes[index].handle != nil {
            routes[index].isObserved = isObserved(entries[index].relation.id)
        }
    }
}
