internal import ChangeModel

/// Decides, as Debezium's PostgreSQL value converter does, what a type becomes under a configuration.
struct TypeCompiler {
    let types: TypeCatalog
    let configuration: EventConfiguration
    let format: JSONFormat

    /// nil where Debezium leaves columns of the type out.
    func compile(_ shape: ColumnShape) -> CompiledType? {
        scalar(shape) ?? extensionType(shape) ?? catalogType(shape)
    }

    private func scalar(_ shape: ColumnShape) -> CompiledType? {
        switch shape.rootOID {
        case BuiltinType.bool: CompiledType(.boolean, .boolean, fallback: "false")
        case BuiltinType.int2: CompiledType(.int16, .integer, fallback: "0")
        case BuiltinType.int4: CompiledType(.int32, .integer, fallback: "0")
        case BuiltinType.int8, BuiltinType.oid: CompiledType(.int64, .integer, fallback: "0")
        case BuiltinType.float4: CompiledType(.float32, .float32, fallback: "0.0")
        case BuiltinType.float8: CompiledType(.float64, .float64, fallback: "0.0")
        case BuiltinType.text, BuiltinType.varchar, BuiltinType.bpchar, BuiltinType.char: .string(isCharacter: true)
        case BuiltinType.name:
            .string(.name(isStreamed: configuration.includeUnknownDatatypes), isCharacter: true)
        case BuiltinType.numeric: numeric(shape)
        case BuiltinType.money: money()
        case BuiltinType.bytea: binary(.binary(configuration.binary))
        case BuiltinType.bit, BuiltinType.varbit: bits(shape)
        case BuiltinType.uuid: .string(name: "io.debezium.data.Uuid")
        case BuiltinType.json, BuiltinType.jsonb: .string(name: "io.debezium.data.Json")
        case BuiltinType.xml: .string(name: "io.debezium.data.Xml")
        case BuiltinType.tsvector: .string(name: "io.debezium.data.Tsvector")
        case BuiltinType.inet, BuiltinType.cidr, BuiltinType.macaddr, BuiltinType.macaddr8, BuiltinType.int4range,
            BuiltinType.int8range, BuiltinType.numrange, BuiltinType.tsrange, BuiltinType.tstzrange,
            BuiltinType.daterange:
            .string()
        case BuiltinType.point: point()
        default: temporal(shape)
        }
    }

    private func numeric(_ shape: ColumnShape) -> CompiledType {
        let scale = shape.scale
        let isVariable = shape.length == ColumnShape.unconstrainedNumericLength && scale == 0
        switch configuration.decimal {
        case .double: return CompiledType(.float64, .decimal(.double, scale: scale), fallback: "0.0")
        case .string:
            let zero = scale == 0 ? "0" : "0." + String(repeating: "0", count: scale)
            return CompiledType(.string, .decimal(.text, scale: scale), fallback: "\"\(zero)\"")
        case .precise where isVariable:
            return CompiledType(
                .struct([
                    .init("scale", ConnectSchema(.int32)), .init("value", ConnectSchema(.bytes)),
                ]),
                name: "io.debezium.data.VariableScaleDecimal", doc: "Variable scaled decimal",
                .decimal(.variable, scale: 0), fallback: "{\"scale\":0,\"value\":\"AA==\"}")
        case .precise:
            return decimal(
                scale: scale, precision: shape.length,
                form: .decimal(format.numericDecimals ? .number : .base64, scale: scale))
        }
    }

    private func decimal(scale: Int, precision: Int?, form: ScalarForm) -> CompiledType {
        var parameters = [ConnectSchema.Parameter("scale", String(scale))]
        if let precision { parameters.append(.init("connect.decimal.precision", String(precision))) }
        let zero = scale > 6 ? "0E-\(scale)" : scale == 0 ? "0" : "0." + String(repeating: "0", count: scale)
        return CompiledType(
            .bytes, name: "org.apache.kafka.connect.data.Decimal", parameters: parameters, form,
            fallback: format.numericDecimals ? zero : "\"AA==\"")
    }

    private func money() -> CompiledType {
        let scale = configuration.moneyFractionDigits
        let zero = scale == 0 ? "0" : "0." + String(repeating: "0", count: scale)
        switch configuration.decimal {
        case .double: return CompiledType(.float64, .money(.double, scale: scale), fallback: "0.0")
        case .string: return CompiledType(.string, .money(.text, scale: scale), fallback: "\"\(zero)\"")
        case .precise:
            return decimal(
                scale: scale, precision: nil,
                form: .money(format.numericDecimals ? .number : .base64, scale: scale))
        }
    }

    private func binary(_ form: ScalarForm) -> CompiledType {
        configuration.binary == .bytes ? CompiledType(.bytes, form, fallback: "\"\"") : .string(form)
    }

    private func bits(_ shape: ColumnShape) -> CompiledType {
        if shape.length <= 1 { return CompiledType(.boolean, .bit, fallback: "false") }
        return CompiledType(
            .bytes, name: "io.debezium.data.Bits", parameters: [.init("length", String(shape.length))], .bits,
            fallback: "\"\"")
    }

    private func point() -> CompiledType {
        CompiledType(
            .struct([
                .init("x", ConnectSchema(.float64)), .init("y", ConnectSchema(.float64)),
                .init("wkb", ConnectSchema(.bytes, isOptional: true)),
                .init("srid", ConnectSchema(.int32, isOptional: true)),
            ]),
            name: "io.debezium.data.geometry.Point", doc: "Geometry (POINT)", .point,
            fallback: #"{"x":0.0,"y":0.0,"wkb":"AQEAAAAAAAAAAAAAAAAAAAAAAAAA","srid":null}"#)
    }

    private func extensionType(_ shape: ColumnShape) -> CompiledType? {
        switch types[shape.rootOID]?.name {
        case "citext", "isbn": .string()
        case "ltree": .string(name: "io.debezium.data.Ltree")
        case "hstore": hstore()
        case "geometry":
            CompiledType(
                geometryKind, name: "io.debezium.data.geometry.Geometry", doc: "Geometry", .geometry,
                fallback: #"{"wkb":"AQcAAAAAAAAA","srid":null}"#)
        case "geography":
            CompiledType(
                geometryKind, name: "io.debezium.data.geometry.Geography", doc: "Geography", .geometry,
                fallback: #"{"wkb":"AQcAAAAAAAAA","srid":null}"#)
        case "vector":
            CompiledType(
                .array(ConnectSchema(.float64)), name: "io.debezium.data.DoubleVector", .vector(isDouble: true),
                fallback: "[]")
        case "halfvec":
            CompiledType(
                .array(ConnectSchema(.float32)), name: "io.debezium.data.FloatVector", .vector(isDouble: false),
                fallback: "[]")
        default: nil
        }
    }

    private var geometryKind: ConnectSchema.Kind {
        .struct([
            .init("wkb", ConnectSchema(.bytes)), .init("srid", ConnectSchema(.int32, isOptional: true)),
        ])
    }

    private func hstore() -> CompiledType {
        switch configuration.hstore {
        case .json:
            CompiledType(.string, name: "io.debezium.data.Json", .hstore(isMap: false), fallback: "\"{}\"")
        case .map:
            CompiledType(
                .map(keys: ConnectSchema(.string), values: ConnectSchema(.string, isOptional: true)),
                .hstore(isMap: true), fallback: "{}")
        }
    }

    /// Enums, arrays, and what is left: bytes where unknown types are included.
    private func catalogType(_ shape: ColumnShape) -> CompiledType? {
        if BuiltinType.unsupportedArrays.contains(shape.rootOID) { return nil }
        if shape.rootOID == BuiltinType.bitArray {
            // Declared as bits and filled with a list, which does not fit: such a field is never set.
            var compiled = bits(shape)
            compiled.form = .unset
            return compiled
        }
        if let vector = vectorArray(shape.rootOID) { return vector }
        let type = types[shape.rootOID]
        if let type, type.kind == UInt8(ascii: "e") {
            return CompiledType(
                .string, name: "io.debezium.data.Enum",
                parameters: [.init("allowed", type.enumLabels.joined(separator: ","))], .string, fallback: "\"\"",
                isCharacter: true)
        }
        if let type, type.elementOID != 0, type.category == UInt8(ascii: "A") {
            return array(of: type, shape)
        }
        guard configuration.includeUnknownDatatypes else { return nil }
        return switch shape.rootOID {
        case BuiltinType.line, BuiltinType.lseg, BuiltinType.box, BuiltinType.path, BuiltinType.polygon,
            BuiltinType.circle:
            binary(.unknownShape(configuration.binary))
        default: binary(.unknown(configuration.binary))
        }
    }

    private func vectorArray(_ oid: UInt32) -> CompiledType? {
        switch oid {
        case BuiltinType.int2vector: CompiledType(.array(ConnectSchema(.int16)), .emptyArray, fallback: "[]")
        case BuiltinType.oidvector: CompiledType(.array(ConnectSchema(.int64)), .emptyArray, fallback: "[]")
        default: nil
        }
    }
}
