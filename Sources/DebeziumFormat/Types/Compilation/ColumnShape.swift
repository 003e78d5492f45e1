internal import ChangeModel

/// A column's type down to what Debezium's table model holds of it: the type behind all domains, and length and scale
/// as the JDBC driver derives them from the type modifier.
struct ColumnShape {
    /// The column's own type's name: a domain's name for a domain.
    let typeName: String
    let typeSchema: String
    /// The type behind all domains.
    let rootOID: UInt32
    /// That type's modifier, -1 without one.
    let typeModifier: Int32
    let length: Int
    let scale: Int

    /// `Integer.MAX_VALUE`: the length of types without one.
    static let unlimited = 2_147_483_647
    /// The display size of an unconstrained numeric.
    static let unconstrainedNumericLength = 131_089

    init(oid: UInt32, typeModifier: Int32, types: TypeCatalog) {
        typeName = types[oid]?.name ?? ""
        typeSchema = types[oid]?.schema ?? "pg_catalog"
        var root = oid
        var modifier = typeModifier
        // A chain of domains ends; the bound is for a catalog that lies.
        for _ in 0..<64 {
            guard let type = types[root], type.kind == UInt8(ascii: "d"), type.baseOID != 0 else { break }
            if modifier == -1 { modifier = type.typeModifier }
            root = type.baseOID
        }
        rootOID = root
        self.typeModifier = modifier
        // The driver measures an array by its elements.
        let measured = types[root].map { $0.elementOID != 0 ? $0.elementOID : root } ?? root
        length = Self.length(of: measured, modifier: Int(modifier))
        scale = Self.scale(of: measured, modifier: Int(modifier))
    }

    /// Precision where the type has one, else the display size.
    private static func length(of oid: UInt32, modifier: Int) -> Int {
        switch oid {
        case BuiltinType.int2: 5
        case BuiltinType.int4, BuiltinType.oid: 10
        case BuiltinType.int8: 19
        case BuiltinType.float4: 8
        case BuiltinType.float8: 17
        case BuiltinType.bool, BuiltinType.char: 1
        case BuiltinType.numeric:
            modifier == -1 ? unconstrainedNumericLength : (modifier &- 4) >> 16 & 0xFFFF
        case BuiltinType.bpchar, BuiltinType.varchar: modifier == -1 ? unlimited : modifier &- 4
        case BuiltinType.date: 13
        case BuiltinType.time: 8 + secondsWidth(modifier)
        case BuiltinType.timetz: 8 + secondsWidth(modifier) + 6
        case BuiltinType.timestamp: 22 + secondsWidth(modifier)
        case BuiltinType.timestamptz: 22 + secondsWidth(modifier) + 6
        case BuiltinType.interval: 49
        case BuiltinType.bit: modifier
        case BuiltinType.varbit: modifier == -1 ? unlimited : modifier
        default: unlimited
        }
    }

    private static func secondsWidth(_ modifier: Int) -> Int {
        switch modifier {
        case -1: 7
        case 0: 0
        case 1: 3
        default: modifier + 1
        }
    }

    private static func scale(of oid: UInt32, modifier: Int) -> Int {
        switch oid {
        case BuiltinType.float4: 8
        case BuiltinType.float8: 17
        // The driver takes 16 bits where the server keeps a signed scale in 11: numeric(3,-2) has scale 2046.
        case BuiltinType.numeric: modifier == -1 ? 0 : (modifier &- 4) & 0xFFFF
        case BuiltinType.time, BuiltinType.timetz, BuiltinType.timestamp, BuiltinType.timestamptz:
            modifier == -1 ? 6 : modifier
        case BuiltinType.interval: modifier == -1 ? 6 : modifier & 0xFFFF
        default: 0
        }
    }
}
