/// Object ids of the built-in types that Debezium treats by id (`src/include/catalog/pg_type.dat` of PostgreSQL).
enum BuiltinType {
    static let bool: UInt32 = 16
    static let bytea: UInt32 = 17
    static let char: UInt32 = 18
    static let name: UInt32 = 19
    static let int8: UInt32 = 20
    static let int2: UInt32 = 21
    static let int2vector: UInt32 = 22
    static let int4: UInt32 = 23
    static let text: UInt32 = 25
    static let oid: UInt32 = 26
    static let oidvector: UInt32 = 30
    static let json: UInt32 = 114
    static let xml: UInt32 = 142
    static let xmlArray: UInt32 = 143
    static let point: UInt32 = 600
    static let lseg: UInt32 = 601
    static let path: UInt32 = 602
    static let box: UInt32 = 603
    static let polygon: UInt32 = 604
    static let line: UInt32 = 628
    static let cidr: UInt32 = 650
    static let float4: UInt32 = 700
    static let float8: UInt32 = 701
    static let circle: UInt32 = 718
    static let macaddr8: UInt32 = 774
    static let money: UInt32 = 790
    static let moneyArray: UInt32 = 791
    static let macaddr: UInt32 = 829
    static let inet: UInt32 = 869
    static let nameArray: UInt32 = 1003
    static let pointArray: UInt32 = 1017
    static let bpchar: UInt32 = 1042
    static let varchar: UInt32 = 1043
    static let date: UInt32 = 1082
    static let time: UInt32 = 1083
    static let timestamp: UInt32 = 1114
    static let timestamptz: UInt32 = 1184
    static let interval: UInt32 = 1186
    static let intervalArray: UInt32 = 1187
    static let timetz: UInt32 = 1266
    static let bit: UInt32 = 1560
    static let bitArray: UInt32 = 1561
    static let varbit: UInt32 = 1562
    static let varbitArray: UInt32 = 1563
    static let numeric: UInt32 = 1700
    static let refcursorArray: UInt32 = 2201
    static let uuid: UInt32 = 2950
    static let tsvector: UInt32 = 3614
    static let jsonb: UInt32 = 3802
    static let int4range: UInt32 = 3904
    static let numrange: UInt32 = 3906
    static let tsrange: UInt32 = 3908
    static let tstzrange: UInt32 = 3910
    static let daterange: UInt32 = 3912
    static let int8range: UInt32 = 3926

    /// Array types that Debezium knows of and has no converter for, even where unknown types are included.
    static let unsupportedArrays: Set<UInt32> = [
        moneyArray, nameArray, intervalArray, varbitArray, xmlArray, pointArray, refcursorArray,
    ]
}
