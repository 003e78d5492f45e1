extension Field {
    /// The property's name: the definition's, beginning in lower case.
    var identifier: String {
        let name = name.prefix(1).lowercased() + name.dropFirst()
        return ["protocol", "operator", "default", "extension", "public", "in", "is", "as"].contains(name)
            ? "`\(name)`" : name
    }

    /// The integer type, for a field that is one.
    var swiftInteger: String? {
        ["int8": "Int8", "int16": "Int16", "int32": "Int32", "int64": "Int64", "uint16": "UInt16", "uint32": "UInt32"][
            type]
    }

    var swiftType: String {
        let basic = [
            "int8": "Int8", "int16": "Int16", "int32": "Int32", "int64": "Int64", "uint16": "UInt16",
            "uint32": "UInt32", "bool": "Bool", "string": "String", "bytes": "[UInt8]", "uuid": "TopicID",
            "float64": "Double", "records": "RecordsField",
        ]
        let element = basic[elementType] ?? elementType
        let whole = isArray ? "[\(element)]" : element
        return isNullable && type != "records" ? whole + "?" : whole
    }

    /// The default where the other side of a comparison says which type it is.
    var comparedDefault: String { swiftDefault.hasSuffix("()") ? ".init()" : swiftDefault }

    var swiftDefault: String {
        if type == "records" { return ".null" }
        if isNullable, defaultValue == "null" { return "nil" }
        if isArray || type == "bytes" { return "[]" }
        switch type {
        case "string": return "\"\(defaultValue ?? "")\""
        case "bool": return defaultValue ?? "false"
        case "uuid": return ".zero"
        case "float64": return defaultValue ?? "0"
        default:
            if swiftInteger == nil { return isNullable ? "nil" : "\(type)()" }
            guard let value = defaultValue, !value.isEmpty else { return "0" }
            if value == "0x7fffffff" || value == String(Int64.max) { return ".max" }
            return value == String(Int32.min) ? ".min" : value
        }
    }
}
