extension JSONSchemaDifference {
    /// What became of limits, by the keyword's name in capitals.
    func limits(
        _ a: JSONSchema.Bounds, _ b: JSONSchema.Bounds, _ names: KeyValuePairs<String, String>
    ) -> [JSONSchemaChange] {
        names.compactMap { keyword, name in
            switch (a.values[keyword], b.values[keyword]) {
            case (nil, nil): nil
            case (nil, _?): change("\(name)_ADDED", [keyword])
            case (_?, nil): change("\(name)_REMOVED", [keyword])
            case (let a?, let b?):
                a == b ? nil : change(a < b ? "\(name)_INCREASED" : "\(name)_DECREASED", [keyword])
            }
        }
    }

    func strings(
        _ pattern: String?, _ bounds: JSONSchema.Bounds, _ newPattern: String?, _ newBounds: JSONSchema.Bounds
    ) -> [JSONSchemaChange] {
        var found = limits(bounds, newBounds, ["maxLength": "MAX_LENGTH", "minLength": "MIN_LENGTH"])
        switch (pattern, newPattern) {
        case (nil, _?): found.append(change("PATTERN_ADDED", ["pattern"]))
        case (_?, nil): found.append(change("PATTERN_REMOVED", ["pattern"]))
        case (let a?, let b?) where a != b: found.append(change("PATTERN_CHANGED", ["pattern"]))
        default: break
        }
        return found
    }

    func numbers(
        _ isInteger: Bool, _ bounds: JSONSchema.Bounds, _ isNewInteger: Bool, _ newBounds: JSONSchema.Bounds
    ) -> [JSONSchemaChange] {
        var found = limits(
            bounds, newBounds,
            [
                "maximum": "MAXIMUM", "minimum": "MINIMUM", "exclusiveMaximum": "EXCLUSIVE_MAXIMUM",
                "exclusiveMinimum": "EXCLUSIVE_MINIMUM",
            ])
        switch (bounds.values["multipleOf"], newBounds.values["multipleOf"]) {
        case (nil, _?): found.append(change("MULTIPLE_OF_ADDED", ["multipleOf"]))
        case (_?, nil): found.append(change("MULTIPLE_OF_REMOVED", ["multipleOf"]))
        case (let a?, let b?) where a != b:
            let isExpanded = a != 0 && b.truncatingRemainder(dividingBy: a) == 0
            let isReduced = b != 0 && a.truncatingRemainder(dividingBy: b) == 0
            let kind = isExpanded ? "MULTIPLE_OF_EXPANDED" : isReduced ? "MULTIPLE_OF_REDUCED" : "MULTIPLE_OF_CHANGED"
            found.append(change(kind, ["multipleOf"]))
        default: break
        }
        if isInteger != isNewInteger { found.append(change(isInteger ? "TYPE_EXTENDED" : "TYPE_NARROWED", [])) }
        return found
    }
}
