internal import ChangeModel

extension TypeCompiler {
    /// An array, whose elements have the array's length and scale; nil where its elements have no converter.
    func array(of type: TypeDescription, _ shape: ColumnShape) -> CompiledType? {
        guard let element = elementType(type, shape) else { return nil }
        let isOptional = hasOptionalItems(element, of: type)
        var items = element.schema
        items.isOptional = isOptional
        var compiled = CompiledType(.array(items), .array, fallback: "[]")
        compiled.array = ArrayForm(
            element: elementForm(element.form), allowsNulls: isOptional && items.name != "io.debezium.data.Ltree",
            hasStringItems: items.kind == .string,
            delimiter: type.delimiter)
        return compiled
    }

    private func elementType(_ type: TypeDescription, _ shape: ColumnShape) -> CompiledType? {
        // An array of a domain has elements of a type the driver cannot name: unknown, whatever the domain's base is.
        if types[type.elementOID]?.kind == UInt8(ascii: "d") {
            guard configuration.includeUnknownDatatypes else { return nil }
            return configuration.binary == .bytes
                ? CompiledType(.bytes, .unknown(.bytes), fallback: "\"\"") : .string(.unknown(configuration.binary))
        }
        return compile(ColumnShape(oid: type.elementOID, typeModifier: shape.typeModifier, types: types))
    }

    /// Debezium names the arrays whose items may be null one by one; the rest, arrays of enums above all, are built
    /// with required items.
    private func hasOptionalItems(_ element: CompiledType, of type: TypeDescription) -> Bool {
        switch type.elementOID {
        case BuiltinType.xml, BuiltinType.tsvector: return false
        default: break
        }
        if types[type.elementOID]?.name == "isbn" { return false }
        if element.schema.name == "io.debezium.data.Enum" { return false }
        if case .unknown = element.form { return false }
        if case .unknownShape = element.form { return false }
        return true
    }

    private func elementForm(_ form: ScalarForm) -> ScalarForm {
        switch form {
        case .time(let unit): .timeElement(unit)
        case .zonedTime: .zonedTimeElement
        case .timestamp(let unit): .timestampElement(unit)
        case .zonedTimestamp(let width): .zonedTimestampElement(fractionWidth: width)
        default: form
        }
    }
}
