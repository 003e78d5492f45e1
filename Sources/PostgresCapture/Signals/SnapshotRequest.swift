import ChangeModel
import Foundation

/// An ad-hoc snapshot as a signal asks for it.
struct SnapshotRequest: Codable, Equatable, Sendable {
    enum Kind: String, Codable, Sendable { case incremental, blocking }
    struct Condition: Codable, Equatable, Sendable {
        /// An expression for full table names, without regard to case.
        var tables: String
        /// For an incremental snapshot a condition, for a blocking one a whole SELECT.
        var filter: String
    }

    var kind: Kind
    /// Expressions for full table names, or names.
    var tables: [String]
    var conditions: [Condition]
    /// The column to go by in place of the primary key.
    var surrogateKey: String?

    /// - Returns: nil when no tables are named or the type is not known.
    init?(_ data: [String: Any]) {
        let type = (data["type"] as? String)?.trimmingCharacters(in: .whitespaces).lowercased()
        guard let kind = Kind(rawValue: type ?? "incremental") else { return nil }
        self.kind = kind
        tables = SignalAction.texts(data["data-collections"])
        guard !tables.isEmpty else { return nil }
        conditions = ((data["additional-conditions"] as? [Any]) ?? []).compactMap { item in
            guard let object = item as? [String: Any], let tables = object["data-collection"] as? String,
                let filter = object["filter"] as? String
            else { return nil }
            return Condition(tables: tables, filter: filter)
        }
        // The form of Debezium before 2.3: one condition for all tables.
        if kind == .incremental, let filter = data["additional-condition"] as? String, !filter.isEmpty {
            conditions = [Condition(tables: ".*", filter: filter)]
        }
        surrogateKey = (data["surrogate-key"] as? String).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The first condition that is for this table.
    func condition(for table: TableID) -> String? {
        conditions.first { TablePattern($0.tables, ignoresCase: true).matches(table) && !$0.filter.isEmpty }?.filter
    }
}

/// One of Debezium's expressions for full table names.
struct TablePattern {
    let text: String
    private let expression: NSRegularExpression?

    /// An expression that does not compile matches itself alone.
    init(_ text: String, ignoresCase: Bool = false) {
        self.text = text
        expression = try? NSRegularExpression(
            pattern: "\\A(?:\(text))\\z", options: ignoresCase ? [.caseInsensitive] : [])
    }

    func matches(_ table: TableID) -> Bool {
        let name = table.description
        guard let expression else { return name == text }
        return expression.firstMatch(in: name, range: NSRange(name.startIndex..., in: name)) != nil
    }

    /// The tables that the expressions name, each once; an expression that matches none stands for itself.
    static func expand(_ patterns: [String], among known: [TableID]) -> [TableID] {
        var list: [TableID] = []
        for pattern in patterns {
            let compiled = TablePattern(pattern)
            let matching = known.filter { compiled.matches($0) }
            for table in matching.isEmpty ? [named(pattern)] : matching where !list.contains(table) {
                list.append(table)
            }
        }
        return list
    }

    /// `schema.table`, quoted or not, with a database's name before it or not.
    private static func named(_ text: String) -> TableID {
        var parts: [String] = [""]
        var isQuoted = false
        for character in text {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == ".", !isQuoted {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return TableID(schema: parts.count > 1 ? parts[parts.count - 2] : "", table: parts[parts.count - 1])
    }
}
