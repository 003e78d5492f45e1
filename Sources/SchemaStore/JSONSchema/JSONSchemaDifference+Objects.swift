extension JSONSchemaDifference {
    mutating func objects(_ a: JSONSchema.ObjectType, _ b: JSONSchema.ObjectType) -> [JSONSchemaChange] {
        var found: [JSONSchemaChange] = []
        for key in a.properties.keys.sorted() {
            guard let property = b.properties[key] else { continue }
            if a.required.contains(key), !b.required.contains(key) {
                found.append(change("REQUIRED_ATTRIBUTE_REMOVED", ["required", key]))
            } else if !a.required.contains(key), b.required.contains(key) {
                let kind = hasDefault(property) ? "REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED" : "REQUIRED_ATTRIBUTE_ADDED"
                found.append(change(kind, ["required", key]))
            }
        }
        for key in Set(a.properties.keys).union(b.properties.keys).sorted() {
            found += property(key, a, b, at: ["properties", key])
        }
        found += dependencies(a, b)
        found += additional(
            (a.additional, a.permitsAdditional), (b.additional, b.permitsAdditional), "additionalProperties",
            "ADDITIONAL_PROPERTIES")
        found += unevaluated(a.unevaluated, b.unevaluated, "unevaluatedProperties", "UNEVALUATED_PROPERTIES")
        return found
            + limits(a.bounds, b.bounds, ["maxProperties": "MAX_PROPERTIES", "minProperties": "MIN_PROPERTIES"])
    }

    private func hasDefault(_ index: Int) -> Bool {
        new.nodes[index].hasDefault || new.nodes[new.resolved(index)].hasDefault
    }

    private mutating func property(
        _ key: String, _ a: JSONSchema.ObjectType, _ b: JSONSchema.ObjectType, at path: [String]
    ) -> [JSONSchemaChange] {
        switch (a.properties[key], b.properties[key]) {
        case (let old?, let new?): return compare(old, new, at: path)
        case (let property?, nil):
            if isOpen(b, in: new) { return [change("PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL", path)] }
            if let partial = partial(b, key, in: new) {
                let found = compare(property, partial, at: path)
                let isCovered = found.allSatisfy(\.isCompatible) ? "IS" : "NOT"
                return found + [change("PROPERTY_REMOVED_\(isCovered)_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL", path)]
            }
            if case .never = old.nodes[property].kind {
                return [change("PROPERTY_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL", path)]
            }
            return [change("PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL", path)]
        case (nil, let property?): return added(key, property, a, b, at: path)
        case (nil, nil): return []
        }
    }

    private mutating func added(
        _ key: String, _ property: Int, _ a: JSONSchema.ObjectType, _ b: JSONSchema.ObjectType, at path: [String]
    ) -> [JSONSchemaChange] {
        let isOpen = isOpen(a, in: old)
        var found: [JSONSchemaChange] = []
        if isOpen, case .empty = new.nodes[property].kind {
            return [change("PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL", path)]
        }
        if !isOpen, let partial = partial(a, key, in: old) {
            found = compare(partial, property, at: path)
            let isCovered = found.allSatisfy(\.isCompatible) ? "IS" : "NOT"
            found.append(change("PROPERTY_ADDED_\(isCovered)_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL", path))
        }
        let kind =
            !b.required.contains(key)
            ? "OPTIONAL_PROPERTY"
            : hasDefault(property)
                ? "REQUIRED_PROPERTY_WITH_DEFAULT" : "REQUIRED_PROPERTY"
        return found + [change("\(kind)_ADDED_TO_\(isOpen ? "OPEN" : "UNOPEN")_CONTENT_MODEL", path)]
    }

    /// Whether properties that are not named may be anything.
    private func isOpen(_ type: JSONSchema.ObjectType, in schema: JSONSchema) -> Bool {
        guard type.permitsAdditional, type.additional == nil, type.patterns.isEmpty else { return false }
        guard let unevaluated = type.unevaluated else { return true }
        if case .empty = schema.nodes[unevaluated].kind { return true }
        return false
    }

    /// What a property that is not named must be.
    private func partial(_ type: JSONSchema.ObjectType, _ key: String, in schema: JSONSchema) -> Int? {
        for (pattern, property) in type.patterns {
            if let expression = try? Regex(pattern), key.firstMatch(of: expression) != nil { return property }
        }
        if let additional = type.additional { return additional }
        guard type.permitsAdditional, let unevaluated = type.unevaluated else { return nil }
        switch schema.nodes[unevaluated].kind {
        case .never, .empty: return nil
        default: return unevaluated
        }
    }

    private mutating func dependencies(_ a: JSONSchema.ObjectType, _ b: JSONSchema.ObjectType) -> [JSONSchemaChange] {
        var found: [JSONSchemaChange] = []
        for key in Set(a.dependencies.keys).union(b.dependencies.keys).sorted() {
            let path = ["dependencies", key]
            switch (a.dependencies[key], b.dependencies[key]) {
            case (_?, nil): found.append(change("DEPENDENCY_ARRAY_REMOVED", path))
            case (nil, _?): found.append(change("DEPENDENCY_ARRAY_ADDED", path))
            case (let old?, let new?) where old != new:
                let kind = new.isSuperset(of: old) ? "EXTENDED" : old.isSuperset(of: new) ? "NARROWED" : "CHANGED"
                found.append(change("DEPENDENCY_ARRAY_\(kind)", path))
            default: break
            }
        }
        for key in Set(a.schemaDependencies.keys).union(b.schemaDependencies.keys).sorted() {
            let path = ["dependencies", key]
            switch (a.schemaDependencies[key], b.schemaDependencies[key]) {
            case (_?, nil): found.append(change("DEPENDENCY_SCHEMA_REMOVED", path))
            case (nil, _?): found.append(change("DEPENDENCY_SCHEMA_ADDED", path))
            case (let old, let new): found += compare(old, new, at: path)
            }
        }
        return found
    }

    /// `additionalProperties` and `additionalItems`.
    mutating func additional(
        _ a: (type: Int?, isPermitted: Bool), _ b: (type: Int?, isPermitted: Bool), _ keyword: String, _ name: String
    ) -> [JSONSchemaChange] {
        if a.isPermitted != b.isPermitted {
            return [change("\(name)_\(b.isPermitted ? "ADDED" : "REMOVED")", [keyword])]
        }
        switch (a.type, b.type) {
        case (nil, _?): return [change("\(name)_NARROWED", [keyword])]
        case (_?, nil): return [change("\(name)_EXTENDED", [keyword])]
        default: return compare(a.type, b.type, at: [keyword])
        }
    }

    /// `unevaluatedProperties` and `unevaluatedItems`, where false lets nothing and an empty schema anything through.
    mutating func unevaluated(_ a: Int?, _ b: Int?, _ keyword: String, _ name: String) -> [JSONSchemaChange] {
        if a == nil, b == nil { return [] }
        func openness(_ index: Int?, _ schema: JSONSchema) -> Int {
            guard let index else { return 3 }
            switch schema.nodes[index].kind {
            case .never: return 0
            case .empty: return 2
            default: return 1
            }
        }
        let (before, after) = (openness(a, old), openness(b, new))
        if before == after { return compare(a, b, at: [keyword]) }
        if before == 0 { return [change("\(name)_ADDED", [keyword])] }
        if after == 0 { return [change("\(name)_REMOVED", [keyword])] }
        return [change("\(name)_\(before < after ? "EXTENDED" : "NARROWED")", [keyword])]
    }
}
