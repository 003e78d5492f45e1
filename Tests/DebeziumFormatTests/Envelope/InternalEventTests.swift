import ByteCoding
import ChangeModel
import DebeziumFormat
import Testing

@Suite("Events without a row")
struct InternalEventTests {
    @Test("a transaction has a BEGIN, numbered events, and an END with counts in Java's map order")
    func transaction() throws {
        var fixture = EncoderFixture { $0.transactionMetadata = true }
        let accounts = try fixture.define("accounts")
        let transfers = try fixture.define("transfers")
        let position = fixture.position
        #expect(try fixture.encoder.beginTransaction(id: 737, at: position, into: &fixture.sink) == 1)
        try fixture.encode(.update, of: accounts, new: ["1", "x"])
        fixture.position.lsn = LSN(rawValue: 26_582_300)
        try fixture.encode(.create, of: transfers, new: ["1", "x"])
        try fixture.encode(.update, of: accounts, old: ["1", nil], new: ["2", "x"])
        #expect(fixture.encoder.transaction?.eventCount == 4)
        fixture.position.lsn = LSN(rawValue: 26_582_400)
        let end = fixture.position
        #expect(try fixture.encoder.endTransaction(at: end, into: &fixture.sink) == 1)
        #expect(fixture.encoder.transaction == nil)

        let records = fixture.sink.records
        #expect(records[0].topic == "shop.transaction")
        #expect(records[0].headers == [])
        #expect(records[0].key == #"{"id":"737:26582216"}"#)
        #expect(
            records[0].value
                == #"{"status":"BEGIN","id":"737:26582216","event_count":null,"data_collections":null,"#
                + #""ts_ms":1795247168995}"#)
        func block(_ record: CollectingSink.Record) -> Substring? {
            guard let value = record.value, let start = value.firstRange(of: "\"transaction\":") else { return nil }
            return value[start.upperBound...].prefix { $0 != "}" }
        }
        #expect(block(records[1]) == #"{"id":"737:26582216","total_order":1,"data_collection_order":1"#)
        #expect(block(records[2]) == #"{"id":"737:26582300","total_order":2,"data_collection_order":1"#)
        #expect(block(records[3]) == #"{"id":"737:26582300","total_order":3,"data_collection_order":2"#)
        #expect(records[4].value == nil)
        #expect(block(records[5]) == #"{"id":"737:26582300","total_order":4,"data_collection_order":3"#)
        #expect(
            records[6].value
                == #"{"status":"END","id":"737:26582400","event_count":4,"data_collections":"#
                + #"[{"data_collection":"public.transfers","event_count":1},"#
                + #"{"data_collection":"public.accounts","event_count":3}],"ts_ms":1795247168995}"#)
    }

    @Test("a transaction that was cut goes on counting where its state says, without a second BEGIN")
    func resumedTransaction() throws {
        var first = EncoderFixture { $0.transactionMetadata = true }
        let table = try first.define()
        let position = first.position
        _ = try first.encoder.beginTransaction(id: 737, at: position, into: &first.sink)
        try first.encode(.create, of: table, new: ["1", "x"])
        let state = first.encoder.transaction

        var second = EncoderFixture { $0.transactionMetadata = true }
        let again = try second.define()
        second.encoder.transaction = state
        try second.encode(.create, of: again, new: ["2", "x"])
        #expect(second.sink.records.count == 1)
        #expect(second.sink.records[0].value?.contains(#""total_order":2,"data_collection_order":2}"#) == true)
    }

    @Test("without transaction metadata there is neither event nor block")
    func noMetadata() throws {
        var fixture = EncoderFixture()
        let table = try fixture.define()
        let position = fixture.position
        #expect(try fixture.encoder.beginTransaction(id: 737, at: position, into: &fixture.sink) == 0)
        try fixture.encode(.create, of: table, new: ["1", "x"])
        #expect(try fixture.encoder.endTransaction(at: position, into: &fixture.sink) == 0)
        #expect(fixture.sink.records.count == 1)
        #expect(fixture.sink.records[0].value?.contains(#""transaction":null"#) == true)
    }

    @Test("rows of a snapshot do not count in a transaction that is open meanwhile")
    func readsDoNotCount() throws {
        var fixture = EncoderFixture { $0.transactionMetadata = true }
        let table = try fixture.define()
        let position = fixture.position
        _ = try fixture.encoder.beginTransaction(id: 737, at: position, into: &fixture.sink)
        try fixture.encode(.read, of: table, new: ["1", "x"])
        #expect(fixture.encoder.transaction?.eventCount == 0)
        #expect(fixture.sink.records[1].value?.contains(#""transaction":null"#) == true)
    }

    @Test(
        "a message's content follows binary.handling.mode",
        arguments: [
            (BinaryHandling.bytes, "+/8="), (.base64, "+/8="), (.base64URLSafe, "-_8="), (.hex, "fbff"),
        ])
    func message(binary: BinaryHandling, content: String) throws {
        var fixture = EncoderFixture { $0.binary = binary }
        let bytes: [UInt8] = [0xFB, 0xFF]
        let prefix = Array("audit".utf8)
        let position = fixture.position
        let count = try fixture.encoder.encodeMessage(
            prefix: prefix.span, content: bytes.span, isTransactional: true, at: position, into: &fixture.sink)
        #expect(count == 1)
        let record = fixture.sink.records[0]
        #expect(record.topic == "shop.message")
        #expect(record.key == #"{"prefix":"audit"}"#)
        #expect(record.value?.hasPrefix(#"{"op":"m","ts_ms":1795247169038,"source":{"version":"1.0.0","#) == true)
        #expect(record.value?.contains(#""schema":"","table":"","txId":737,"lsn":26582216,"#) == true)
        #expect(
            record.value?.hasSuffix(#","transaction":null,"message":{"prefix":"audit","content":"\#(content)"}}"#)
                == true)
        #expect(record.headers == [])
    }

    @Test("heartbeats and notifications have their own topics, keys and schemas")
    func heartbeat() throws {
        var fixture = EncoderFixture {
            $0.notificationTopic = "shop.notifications"
            $0.keyFormat.schemasEnabled = true
        }
        _ = try fixture.encoder.encodeHeartbeat(into: &fixture.sink)
        _ = try fixture.encoder.encodeNotification(
            id: "u", type: "STARTED", aggregateType: "Initial Snapshot", additionalData: [("connector_name", "shop")],
            into: &fixture.sink)
        let records = fixture.sink.records
        #expect(records[0].topic == "__debezium-heartbeat.shop")
        #expect(
            records[0].key
                == #"{"schema":{"type":"struct","fields":[{"type":"string","optional":false,"field":"serverName"}],"#
                + #""optional":false,"name":"io.debezium.connector.common.ServerNameKey","version":1},"#
                + #""payload":{"serverName":"shop"}}"#)
        #expect(records[0].value == #"{"ts_ms":1795247169038}"#)
        #expect(records[1].topic == "shop.notifications")
        #expect(
            records[1].value
                == #"{"id":"u","type":"STARTED","aggregate_type":"Initial Snapshot","#
                + #""additional_data":{"connector_name":"shop"},"timestamp":1795247169038}"#)
    }

    @Test("JSON headers quote strings, and carry a schema where that is asked for")
    func headers() throws {
        for schemas in [false, true] {
            var fixture = EncoderFixture {
                $0.contextHeaders = true
                $0.headerFormat = .json(JSONFormat(schemasEnabled: schemas))
            }
            let table = try fixture.define()
            try fixture.encode(.create, of: table, new: ["1", "x"])
            let task = fixture.sink.records[0].headers[1]
            let expected =
                schemas ? #"{"schema":{"type":"string","optional":false},"payload":"0"}"# : "\"0\""
            #expect(task == "__debezium.context.taskId=" + expected)
        }
    }

    @Test("an incremental snapshot's source has a sequence, and neither transaction nor LSN")
    func incremental() throws {
        var fixture = EncoderFixture()
        let table = try fixture.define()
        fixture.position.snapshot = .incremental
        fixture.position.transactionID = nil
        fixture.position.lsn = nil
        try fixture.encode(.read, of: table, new: ["1", "x"])
        let value = try #require(fixture.sink.records[0].value)
        #expect(value.contains(#""snapshot":"incremental","db":"inventory","sequence":"[\"26582100\",\"26582216\"]""#))
        #expect(value.contains(#""txId":null,"lsn":null,"xmin":null,"#))
    }
}
