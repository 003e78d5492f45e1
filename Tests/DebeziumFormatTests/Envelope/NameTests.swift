import ChangeModel
import Testing

@testable import DebeziumFormat

@Suite("Names")
struct NameTests {
    @Test(
        "topics keep what Kafka allows and put an underscore for each UTF-16 unit of the rest",
        arguments: [
            ("public", "MixedCase", "shop.public.MixedCase"), ("public", "with space", "shop.public.with_space"),
            ("Größe", "Maß", "shop.Gr__e.Ma_"), ("public", "quo\"te", "shop.public.quo_te"),
            ("public", "with-dash", "shop.public.with-dash"), ("sch.dot", "tab.le", "shop.sch.dot.tab.le"),
            ("public", "emoji😀", "shop.public.emoji__"),
        ])
    func topics(schema: String, table: String, topic: String) {
        let configuration = EventConfiguration(topicPrefix: "shop", databaseName: "db", version: "1", runID: "r")
        #expect(TopicNames(configuration).table(TableID(schema: schema, table: table)) == topic)
    }

    @Test("the delimiter and the naming strategy decide every topic but that of messages")
    func strategies() {
        var configuration = EventConfiguration(topicPrefix: "shop", databaseName: "db", version: "1", runID: "r")
        configuration.topicDelimiter = "-"
        configuration.transactionTopic = "tx"
        configuration.heartbeatTopicPrefix = "__beats"
        var names = TopicNames(configuration)
        #expect(names.table(TableID(schema: "public", table: "orders")) == "shop-public-orders")
        #expect(names.transaction == "shop-tx")
        #expect(names.heartbeat == "__beats-shop")
        #expect(names.message == "shop.message")
        configuration.topicNaming = .default
        names = TopicNames(configuration)
        #expect(names.table(TableID(schema: "public", table: "orders")) == "shop-orders")
    }

    @Test(
        "field names become Avro names",
        arguments: [
            ("1", "_1", "_u0031"), ("2nd", "_2nd", "_u0032nd"), ("the id", "the_id", "the_u0020id"),
            ("__dunder", "__dunder", "_u005f_u005fdunder"), ("schlüssel", "schl_ssel", "schl_u00fcssel"),
            ("値", "_", "_u5024"), ("зна", "___", "_u437_u43d_u430"), ("emoji😀", "emoji__", "emoji_ud83d_ude00"),
            ("x.y", "x_y", "x_u002ey"), ("plain", "plain", "plain"), ("", "", ""),
        ])
    func fieldNames(name: String, avro: String, unicode: String) {
        #expect(NameAdjustment.none.adjust(fieldName: name) == name)
        #expect(NameAdjustment.avro.adjust(fieldName: name) == avro)
        #expect(NameAdjustment.avroUnicode.adjust(fieldName: name) == unicode)
    }

    @Test(
        "schema names keep their dots, and digits behind the first letter",
        arguments: [
            ("shop.public.1digit.Value", "shop.public.1digit.Value", "shop.public.1digit.Value"),
            ("shop.public.with-dash.Key", "shop.public.with_dash.Key", "shop.public.with_u002ddash.Key"),
            ("shop.My_Schema.T", "shop.My_Schema.T", "shop.My_u005fSchema.T"), ("1shop.t", "_shop.t", "_u0031shop.t"),
        ])
    func schemaNames(name: String, avro: String, unicode: String) {
        #expect(NameAdjustment.avro.adjust(schemaName: name) == avro)
        #expect(NameAdjustment.avroUnicode.adjust(schemaName: name) == unicode)
    }

    @Test("a Java HashMap's order is that of its buckets, and of insertion within one")
    func hashOrder() {
        func ordered(_ keys: [String]) -> [String] { JavaHashMapOrder.indices(of: keys).map { keys[$0] } }
        #expect(
            ordered(["public.accounts", "public.transfers", "public.audit"])
                == ["public.transfers", "public.accounts", "public.audit"])
        // "Aa" and "BB" have the same hash code.
        #expect(ordered(["BB", "Aa"]) == ["BB", "Aa"])
        #expect(ordered(["Aa", "BB"]) == ["Aa", "BB"])
        #expect(JavaHashMapOrder.hash("hello") == 99_162_322)
        let many = (0..<100).map { "key\($0)" }
        #expect(Set(ordered(many)) == Set(many))
    }
}
