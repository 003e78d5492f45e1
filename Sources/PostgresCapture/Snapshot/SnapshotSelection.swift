import ChangeModel

/// Which tables a snapshot reads, and in which order.
enum SnapshotSelection {
    /// The captured tables that a snapshot knows of, in Debezium's order: by the expressions of `table.include.list`
    /// where there is one and by name, then by row count where that is asked for.
    static func tables(among all: [TableSummary], _ configuration: CaptureConfiguration) -> [TableSummary] {
        let filters = configuration.filters
        var chosen = all.filter { table in
            let isSignals = table.id == configuration.signals.table
            return (isSignals || filters.isTableIncluded(table.id)) && filters.isTableInSnapshot(table.id)
        }
        // The signal table is matched after all expressions of the list.
        let index = filters.tableIncludeIndex
        let places = Dictionary(
            chosen.map { table in
                (table.oid, table.id == configuration.signals.table ? Int.max : index?(table.id) ?? 0)
            }, uniquingKeysWith: { first, _ in first })
        chosen.sort { a, b in
            let (first, second) = (places[a.oid] ?? 0, places[b.oid] ?? 0)
            if index != nil, first != second { return first < second }
            return precedes(a.id, b.id)
        }
        return ordered(chosen, configuration.snapshot.rowCountOrder)
    }

    /// Java's order of the full names: by UTF-16 units.
    static func precedes(_ a: TableID, _ b: TableID) -> Bool {
        a.description.utf16.lexicographicallyPrecedes(b.description.utf16)
    }

    /// A table without statistics counts as the largest; equals keep their order.
    static func ordered(_ tables: [TableSummary], _ order: SnapshotSettings.RowCountOrder) -> [TableSummary] {
        func count(_ table: TableSummary) -> Double {
            table.estimatedRowCount < 0 ? .infinity : table.estimatedRowCount
        }
        switch order {
        case .disabled: return tables
        case .ascending: return stable(tables) { count($0) < count($1) }
        case .descending: return stable(tables) { count($0) > count($1) }
        }
    }

    private static func stable(_ tables: [TableSummary], by less: (TableSummary, TableSummary) -> Bool)
        -> [TableSummary]
    {
        tables.enumerated().sorted { a, b in
            if less(a.element, b.element) { return true }
            return !less(b.element, a.element) && a.offset < b.offset
        }.map(\.element)
    }
}
