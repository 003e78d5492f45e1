import ByteCoding
import ChangeModel
import Testing

@testable import DebeziumFormat

@Suite("Values of other types")
struct ValueTests {
    @Test(
        "an array's elements are written as their type",
        arguments: [
            ("_int4", "{NULL,1,NULL}", "[null,1,null]"), ("_int4", "[0:2]={1,2,3}", "[1,2,3]"), ("_int4", "{}", "[]"),
            ("_text", #"{NULL,"NULL",null,""}"#, #"[null,"NULL","null",""]"#),
            (
                "_text", #"{"with \"quotes\"","back\\slash","com,ma"," s "}"#,
                #"["with \"quotes\"","back\\slash","com,ma"," s "]"#
            ),
            ("_bool", "{t,f}", "[true,false]"), ("_bytea", #"{"\\x00","\\xff00"}"#, #"["AA==","/wA="]"#),
            ("_int4", "{{1,2},{3,4}}", "[null,null]"), ("_mood", #"{"it's, ok",sad}"#, #"["it's, ok","sad"]"#),
            ("_mood", "{sad,NULL}", "null"), ("_ltree", "{a.b,NULL}", "null"), ("int2vector", "1 2", "[]"),
            ("_uuid", "{}", "[]"), ("_bit", "{1}", "null"),
        ])
    func array(type: String, text: String, expected: String) throws {
        #expect(try ColumnFixture().json(text, type) == expected)
    }

    @Test(
        "columns without a converter are left out",
        arguments: ["_money", "_interval", "_point", "_name", "_xml", "_positive", "tsquery", "line", "xid", "_varbit"])
    func excluded(type: String) throws {
        #expect(try ColumnFixture().writer(type) == nil)
    }

    @Test("include.unknown.datatypes gives their text as bytes, shapes as Java prints them")
    func unknown() throws {
        let bytes = ColumnFixture { $0.configuration.includeUnknownDatatypes = true }
        #expect(try bytes.json("42", "xid") == "\"NDI=\"")
        #expect(try bytes.json("{1,-1,0}", "line") == "\"ezEuMCwtMS4wLDAuMH0=\"")
        #expect(try bytes.writer("_money") == nil)
        let hex = ColumnFixture {
            $0.configuration.includeUnknownDatatypes = true
            $0.configuration.binary = .hex
        }
        #expect(try hex.json("(1,x)", "xid") == "\"28312c7829\"")
    }

    @Test(
        "binary.handling.mode decides a bytea's form",
        arguments: [
            (BinaryHandling.bytes, "\"+/8=\""), (.base64, "\"+/8=\""), (.base64URLSafe, "\"-_8=\""), (.hex, "\"fbff\""),
        ])
    func binary(mode: BinaryHandling, expected: String) throws {
        #expect(try ColumnFixture { $0.configuration.binary = mode }.json("\\xfbff", "bytea") == expected)
    }

    @Test(
        "bits are little endian without leading zeros, one bit a boolean",
        arguments: [
            (Int32(9), "100000001", "\"AQE=\""), (8, "00000000", "\"\""), (1, "1", "true"),
            (10, "0000000001", "\"AQ==\""),
        ])
    func bits(length: Int32, text: String, expected: String) throws {
        #expect(try ColumnFixture().json(text, "bit", modifier: length) == expected)
    }

    @Test("an empty varbit(1) leaves the field unset")
    func emptyBit() throws {
        #expect(try ColumnFixture().json("", "varbit", modifier: 1) == "null")
    }

    @Test("an hstore's keys come in the order of Java's HashMap")
    func hstore() throws {
        let text = #""a"=>"2", "m"=>"", "z"=>"1", "mm"=>"4", "n\"q"=>NULL"#
        #expect(
            try ColumnFixture { $0.configuration.hstore = .map }.json(text, "hstore")
                == #"{"mm":"4","a":"2","z":"1","n\"q":null,"m":""}"#)
        #expect(try ColumnFixture().json(#""k"=>"😀""#, "hstore") == #""{\"k\":\"\uD83D\uDE00\"}""#)
        #expect(try ColumnFixture().json("", "hstore") == #""{}""#)
    }

    @Test("a point has its coordinates and its WKB")
    func point() throws {
        #expect(
            try ColumnFixture().json("(-1.5,2.25)", "point")
                == #"{"x":-1.5,"y":2.25,"wkb":"AQEAAAAAAAAAAAD4vwAAAAAAAAJA","srid":null}"#)
    }

    @Test("a geometry has its extended WKB and its spatial reference")
    func geometry() throws {
        let text = "0101000020E6100000000000000000F03F0000000000000040"
        #expect(
            try ColumnFixture().json(text, "geometry")
                == #"{"wkb":"AQEAACDmEAAAAAAAAAAA8D8AAAAAAAAAQA==","srid":4326}"#)
    }

    @Test("a name is known to the snapshot and null to the stream")
    func name() throws {
        #expect(try ColumnFixture().json("n", "name", snapshot: true) == "\"n\"")
        #expect(try ColumnFixture().json("n", "name") == "null")
        #expect(try ColumnFixture().writer("name", isNotNull: true)?.json("n") == "\"\"")
    }

    @Test("domains over domains are their base with the modifier of the nearest domain")
    func domains() throws {
        #expect(try ColumnFixture().json("12.345", "nested") == "\"MDk=\"")
        #expect(try ColumnFixture().json("5", "positive") == "5")
    }

    @Test("a value that is not of its type is refused with names and without the value")
    func malformed() throws {
        let error = #expect(throws: FormatError.self) { try ColumnFixture().json("secret", "int4") }
        #expect(error?.code == .malformedValue)
        #expect(error?.description.contains("secret") == false)
        #expect(error?.description.contains("public.t") == true)
    }

    @Test("a required column that cannot say NaN is an error")
    func required() throws {
        let writer = try ColumnFixture().writer("numeric", isNotNull: true)
        let error = #expect(throws: FormatError.self) { try writer?.json("NaN") }
        #expect(error?.code == .unsupportedValue)
    }

    @Test("any bytes give a value or an error, in every type and mode", arguments: UInt64(1)...8)
    func neverTraps(seed: UInt64) throws {
        var generator = SplitMix(state: seed)
        let pieces = [
            "1", "-", ".", "9999999999", "{", "}", ",", "\"", "\\", "NULL", ":", " ", "BC", "infinity", "x", "+",
            "years",
            "days", "2024-01-01", "10:00:00", "=>", "(", ")", "[", "]=", "é", "😀", "e", "N", "$", "0",
        ]
        let fixture = ColumnFixture {
            $0.configuration.includeUnknownDatatypes = true
            $0.configuration.moneyFractionDigits = 3
            $0.configuration.columnTransform = { _, _ in seed % 2 == 0 ? .truncate(characters: 3) : nil }
            $0.configuration.timePrecision = TimePrecision.allCases[Int(seed % 6)]
            $0.configuration.decimal = DecimalHandling.allCases[Int(seed % 3)]
            $0.configuration.interval = seed % 2 == 0 ? .numeric : .string
        }
        for type in fixture.types.types.values.sorted(by: { $0.oid < $1.oid }) {
            guard let writer = try fixture.writer(type.name, modifier: seed % 3 == 0 ? 6 : -1) else { continue }
            for _ in 0..<300 {
                var text: [UInt8] = []
                for _ in 0..<Int(generator.next() % 7) {
                    text += Array(pieces[Int(generator.next() % UInt64(pieces.count))].utf8)
                }
                if generator.next() % 8 == 0 { text.append(UInt8(truncatingIfNeeded: generator.next())) }
                var buffer = ByteBuffer()
                buffer.append("before")
                do {
                    try writer.append(text: text.span, snapshot: seed % 2 == 0, to: &buffer)
                } catch {
                    #expect(buffer.count == 6)
                }
            }
        }
    }

    private struct SplitMix: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
            return z ^ z >> 31
        }
    }
}
