import ByteCoding
import Testing

@testable import DebeziumFormat

@Suite("Columns' schemas")
struct SchemaTests {
    @Test(
        "a type has its schema",
        arguments: [
            ("int2", Int32(-1), #"{"type":"int16","optional":true}"#),
            (
                "numeric", ColumnFixture.numeric(5, 2),
                #"{"type":"bytes","optional":true,"name":"org.apache.kafka.connect.data.Decimal","version":1,"parameters":{"scale":"2","connect.decimal.precision":"5"}}"#
            ),
            (
                "numeric", -1,
                #"{"type":"struct","fields":[{"type":"int32","optional":false,"field":"scale"},{"type":"bytes","optional":false,"field":"value"}],"optional":true,"name":"io.debezium.data.VariableScaleDecimal","version":1,"doc":"Variable scaled decimal"}"#
            ),
            (
                "mood", -1,
                #"{"type":"string","optional":true,"name":"io.debezium.data.Enum","version":1,"parameters":{"allowed":"sad,it's, ok"}}"#
            ),
            (
                "_mood", -1,
                #"{"type":"array","items":{"type":"string","optional":false,"name":"io.debezium.data.Enum","version":1,"parameters":{"allowed":"sad,it's, ok"}},"optional":true}"#
            ),
            ("timestamp", 3, #"{"type":"int64","optional":true,"name":"io.debezium.time.Timestamp","version":1}"#),
            ("time", 4, #"{"type":"int64","optional":true,"name":"io.debezium.time.MicroTime","version":1}"#),
            ("bit", 1, #"{"type":"boolean","optional":true}"#),
            (
                "varbit", -1,
                #"{"type":"bytes","optional":true,"name":"io.debezium.data.Bits","version":1,"parameters":{"length":"2147483647"}}"#
            ),
            ("int2vector", -1, #"{"type":"array","items":{"type":"int16","optional":false},"optional":true}"#),
        ])
    func schema(type: String, modifier: Int32, expected: String) throws {
        #expect(try ColumnFixture().schema(type, modifier: modifier) == expected)
    }

    @Test(
        "a default is what Debezium reads of its expression",
        arguments: [
            ("int4", "'-1'::integer", "-1"), ("int4", "nextval('counter'::regclass)", "0"), ("int4", "(1 + 1)", nil),
            ("text", "'it''s'::text", "\"it's\""), ("text", "upper('x'::text)", "\"\""), ("text", "NULL::text", nil),
            ("text", "CURRENT_USER", "\"CURRENT_USER\""), ("bool", "true", "true"), ("bool", "(NOT true)", "false"),
            ("numeric", "7.25", nil), ("float8", "pi()", "0.0"), ("date", "CURRENT_DATE", "0"),
            ("date", "'2024-01-02'::date", "19724"), ("date", "'infinity'::date", "169560311"),
            ("timestamp", "(now() AT TIME ZONE 'utc'::text)", "0"), ("time", "'24:00:00'::time", "86399999999"),
            ("timestamptz", "now()", "\"1970-01-01T00:00:00.000000Z\""),
            ("uuid", "gen_random_uuid()", "\"00000000-0000-0000-0000-000000000000\""),
            ("interval", "'1 day 02:00:00'::interval", "93600000000"), ("jsonb", "'{}'::jsonb", "\"{}\""),
            ("mood", "'sad'::mood", "\"sad\""), ("mood", "'sad'::public.mood", "\"sad\""),
            ("mood", "'sad'::other", nil),
            ("bytea", "'\\x01'::bytea", nil), ("_int4", "'{1}'::integer[]", nil), ("positive", "5", nil),
            ("point", "'(1,2)'::point", nil), ("timetz", "'10:00:00+00'::timetz", nil),
        ] as [(String, String, String?)])
    func defaults(type: String, expression: String, expected: String?) throws {
        let writer = try ColumnFixture().writer(type, defaultExpression: expression)
        #expect(writer?.schema.defaultValue.map { String(decoding: $0, as: UTF8.self) } == expected)
        #expect(writer?.nullJSON == expected ?? "null")
    }

    @Test("a numeric default takes the column's scale or is none")
    func numericDefault() throws {
        func value(_ expression: String) throws -> String? {
            try ColumnFixture().writer(
                "numeric", modifier: ColumnFixture.numeric(5, 1), defaultExpression: expression
            )?.schema.defaultValue.map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(try value("2.50") == "\"GQ==\"")
        #expect(try value("2") == "\"FA==\"")
        #expect(try value("2.55") == nil)
    }

    @Test("replace.null.with.default=false keeps a stored null")
    func keepNull() throws {
        let fixture = ColumnFixture { $0.format.replaceNullWithDefault = false }
        #expect(try fixture.writer("int4", defaultExpression: "42")?.nullJSON == "null")
        #expect(try fixture.writer("int4", isNotNull: true, defaultExpression: "42")?.nullJSON == "42")
    }

    @Test(
        "a null in a required column without a default is its type's zero",
        arguments: [
            ("int4", "0"), ("bool", "false"), ("float8", "0.0"), ("numeric", #"{"scale":0,"value":"AA=="}"#),
            ("text", "\"\""), ("bytea", "\"\""), ("timestamptz", "\"1970-01-01T00:00:00Z\""),
            ("timetz", "\"00:00:00Z\""), ("_int4", "[]"), ("hstore", "\"{}\""), ("mood", "\"\""), ("money", "\"AA==\""),
            ("point", #"{"x":0.0,"y":0.0,"wkb":"AQEAAAAAAAAAAAAAAAAAAAAAAAAA","srid":null}"#),
        ])
    func fallback(type: String, expected: String) throws {
        #expect(try ColumnFixture().writer(type, isNotNull: true)?.nullJSON == expected)
    }

    @Test(
        "an unavailable value has a placeholder where Debezium has one",
        arguments: [
            ("text", "\"\\u0000�\\u0010\""), ("bytea", "\"AP8Q\""), ("_int4", "[0,-1,16]"), ("_date", "[0,-1,16]"),
            ("_uuid", "[\"481e4551-ec03-3aad-a760-901cf52b1917\"]"), ("_text", "[\"\\u0000�\\u0010\"]"),
            ("_bytea", "[\"AP8Q\"]"), ("numeric", "null"), ("_numeric", "null"), ("varbit", "null"),
            ("_float8", "null"),
        ])
    func unavailable(type: String, expected: String) throws {
        let fixture = ColumnFixture { $0.configuration.unavailableValuePlaceholder = "hex:00FF10" }
        #expect(try fixture.writer(type)?.unavailableJSON == expected)
    }

    @Test("types are propagated into parameters, differently by the catalogs and by the stream")
    func propagation() throws {
        var fixture = ColumnFixture { $0.configuration.propagatesSourceType = { _, _ in true } }
        fixture.configuration.columnTransform = { _, _ in .hash(algorithm: "MD5", salt: "s", v2: true) }
        let writer = try fixture.writer("varchar", modifier: 44)
        #expect(
            writer?.schemaJSON
                == #"{"type":"string","optional":true,"parameters":{"__debezium.source.column.type":"VARCHAR","__debezium.source.column.length":"40","__debezium.source.column.scale":"0","__debezium.source.column.name":"c"}}"#
        )
        #expect(try writer?.json("kept") == "\"kept\"")
        #expect(
            try fixture.schema("numeric")?.contains(
                #""__debezium.source.column.length":"0","__debezium.source.column.name""#) == true)
        #expect(
            try fixture.schema("int4", defaultExpression: "nextval('s')")?.contains("\"SERIAL\"") == true)
    }
}
