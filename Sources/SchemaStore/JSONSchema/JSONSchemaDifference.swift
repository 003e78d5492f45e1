internal import Avro

/// Compares two JSON Schemas by the rules of Confluent's registry: whether a schema takes all that the one before took,
/// with open, partly open and closed content models told apart.
struct JSONSchemaDifference {
    private struct Pair: Hashable {
        let old: Int
        let new: Int
    }

    let old: JSONSchema
    let new: JSONSchema
    /// Pairs under way, within which a recursion finds nothing more.
    private var underWay: Set<Pair> = []
    /// What finished pairs differ in, by paths within them.
    private var finished: [Pair: [JSONSchemaChange]] = [:]

    static func changes(old: JSONSchema, new: JSONSchema) -> [JSONSchemaChange] {
        var difference = JSONSchemaDifference(old: old, new: new)
        return difference.compare(old.root, new.root, at: [])
    }

    init(old: JSONSchema, new: JSONSchema) {
        self.old = old
        self.new = new
    }

    /// Where one side has no schema, that is a change by itself.
    mutating func compare(_ a: Int?, _ b: Int?, at path: [String]) -> [JSONSchemaChange] {
        switch (a, b) {
        case (nil, nil): return []
        case (nil, _?): return [change("SCHEMA_ADDED", path)]
        case (_?, nil): return [change("SCHEMA_REMOVED", path)]
        case (let a?, let b?):
            let pair = Pair(old: old.resolved(a), new: new.resolved(b))
            if finished[pair] == nil {
                guard underWay.insert(pair).inserted else { return [] }
                finished[pair] = types(pair.old, pair.new)
                underWay.remove(pair)
            }
            return (finished[pair] ?? []).map { found in
                let inner = found.path.dropFirst(2)
                return change(found.kind, path + (inner.isEmpty ? [] : [String(inner)]))
            }
        }
    }

    func change(_ kind: String, _ path: [String]) -> JSONSchemaChange {
        JSONSchemaChange(kind: kind, path: "#/" + path.joined(separator: "/"))
    }

    /// The changes, where none of them breaks compatibility.
    mutating func compatibleChanges(_ a: Int, _ b: Int, at path: [String] = []) -> [JSONSchemaChange]? {
        let found = compare(a, b, at: path)
        return found.allSatisfy(\.isCompatible) ? found : nil
    }

    private mutating func types(_ a: Int, _ b: Int) -> [JSONSchemaChange] {
        if let found = intoCombined(a, b) ?? outOfCombined(a, b) { return found }
        switch (old.nodes[a].kind, new.nodes[b].kind) {
        case (.string(let pattern, let bounds), .string(let newPattern, let newBounds)):
            return strings(pattern, bounds, newPattern, newBounds)
        case (.number(let isInteger, let bounds), .number(let isNewInteger, let newBounds)):
            return numbers(isInteger, bounds, isNewInteger, newBounds)
        case (.constant(let value), .constant(let newValue)):
            return value.isSame(as: newValue) ? [] : [change("ENUM_ARRAY_CHANGED", ["const"])]
        case (.enumeration(let values), .enumeration(let newValues)): return enumerations(values, newValues)
        case (.combined(let criterion, let parts), .combined(let newCriterion, let newParts)):
            return combined(criterion, parts, newCriterion, newParts)
        case (.not(let inner), .not(let newInner)):
            // What must not match is compared the other way round.
            var reverse = JSONSchemaDifference(old: new, new: old)
            let isNarrowed = reverse.compatibleChanges(newInner, inner) != nil
            return [change(isNarrowed ? "NOT_TYPE_NARROWED" : "NOT_TYPE_EXTENDED", ["not"])]
        case (.object(let type), .object(let newType)): return objects(type, newType)
        case (.array(let type), .array(let newType)): return arrays(type, newType)
        case (.null, .null), (.boolean, .boolean), (.conditional, .conditional), (.empty, .empty), (.never, _),
            (_, .empty):
            return []
        default:
            if old.nodes[a].connectType == "bytes", new.nodes[b].connectType == "bytes" { return [] }
            return [change("TYPE_CHANGED", [])]
        }
    }

    /// A plain type became one of several.
    private mutating func intoCombined(_ a: Int, _ b: Int) -> [JSONSchemaChange]? {
        if case .combined = old.nodes[a].kind { return nil }
        guard case .combined(let criterion, let parts) = new.nodes[b].kind else { return nil }
        if parts.count == 1 { return compatibleChanges(a, parts[0]) }
        guard criterion != .allOf else { return nil }
        for part in parts {
            if let found = compatibleChanges(a, part) { return found + [change("SUM_TYPE_EXTENDED", [])] }
        }
        return nil
    }

    /// One of several types that all had to hold stayed.
    private mutating func outOfCombined(_ a: Int, _ b: Int) -> [JSONSchemaChange]? {
        guard case .combined(let criterion, let parts) = old.nodes[a].kind else { return nil }
        if case .combined = new.nodes[b].kind { return nil }
        if parts.count == 1 { return compatibleChanges(parts[0], b) }
        guard criterion == .allOf else { return nil }
        for part in parts {
            if let found = compatibleChanges(part, b) { return found + [change("PRODUCT_TYPE_NARROWED", [])] }
        }
        return nil
    }

    private mutating func combined(
        _ criterion: JSONSchema.Criterion, _ parts: [Int], _ newCriterion: JSONSchema.Criterion, _ newParts: [Int]
    ) -> [JSONSchemaChange] {
        var found: [JSONSchemaChange] = []
        if criterion != newCriterion {
            let isExtended =
                newCriterion == .anyOf || (parts.count == 1 && (newParts.count == 1 || newCriterion == .oneOf))
                || (newParts.count == 1 && criterion == .allOf)
            guard isExtended else { return [change("COMBINED_TYPE_CHANGED", [])] }
            found.append(change("COMBINED_TYPE_EXTENDED", []))
        }
        if parts.count < newParts.count {
            found.append(change(newCriterion == .allOf ? "PRODUCT_TYPE_EXTENDED" : "SUM_TYPE_EXTENDED", []))
        } else if parts.count > newParts.count {
            found.append(change(criterion == .allOf ? "PRODUCT_TYPE_NARROWED" : "SUM_TYPE_NARROWED", []))
        }
        var edges: [[Int: [JSONSchemaChange]]] = []
        for (place, part) in parts.enumerated() {
            var row: [Int: [JSONSchemaChange]] = [:]
            for (newPlace, newPart) in newParts.enumerated() {
                row[newPlace] = compatibleChanges(part, newPart, at: ["\(criterion.rawValue)/\(place)"])
            }
            edges.append(row)
        }
        let matches = Self.matching(edges, count: newParts.count)
        for (newPlace, place) in matches.enumerated() where place >= 0 { found += edges[place][newPlace] ?? [] }
        if matches.count(where: { $0 >= 0 }) < min(parts.count, newParts.count) {
            found.append(change("COMBINED_TYPE_SUBSCHEMAS_CHANGED", []))
        }
        return found
    }

    /// As many pairs as can be had, none with a side in common: by augmenting paths.
    /// - Returns: for each column its row, or -1.
    private static func matching(_ edges: [[Int: [JSONSchemaChange]]], count: Int) -> [Int] {
        var rows = [Int](repeating: -1, count: count)
        func assign(_ row: Int, _ seen: inout Set<Int>) -> Bool {
            for column in edges[row].keys.sorted() where seen.insert(column).inserted {
                if rows[column] < 0 || assign(rows[column], &seen) {
                    rows[column] = row
                    return true
                }
            }
            return false
        }
        for row in edges.indices {
            var seen: Set<Int> = []
            _ = assign(row, &seen)
        }
        return rows
    }

    private func enumerations(_ values: [JSONValue], _ newValues: [JSONValue]) -> [JSONSchemaChange] {
        func covers(_ a: [JSONValue], _ b: [JSONValue]) -> Bool {
            b.allSatisfy { value in a.contains { $0.isSame(as: value) } }
        }
        switch (covers(newValues, values), covers(values, newValues)) {
        case (true, true): return []
        case (true, false): return [change("ENUM_ARRAY_EXTENDED", ["enum"])]
        case (false, true): return [change("ENUM_ARRAY_NARROWED", ["enum"])]
        case (false, false): return [change("ENUM_ARRAY_CHANGED", ["enum"])]
        }
    }
}
