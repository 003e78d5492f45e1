import ChangeModel
import DebeziumFormat
import Testing

@Suite("Row events")
struct RowEventTests {
    @Test("an update without its old row has Debezium's envelope, field by field")
    func update() throws {
        var fixture = EncoderFixture()
        let table = try fixture.define()
        let count = try fixture.encode(.update, of: table, new: ["7", "a \"quoted\" name"])
        #expect(count == 1)
        let record = fixture.sink.records[0]
        #expect(record.topic == "shop.public.items")
        #expect(record.key == #"{"id":7}"#)
        let expected =
            #"{"before":null,"after":{"id":7,"name":"a \"quoted\" name"},"source":{"version":"1.0.0","#
            + #""connector":"postgresql","name":"shop","ts_ms":1795247168995,"snapshot":"false","db":"inventory","#
            + #""sequence":"[\"26582100\",\"26582216\"]","ts_us":1795247168995381,"ts_ns":1795247168995381000,"#
            + #""schema":"public","table":"items","txId":737,"lsn":26582216,"xmin":null,"origin":null,"#
            + #""origin_lsn":null},"transaction":null,"op":"u","ts_ms":1795247169038,"ts_us":1795247169038481,"#
            + #""ts_ns":1795247169038481071}"#
        #expect(record.value == expected)
        #expect(fixture.sink.timestamps == [1_795_247_169_038])
    }

    @Test(
        "a delete is followed by a tombstone under the same key, unless tombstones are off", arguments: [true, false])
    func delete(tombstones: Bool) throws {
        var fixture = EncoderFixture { $0.tombstonesOnDelete = tombstones }
        let table = try fixture.define()
        let count = try fixture.encode(.delete, of: table, old: ["7", nil], oldTuple: .key)
        #expect(count == (tombstones ? 2 : 1))
        let records = fixture.sink.records
        #expect(records[0].value?.hasPrefix(#"{"before":{"id":7,"name":null},"after":null,"source":{"#) == true)
        #expect(records.map(\.key) == Array(repeating: #"{"id":7}"#, count: count))
        if tombstones { #expect(records[1].value == nil) }
    }

    @Test("a changed key becomes a delete, a tombstone and a create that name each other's keys in headers")
    func keyChange() throws {
        var fixture = EncoderFixture { $0.contextHeaders = true }
        let table = try fixture.define()
        let count = try fixture.encode(.update, of: table, old: ["7", nil], oldTuple: .key, new: ["8", "x"])
        #expect(count == 3)
        let records = fixture.sink.records
        #expect(records.map(\.key) == [#"{"id":7}"#, #"{"id":7}"#, #"{"id":8}"#])
        #expect(records[0].value?.contains(#""op":"d""#) == true)
        #expect(records[1].value == nil)
        #expect(records[2].value?.hasPrefix(#"{"before":null,"after":{"id":8,"name":"x"},"#) == true)
        #expect(records[2].value?.contains(#""op":"c""#) == true)
        let context = [
            "__debezium.context.connectorLogicalName=shop", "__debezium.context.taskId=0",
            "__debezium.context.connectorName=postgresql", "__debezium.context.runId=run",
        ]
        #expect(records[0].headers == [#"__debezium.newkey={"id":8}"#] + context)
        #expect(records[1].headers == records[0].headers)
        #expect(records[2].headers == [#"__debezium.oldkey={"id":7}"#] + context)
    }

    @Test("an update whose old and new key have the same form stays one event")
    func sameKey() throws {
        var fixture = EncoderFixture()
        let table = try fixture.define()
        #expect(try fixture.encode(.update, of: table, old: ["7", "x"], new: ["7", "y"]) == 1)
        #expect(
            fixture.sink.records[0].value?.hasPrefix(#"{"before":{"id":7,"name":"x"},"after":{"id":7,"name":"y"},"#)
                == true)
    }

    @Test("an unsent TOASTed value comes from the full old row, else it is the placeholder")
    func toast() throws {
        var fixture = EncoderFixture()
        let table = try fixture.define()
        try fixture.encode(.update, of: table, old: ["7", "long"], new: ["7", .unchanged])
        try fixture.encode(.update, of: table, new: ["7", .unchanged])
        let values = fixture.sink.records.compactMap(\.value)
        #expect(values[0].contains(#""after":{"id":7,"name":"long"}"#))
        #expect(values[1].contains(#""after":{"id":7,"name":"__debezium_unavailable_value"}"#))
    }

    @Test("skipped operations append nothing; snapshots are never skipped")
    func skipped() throws {
        var fixture = EncoderFixture { $0.skippedOperations = [.create, .read, .truncate] }
        let table = try fixture.define()
        #expect(try fixture.encode(.create, of: table, new: ["1", "x"]) == 0)
        #expect(try fixture.encode(.read, of: table, new: ["1", "x"]) == 1)
        let truncated = try fixture.encoder.encodeTruncate(of: [table], at: fixture.position, into: &fixture.sink)
        #expect(truncated == 0)
    }

    @Test("of a changed key's events, those whose own operation is skipped are left out")
    func skippedKeyChange() throws {
        for (operation, expected) in [
            (RowOperation.delete, ["c"]), (.create, ["d", nil]), (.update, ["d", nil, "c"]),
        ] {
            var fixture = EncoderFixture {
                $0.skippedOperations = [operation]
                $0.transactionMetadata = true
            }
            let table = try fixture.define()
            let position = fixture.position
            _ = try fixture.encoder.beginTransaction(id: 737, at: position, into: &fixture.sink)
            fixture.sink.removeAll()
            #expect(try fixture.encode(.update, of: table, old: ["1", "x"], new: ["2", "x"]) == expected.count)
            let operations = fixture.sink.records.map { record in
                record.value.flatMap { value in
                    value.firstRange(of: "\"op\":\"").map { String(value[$0.upperBound...].prefix(1)) }
                }
            }
            #expect(operations == expected)
            #expect(fixture.encoder.transaction?.eventCount == UInt64(expected.compactMap { $0 }.count))
            if operation == .update {
                #expect(try fixture.encode(.update, of: table, old: ["1", "x"], new: ["1", "y"]) == 0)
                #expect(try fixture.encode(.update, of: table, new: ["1", "y"]) == 0)
            }
        }
    }

    @Test("a table without a key has null keys, and its deletes still have tombstones")
    func noKey() throws {
        var fixture = EncoderFixture()
        let table = try fixture.define(primaryKey: [])
        #expect(try fixture.encode(.update, of: table, old: ["1", "x"], new: ["2", "x"]) == 1)
        #expect(try fixture.encode(.delete, of: table, old: ["2", "x"]) == 2)
        #expect(fixture.sink.records.map(\.key) == [nil, nil, nil])
    }

    @Test("excluded columns vanish from rows and stay in keys; the snapshot does not read them")
    func excludedColumns() throws {
        var fixture = EncoderFixture { $0.isColumnIncluded = { _, column in column == "name" } }
        let table = try fixture.define()
        try fixture.encode(.create, of: table, new: ["3", "x"])
        #expect(fixture.sink.records[0].key == #"{"id":3}"#)
        #expect(fixture.sink.records[0].value?.contains(#""after":{"name":"x"}"#) == true)
    }

    @Test("message.key.columns decides the key and its order")
    func messageKey() throws {
        var fixture = EncoderFixture { $0.messageKeyColumns = { _, _ in ["name", "id"] } }
        let table = try fixture.define()
        try fixture.encode(.create, of: table, new: ["3", "x"])
        #expect(fixture.sink.records[0].key == #"{"name":"x","id":3}"#)
    }

    @Test("message.key.columns passes over names that the table lacks, and leaves the primary key when none is left")
    func messageKeyWithoutColumns() throws {
        for (names, key) in [(["gone", "name"], #"{"name":"x"}"#), (["gone"], #"{"id":3}"#)] {
            var fixture = EncoderFixture { $0.messageKeyColumns = { _, _ in names } }
            let table = try fixture.define()
            try fixture.encode(.create, of: table, new: ["3", "x"])
            #expect(fixture.sink.records[0].key == key)
        }
    }

    @Test("a change with another number of columns is refused, and nothing is appended")
    func columnMismatch() throws {
        var fixture = EncoderFixture()
        let table = try fixture.define()
        #expect(throws: EncodeError.self) { try fixture.encode(.create, of: table, new: ["3"]) }
        #expect(throws: EncodeError.self) { try fixture.encode(.delete, of: table) }
        #expect(fixture.sink.records.isEmpty)
    }

    @Test("a table that is defined again keeps its handle until its schema changes, and old handles go on working")
    func redefinition() throws {
        var fixture = EncoderFixture()
        let first = try fixture.define()
        #expect(try fixture.define() == first)
        let second = try fixture.define(columns: ["id int!", "name text", "more text"])
        #expect(second != first)
        try fixture.encode(.create, of: first, new: ["1", "x"])
        try fixture.encode(.create, of: second, new: ["2", "x", "y"])
        let values = fixture.sink.records.compactMap(\.value)
        #expect(values[0].contains(#""after":{"id":1,"name":"x"},"#))
        #expect(values[1].contains(#""after":{"id":2,"name":"x","more":"y"},"#))
    }

    @Test("a topic that the log refuses is named in the error")
    func refusedTopic() throws {
        var fixture = EncoderFixture()
        fixture.sink.refusedTopic = "shop.public.items"
        let error = #expect(throws: EncodeError.self) { try fixture.define() }
        #expect(error?.code == .topic)
        #expect(error?.description.contains("shop.public.items") == true)
    }

    @Test("truncating several tables makes one event for each, without a key")
    func truncate() throws {
        var fixture = EncoderFixture { $0.skippedOperations = [] }
        let tables = [try fixture.define("a"), try fixture.define("b")]
        let count = try fixture.encoder.encodeTruncate(of: tables, at: fixture.position, into: &fixture.sink)
        #expect(count == 2)
        #expect(fixture.sink.records.map(\.topic) == ["shop.public.a", "shop.public.b"])
        #expect(fixture.sink.records.map(\.key) == [nil, nil])
        #expect(fixture.sink.records[1].value?.hasPrefix(#"{"before":null,"after":null,"source":{"#) == true)
        #expect(fixture.sink.records[1].value?.contains(#""op":"t""#) == true)
    }
}
