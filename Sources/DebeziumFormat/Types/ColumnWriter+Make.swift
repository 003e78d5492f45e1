internal import ByteCoding
public import ChangeModel

extension ColumnWriter {
    /// Compiles a column; nil where Debezium leaves such a column out of its events.
    /// - Parameter isKey: the writer is for the message key, whose schema knows nothing of masks, truncation and
    ///   propagated types.
    public static func make(
        for column: TableSchema.Column, in table: TableSchema, types: TypeCatalog, configuration: EventConfiguration,
        format: JSONFormat, isAvro: Bool = false, isKey: Bool
    ) throws(FormatError) -> ColumnWriter? {
        var failure = FormatError(
            code: .malformedValue, table: table.id.description, column: column.name,
            type: types[column.typeOID]?.name ?? "type \(column.typeOID)")
        let shape = ColumnShape(oid: column.typeOID, typeModifier: column.typeModifier, types: types)
        let compiler = TypeCompiler(types: types, configuration: configuration, format: format)
        guard var compiled = compiler.compile(shape) else { return nil }

        var mask: ColumnMask?
        if !isKey {
            do throws(ValueProblem) {
                mask = try compiled.addMask(column, table, shape: shape, configuration: configuration)
            } catch {
                failure.code = .unsupportedTransform
                if case .hash(let algorithm, _, _) = configuration.columnTransform(table.id, column.name) {
                    failure.type = algorithm
                }
                throw failure
            }
        }
        compiled.schema.isOptional = !column.isNotNull
        compiled.schema.defaultValue = defaultValue(of: column, shape: shape, compiled: compiled, types: types)

        let null = Array("null".utf8)
        let replacement = format.replaceNullWithDefault ? compiled.schema.defaultValue : nil
        let unset = replacement ?? (column.isNotNull ? nil : null)
        var nullBytes = replacement ?? null
        var unavailable =
            UnavailableValue(placeholder: configuration.unavailableValuePlaceholder)
            .json(typeName: shape.typeName, compiled: compiled).map { masked($0, mask, compiled) } ?? unset ?? null
        if column.isNotNull {
            nullBytes = masked(compiled.schema.defaultValue ?? Array(compiled.fallback.utf8), mask, compiled)
        }
        if case .fixed(let text) = mask {
            nullBytes = text
            unavailable = text
        }
        return ColumnWriter(
            name: column.name, compiled: compiled, mask: mask, nullBytes: nullBytes, unsetBytes: unset,
            unavailableBytes: unavailable, isAvro: isAvro, failure: failure)
    }

    private static func masked(_ value: [UInt8], _ mask: ColumnMask?, _ compiled: CompiledType) -> [UInt8] {
        guard let mask, compiled.schema.kind == .string else { return value }
        var buffer = ByteBuffer()
        mask.append(json: value.span, to: &buffer)
        return buffer.array()
    }

    private static func defaultValue(
        of column: TableSchema.Column, shape: ColumnShape, compiled: CompiledType, types: TypeCatalog
    ) -> [UInt8]? {
        // A Connect schema cannot have a struct as its default.
        if case .struct = compiled.schema.kind { return nil }
        guard let expression = column.defaultExpression,
            let text = DefaultExpression.text(
                of: expression, type: shape.typeName,
                isEnum: types[column.typeOID]?.kind == UInt8(ascii: "e"))
        else { return nil }
        switch compiled.form {
        case .date, .timestamp, .zonedTimestamp:
            if text == "infinity" || text == "-infinity" { return infiniteDefault(text, compiled: compiled) }
        default: break
        }
        var buffer = ByteBuffer()
        var bytes = Array(text.utf8)
        do throws(ValueProblem) {
            if shape.rootOID == BuiltinType.numeric { bytes = try fitted(bytes, shape: shape) }
            try compiled.form.write(bytes.span, snapshot: false, to: &buffer)
        } catch {
            return nil
        }
        return buffer.array()
    }

    /// Infinite dates and timestamps as defaults: `java.time`'s own first and last days, in what 32 and 64 bits keep of
    /// them.
    private static func infiniteDefault(_ text: String, compiled: CompiledType) -> [UInt8]? {
        let isPositive = text == "infinity"
        let value: Int64
        switch compiled.form {
        case .date(.days):
            value = Int64(Int32(truncatingIfNeeded: isPositive ? 365_241_780_471 : -365_243_219_162))
        case .timestamp(.micros): value = isPositive ? Int64.max &+ 999_999 : Int64.min
        default: return nil
        }
        return Array(String(value).utf8)
    }

    /// A numeric default with more digits behind the point than its column has: zeros go, other digits are an error.
    private static func fitted(_ bytes: [UInt8], shape: ColumnShape) throws(ValueProblem) -> [UInt8] {
        let decimal = try DecimalText(bytes.span)
        guard shape.length != ColumnShape.unconstrainedNumericLength else { return bytes }
        let excess = decimal.scale - shape.scale
        guard excess > 0 else { return bytes }
        guard decimal.trailingZeroCount >= excess else { throw .malformed }
        return Array(bytes.dropLast(shape.scale == 0 ? excess + 1 : excess))
    }
}

extension CompiledType {
    /// Adds what the first matching rule (truncation and masks, then propagation, then hashes) does to the column.
    /// - Throws: ``ValueProblem/inexpressible`` for a hash algorithm that is not known.
    fileprivate mutating func addMask(
        _ column: TableSchema.Column, _ table: TableSchema, shape: ColumnShape, configuration: EventConfiguration
    ) throws(ValueProblem) -> ColumnMask? {
        let transform = configuration.columnTransform(table.id, column.name)
        switch transform {
        case .truncate(let length):
            guard shape.reportedLength(of: column, in: table) > length else { return nil }
            schema.parameters.append(.init("truncateLength", String(length)))
            return .truncate(length)
        case .mask(let length):
            schema.parameters.append(.init("masked", "true"))
            return isCharacter ? .fixed(Array("\"\(String(repeating: "*", count: length))\"".utf8)) : nil
        case .hash, nil: break
        }
        if configuration.propagatesSourceType(table.id, column.name)
            || configuration.propagatesDatatype(table.id, shape.reportedName(of: column, in: table))
        {
            schema.parameters += shape.propagatedParameters(of: column, in: table)
            return nil
        }
        guard case .hash(let algorithm, let salt, let isVersion2) = transform else { return nil }
        guard let function = HashFunction(javaName: algorithm) else { throw .inexpressible }
        schema.parameters.append(.init("masked", "true"))
        return isCharacter
            ? .hash(function, salt: Array(salt.utf8), isVersion2: isVersion2, length: shape.length) : nil
    }
}

extension ColumnShape {
    /// The type's name: from the catalogs as the JDBC driver tells it, with serial types for columns that a sequence
    /// fills and quoted names outside of the search path; from a relation message the plain name.
    fileprivate func reportedName(of column: TableSchema.Column, in table: TableSchema) -> String {
        if table.isFromRelation { return typeName }
        if column.defaultExpression?.contains("nextval(") == true {
            switch column.typeOID {
            case BuiltinType.int2: return "smallserial"
            case BuiltinType.int4: return "serial"
            case BuiltinType.int8: return "bigserial"
            default: break
            }
        }
        return typeSchema == "pg_catalog" || typeSchema == "public" ? typeName : "\"\(typeSchema)\".\"\(typeName)\""
    }

    /// The driver has no length and no scale for an unconstrained numeric.
    private func isUnmeasured(_ column: TableSchema.Column, in table: TableSchema) -> Bool {
        !table.isFromRelation && column.typeOID == BuiltinType.numeric && column.typeModifier == -1
    }

    fileprivate func reportedLength(of column: TableSchema.Column, in table: TableSchema) -> Int {
        isUnmeasured(column, in: table) ? 0 : length
    }

    /// What `column.propagate.source.type` adds to a schema.
    fileprivate func propagatedParameters(
        of column: TableSchema.Column, in table: TableSchema
    ) -> [ConnectSchema.Parameter] {
        var parameters: [ConnectSchema.Parameter] = [
            .init("__debezium.source.column.type", reportedName(of: column, in: table).uppercased()),
            .init("__debezium.source.column.length", String(reportedLength(of: column, in: table))),
        ]
        if !isUnmeasured(column, in: table) {
            parameters.append(.init("__debezium.source.column.scale", String(scale)))
        }
        parameters.append(.init("__debezium.source.column.name", column.name))
        return parameters
    }
}
