import Testing

@testable import DebeziumFormat

@Suite("A Connect schema as Avro")
struct AvroSchemaTests {
    private func text(_ schema: ConnectSchema, _ adjust: (inout AvroFormat) -> Void = { _ in }) throws -> String {
        var format = AvroFormat()
        adjust(&format)
        return try AvroSchemaText.text(of: schema, format)
    }

    private func record(_ fields: ConnectSchema.Field...) -> ConnectSchema {
        ConnectSchema(.struct(fields), name: "shop.public.items.Key")
    }

    @Test("an optional field is a union with null, which comes last where there is a default")
    func unions() throws {
        let schema = record(
            .init("a", ConnectSchema(.string, isOptional: true)),
            .init("b", ConnectSchema(.int16, isOptional: true, defaultValue: Array("7".utf8))))
        #expect(
            try text(schema) == #"{"type":"record","name":"Key","namespace":"shop.public.items","fields":["#
                + #"{"name":"a","type":["null","string"],"default":null},"#
                + #"{"name":"b","type":[{"type":"int","connect.default":7,"connect.type":"int16"},"null"],"default":7}"#
                + #"],"connect.name":"shop.public.items.Key"}"#)
    }

    @Test("Connect's logical types become Avro's, with and without Connect's own data")
    func logicalTypes() throws {
        let date = ConnectSchema(.int32, name: "org.apache.kafka.connect.data.Date", version: 1)
        #expect(
            try text(date)
                == #"{"type":"int","connect.version":1,"connect.name":"org.apache.kafka.connect.data.Date","logicalType":"date"}"#
        )
        #expect(try text(date) { $0.hasConnectMetaData = false } == #"{"type":"int","logicalType":"date"}"#)
    }

    @Test("a decimal's default is the characters of its bytes, a text's default its own")
    func defaults() throws {
        let decimal = ConnectSchema(
            .bytes, name: "org.apache.kafka.connect.data.Decimal", version: 1, parameters: [.init("scale", "2")],
            defaultValue: Array(#""MNQ=""#.utf8))
        #expect(
            try text(decimal)
                == #"{"type":"bytes","scale":2,"precision":64,"connect.version":1,"connect.parameters":{"scale":"2"},"#
                + #""connect.default":"0Ô","connect.name":"org.apache.kafka.connect.data.Decimal","logicalType":"decimal"}"#
        )
        let emoji = ConnectSchema(.string, defaultValue: Array(#""a\uD83D\uDE00\n""#.utf8))
        #expect(try text(emoji) == #"{"type":"string","connect.default":"a😀\n"}"#)
    }

    @Test("a record that occurs again is written as its name, in full outside of its namespace")
    func names() throws {
        let point = ConnectSchema(.struct([.init("x", ConnectSchema(.float64))]), name: "geo.Point")
        let schema = record(.init("a", point), .init("b", point))
        #expect(try text(schema).contains(#"{"name":"b","type":"geo.Point"}"#))
    }

    @Test("a name that Avro does not allow is refused, or made to fit where that is asked for")
    func invalidNames() throws {
        let schema = record(.init("1st name", ConnectSchema(.int32)))
        #expect(throws: InvalidAvroName.self) { try text(schema) }
        #expect(try text(schema) { $0.scrubsInvalidNames = true }.contains(#"{"name":"_1st_name","type":"int"}"#))
    }

    @Test("subjects follow their strategy")
    func subjects() {
        for (naming, expected) in [
            (SubjectNaming.topic, "t-value"), (.record, "ns.Envelope"), (.topicRecord, "t-ns.Envelope"),
        ] {
            #expect(naming.subject(topic: "t", record: "ns.Envelope", isKey: false) == expected)
        }
    }
}
