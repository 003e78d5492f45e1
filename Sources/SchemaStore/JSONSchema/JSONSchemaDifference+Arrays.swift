extension JSONSchemaDifference {
    mutating func arrays(_ a: JSONSchema.ArrayType, _ b: JSONSchema.ArrayType) -> [JSONSchemaChange] {
        var found = compare(a.items, b.items, at: ["items"])
        let (tuple, newTuple) = (a.tuple ?? [], b.tuple ?? [])
        for place in 0..<max(tuple.count, newTuple.count) {
            found += item(
                place < tuple.count ? tuple[place] : nil, place < newTuple.count ? newTuple[place] : nil, a, b,
                at: ["items", String(place)])
        }
        found += additional(
            (a.additional, a.permitsAdditional), (b.additional, b.permitsAdditional), "additionalItems",
            "ADDITIONAL_ITEMS")
        found += unevaluated(a.unevaluated, b.unevaluated, "unevaluatedItems", "UNEVALUATED_ITEMS")
        found += limits(
            a.bounds, b.bounds,
            [
                "maxItems": "MAX_ITEMS", "minItems": "MIN_ITEMS", "maxContains": "MAX_CONTAINS",
                "minContains": "MIN_CONTAINS",
            ])
        if a.isUnique != b.isUnique {
            found.append(change("UNIQUE_ITEMS_\(b.isUnique ? "ADDED" : "REMOVED")", ["uniqueItems"]))
        }
        return found
    }

    private mutating func item(
        _ item: Int?, _ newItem: Int?, _ a: JSONSchema.ArrayType, _ b: JSONSchema.ArrayType, at path: [String]
    ) -> [JSONSchemaChange] {
        switch (item, newItem) {
        case (let item?, nil):
            if Self.isOpen(b) { return [change("ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL", path)] }
            if let partial = b.additional {
                let found = compare(item, partial, at: path)
                let isCovered = found.allSatisfy(\.isCompatible) ? "IS" : "NOT"
                return found + [change("ITEM_REMOVED_\(isCovered)_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL", path)]
            }
            if case .never = old.nodes[item].kind {
                return [change("ITEM_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL", path)]
            }
            return [change("ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL", path)]
        case (nil, let item?):
            if Self.isOpen(a) {
                if case .empty = new.nodes[item].kind {
                    return [change("ITEM_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL", path)]
                }
                return [change("ITEM_ADDED_TO_OPEN_CONTENT_MODEL", path)]
            }
            if let partial = a.additional {
                let found = compare(partial, item, at: path)
                let isCovered = found.allSatisfy(\.isCompatible) ? "IS" : "NOT"
                return found + [change("ITEM_ADDED_\(isCovered)_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL", path)]
            }
            return [change("ITEM_ADDED_TO_CLOSED_CONTENT_MODEL", path)]
        default: return compare(item, newItem, at: path)
        }
    }

    /// Whether items behind the tuple may be anything.
    private static func isOpen(_ type: JSONSchema.ArrayType) -> Bool {
        type.permitsAdditional && type.additional == nil
    }
}
