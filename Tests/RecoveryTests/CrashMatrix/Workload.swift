import TailraceTesting

/// Invents transactions over a writer's own tables: insertions, updates, deletions and changes of keys, a unique id in
/// every changed row.
///
/// A value: a writer whose transaction was rolled back goes on from the copy it kept.
struct Workload: Sendable {
    /// One transaction to be run.
    struct Transaction: Sendable {
        let number: Int
        let statements: [String]
        let changes: [ChangeHistory.Change]
    }

    /// Tells the writers' tables apart.
    let writer: String
    private var generator: SeededGenerator
    private var tables: [Table]
    private var nextChange: Int64 = 1
    private var nextTransaction = 0

    private struct Table: Sendable {
        let name: String
        var live: [Int64] = []
        /// Keys of deleted rows, to be used again.
        var dead: [Int64] = []
        var nextKey: Int64 = 1
    }

    init(writer: String, seed: UInt64) {
        self.writer = writer
        generator = SeededGenerator(seed: seed)
        tables = ["plain", "full", "pair"].map { Table(name: "\($0)_\(writer)") }
    }

    /// A table whose rows are written once, one for each transaction.
    var ledger: String { "ledger_\(writer)" }
    var tableNames: [String] { [ledger] + tables.map(\.name) }

    /// The statements that make the tables.
    var schema: String {
        """
        CREATE TABLE \(ledger) (id bigint PRIMARY KEY, change bigint NOT NULL, tx bigint NOT NULL);
        CREATE TABLE plain_\(writer) (id bigint PRIMARY KEY, change bigint NOT NULL, tx bigint NOT NULL, note text);
        CREATE TABLE full_\(writer) (id bigint PRIMARY KEY, change bigint NOT NULL, tx bigint NOT NULL, note text);
        ALTER TABLE full_\(writer) REPLICA IDENTITY FULL;
        CREATE TABLE pair_\(writer) (
            shard int NOT NULL, id bigint NOT NULL, change bigint NOT NULL, tx bigint NOT NULL, note text,
            PRIMARY KEY (shard, id));
        """
    }

    /// - Parameter rowCount: about how many rows the transaction changes.
    mutating func next(rowCount: Int) -> Transaction {
        let number = nextTransaction
        nextTransaction += 1
        var changes: [ChangeHistory.Change] = []
        let ledgerChange = takeChange()
        changes.append(.init(table: ledger, key: Int64(number), operation: .create, id: ledgerChange))
        var statements = ["INSERT INTO \(ledger) VALUES (\(number), \(ledgerChange), \(number))"]
        while changes.count < rowCount {
            let count = min(rowCount - changes.count, Int.random(in: 1...1000, using: &generator))
            let table = Int.random(in: 0..<tables.count, using: &generator)
            let statement =
                switch Int.random(in: 0..<8, using: &generator) {
                case 0...2: insert(count, into: table, number, &changes)
                case 3...4: update(count, of: table, number, &changes)
                case 5: changeKeys(count, of: table, number, &changes)
                default: delete(count, from: table, &changes)
                }
            if let statement { statements.append(statement) }
            if generator.oneIn(6), let undone = undone(number) { statements.append(undone) }
        }
        return Transaction(number: number, statements: statements, changes: changes)
    }

    /// Changes inside a savepoint that is rolled back: nothing of them may reach the log.
    private mutating func undone(_ number: Int) -> String? {
        var copy = self
        var ignored: [ChangeHistory.Change] = []
        let count = Int.random(in: 1...300, using: &copy.generator)
        let inserted = copy.insert(
            count, into: Int.random(in: 0..<tables.count, using: &copy.generator), number, &ignored)
        let deleted = copy.delete(count, from: Int.random(in: 0..<tables.count, using: &copy.generator), &ignored)
        nextChange = copy.nextChange
        generator = copy.generator
        guard let inserted else { return nil }
        return "SAVEPOINT undone; \([inserted, deleted].compactMap { $0 }.joined(separator: "; ")); ROLLBACK TO undone"
    }

    private mutating func takeChange() -> Int64 {
        defer { nextChange += 1 }
        return nextChange
    }

    private mutating func note() -> String {
        String(repeating: "tailrace ", count: Int.random(in: 0...20, using: &generator))
    }

    private func row(_ table: Int, key: Int64, change: Int64, _ number: Int, note: String) -> String {
        let shard = table == 2 ? "\(key % 7), " : ""
        return "(\(shard)\(key), \(change), \(number), '\(note)')"
    }

    private mutating func insert(
        _ count: Int, into table: Int, _ number: Int, _ changes: inout [ChangeHistory.Change]
    ) -> String? {
        var rows: [String] = []
        for _ in 0..<count {
            let key = freshKey(table)
            let change = takeChange()
            rows.append(row(table, key: key, change: change, number, note: note()))
            tables[table].live.append(key)
            changes.append(.init(table: tables[table].name, key: key, operation: .create, id: change))
        }
        return "INSERT INTO \(tables[table].name) VALUES \(rows.joined(separator: ","))"
    }

    private mutating func freshKey(_ table: Int) -> Int64 {
        if !tables[table].dead.isEmpty, generator.oneIn(4) {
            let index = Int.random(in: 0..<tables[table].dead.count, using: &generator)
            tables[table].dead.swapAt(index, tables[table].dead.count - 1)
            return tables[table].dead.removeLast()
        }
        defer { tables[table].nextKey += 1 }
        return tables[table].nextKey
    }

    /// Takes up to `count` different live keys out of the table.
    private mutating func takeKeys(_ count: Int, from table: Int) -> [Int64] {
        var keys: [Int64] = []
        while keys.count < count, !tables[table].live.isEmpty {
            let index = Int.random(in: 0..<tables[table].live.count, using: &generator)
            tables[table].live.swapAt(index, tables[table].live.count - 1)
            keys.append(tables[table].live.removeLast())
        }
        return keys
    }

    private mutating func update(
        _ count: Int, of table: Int, _ number: Int, _ changes: inout [ChangeHistory.Change]
    ) -> String? {
        let keys = takeKeys(count, from: table)
        guard !keys.isEmpty else { return nil }
        var rows: [String] = []
        for key in keys {
            let change = takeChange()
            rows.append("(\(key), \(change))")
            changes.append(.init(table: tables[table].name, key: key, operation: .update, id: change))
        }
        tables[table].live += keys
        return """
            UPDATE \(tables[table].name) t SET change = v.change, tx = \(number)
            FROM (VALUES \(rows.joined(separator: ","))) v (id, change) WHERE t.id = v.id
            """
    }

    private mutating func changeKeys(
        _ count: Int, of table: Int, _ number: Int, _ changes: inout [ChangeHistory.Change]
    ) -> String? {
        let keys = takeKeys(min(count, 50), from: table)
        guard !keys.isEmpty else { return nil }
        var rows: [String] = []
        for key in keys {
            let target = tables[table].nextKey
            tables[table].nextKey += 1
            let change = takeChange()
            rows.append("(\(key), \(target), \(change))")
            changes.append(.init(table: tables[table].name, key: key, operation: .delete, id: change))
            changes.append(.init(table: tables[table].name, key: target, operation: .create, id: change))
            tables[table].live.append(target)
            tables[table].dead.append(key)
        }
        let shard = table == 2 ? "shard = v.target % 7, " : ""
        return """
            UPDATE \(tables[table].name) t SET \(shard)id = v.target, change = v.change, tx = \(number)
            FROM (VALUES \(rows.joined(separator: ","))) v (id, target, change) WHERE t.id = v.id
            """
    }

    private mutating func delete(
        _ count: Int, from table: Int, _ changes: inout [ChangeHistory.Change]
    ) -> String? {
        let keys = takeKeys(min(count, 400), from: table)
        guard !keys.isEmpty else { return nil }
        for key in keys {
            changes.append(.init(table: tables[table].name, key: key, operation: .delete, id: takeChange()))
        }
        tables[table].dead += keys
        return "DELETE FROM \(tables[table].name) WHERE id IN (\(keys.map(String.init).joined(separator: ",")))"
    }
}
