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
        /// Rows of this table are also shown to the stream's observer.
        var isObserved = false
    }

    private(set) var entries: [Entry] = []
    private var indexByOID: [UInt32: Int] = [:]
    /// Rows come in runs of one table.
    private var lastOID: UInt32 = 0
    private var lastIndex = -1

    subscript(index: Int) -> Entry {
        get { entries[index] }
        set { entries[index] = newValue }
    }

    /// The place of a relation, or nil when no Relation message introduced it.
    mutating func index(of oid: UInt32) -> Int? {
        if oid == lastOID, lastIndex >= 0 { return lastIndex }
        guard let index = indexByOID[oid] else { return nil }
        lastOID = oid
        lastIndex = index
        return index
    }

    mutating func insert(_ entry: Entry) {
        let oid = entry.relation.oid
        if let index = indexByOID[oid] {
            entries[index] = entry
        } else {
            indexByOID[oid] = entries.count
            entries.append(entry)
        }
        lastIndex = -1
    }
}
