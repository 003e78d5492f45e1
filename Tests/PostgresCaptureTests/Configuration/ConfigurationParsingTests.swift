import ChangeModel
import DebeziumFormat
import Foundation
import PostgresCapture
import RecordTransport
import Testing

@Suite("Connector configuration")
struct ConfigurationParsingTests {
    private static let base = [
        "name": "shop", "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
        "topic.prefix": "dbserver1", "database.hostname": "localhost", "database.user": "app",
        "database.password": " s3cret ", "database.dbname": "inventory",
    ]

    private func parse(_ more: [String: String] = [:]) throws -> CaptureConfiguration {
        try CaptureConfiguration.parse(
            properties: Self.base.merging(more) { _, new in new }, version: "1", runID: "run"
        ).configuration
    }

    private func problems(_ more: [String: String?]) -> [String] {
        var properties = Self.base
        for (name, value) in more { properties[name] = value }
        do {
            _ = try CaptureConfiguration.parse(properties: properties, version: "1", runID: "run")
            return []
        } catch { return error.problems.map(\.message) }
    }

    @Test("defaults are Debezium's and Connect's")
    func defaults() throws {
        let configuration = try parse()
        #expect(configuration.slot.name == "debezium")
        #expect(configuration.publication.name == "dbz_publication")
        #expect(configuration.publication.autocreate == .allTables)
        #expect(configuration.snapshot.mode == .initial)
        #expect(configuration.events.keyFormat.schemasEnabled)
        #expect(configuration.events.valueFormat.schemasEnabled)
        #expect(configuration.events.skippedOperations == [.truncate])
        #expect(configuration.heartbeat.interval == nil)
        #expect(configuration.retries.countMax == nil)
        #expect(configuration.connection.keywords["password"] == " s3cret ")
        #expect(configuration.connection.keywords["sslmode"] == "prefer")
    }

    @Test("an unknown property is refused with the closest known one")
    func unknown() {
        #expect(
            problems(["table.inclde.list": "a"])
                == ["property 'table.inclde.list' is not known; did you mean 'table.include.list'?"])
        #expect(problems(["zzz": "a"]) == ["property 'zzz' is not known"])
    }

    @Test("all errors come at once, each naming property, value and what is accepted")
    func allAtOnce() {
        let found = problems([
            "topic.prefix": nil, "snapshot.mode": "sometimes", "database.port": "99999", "slot.drop.on.stop": "yes",
            "table.include.list": "public.(", "transforms": "unwrap", "plugin.name": "decoderbufs",
        ])
        #expect(found.count == 7)
        #expect(found.contains { $0.hasPrefix("property 'topic.prefix' is required") })
        #expect(found.contains { $0.contains("'snapshot.mode' is 'sometimes'; accepted is always, initial") })
        #expect(found.contains("property 'database.port' is '99999'; accepted is a whole number from 1 to 65535"))
        #expect(found.contains("property 'slot.drop.on.stop' is 'yes'; accepted is true or false"))
        #expect(found.contains("property 'table.include.list': 'public.(' is not a valid regular expression"))
        #expect(found.contains { $0.hasPrefix("property 'transforms' is not supported") })
    }

    @Test("no error shows a password")
    func secrets() {
        let found = problems(["database.password": "hunter2", "database.sslpasswrd": "hunter2", "x": "y"])
        #expect(!found.isEmpty)
        #expect(!found.joined().contains("hunter2"))
    }

    @Test("lists are anchored expressions without regard to case, with escaped commas")
    func filters() throws {
        let filters = try parse(["table.include.list": #"public\.cust.*, Sales.invoices,public.a\,b"#]).filters
        func included(_ schema: String, _ table: String) -> Bool {
            filters.isTableIncluded(TableID(schema: schema, table: table))
        }
        #expect(included("public", "customers"))
        #expect(included("sales", "INVOICES"))
        #expect(included("public", "a,b"))
        #expect(!included("xpublic", "customers"))
        #expect(!included("sales", "invoices2"))
        #expect(filters.hasTableFilter)
        #expect(!(try parse().filters.hasTableFilter))
        #expect(!problems(["table.include.list": "a.b", "table.exclude.list": "c.d"]).isEmpty)
    }

    @Test("the signal table is captured whatever the lists say, the server's own tables never")
    func signalTable() throws {
        let filters = try parse([
            "table.include.list": "public.customers", "signal.data.collection": "public.debezium_signal",
        ]).filters
        #expect(filters.isTableIncluded(TableID(schema: "public", table: "debezium_signal")))
        let all = try parse().filters
        #expect(!all.isTableIncluded(TableID(schema: "pg_catalog", table: "pg_class")))
        #expect(all.isTableIncluded(TableID(schema: "public", table: "pg_class")))
    }

    @Test("message.key.columns keeps the order in which columns are listed")
    func messageKeys() throws {
        let events = try parse(["message.key.columns": #"public.customers:region,name;(.*)\.invoices:amount"#]).events
        let columns = ["id", "name", "region", "amount"]
        #expect(events.messageKeyColumns(TableID(schema: "public", table: "customers"), columns) == ["region", "name"])
        #expect(events.messageKeyColumns(TableID(schema: "sales", table: "invoices"), columns) == ["amount"])
        #expect(events.messageKeyColumns(TableID(schema: "sales", table: "orders"), columns) == nil)
    }

    @Test("masks, hashes and truncations are read from the properties' names")
    func transforms() throws {
        let events = try parse([
            "column.mask.with.4.chars": "public.customers.ssn",
            "column.mask.hash.v2.SHA-256.with.salt.CzQMA0cB5K": "public.customers.name",
            "column.mask.hash.SHA-1.with.salt.a.b": "public.customers.email",
            "column.truncate.to.3.chars": "public.customers.data",
        ]).events
        let table = TableID(schema: "public", table: "customers")
        #expect(events.columnTransform(table, "ssn") == .mask(characters: 4))
        #expect(events.columnTransform(table, "name") == .hash(algorithm: "SHA-256", salt: "CzQMA0cB5K", v2: true))
        #expect(events.columnTransform(table, "email") == .hash(algorithm: "SHA-1", salt: "a.b", v2: false))
        #expect(events.columnTransform(table, "data") == .truncate(characters: 3))
        #expect(events.columnTransform(table, "id") == nil)
        #expect(problems(["column.mask.with.x.chars": "a"]).count == 1)
        #expect(problems(["column.mask.hash.ROT13.with.salt.x": "a"]).count == 1)
    }

    @Test("replica identities, select overrides, initial statements and topic groups keep their parts")
    func structured() throws {
        let configuration = try parse([
            "replica.identity.autoset.values": "public.a:FULL, public.b.*:INDEX b_key",
            "snapshot.select.statement.overrides": "public.orders",
            "snapshot.select.statement.overrides.public.orders": "SELECT id FROM public.orders WHERE id > 4",
            "database.initial.statements": "SET a = 'x;;y'; SET b = 1",
            "topic.creation.default.partitions": "3", "topic.creation.groups": "compacted",
            "topic.creation.compacted.include": #"dbserver1\.public\.c.*"#,
            "topic.creation.compacted.cleanup.policy": "compact",
        ])
        #expect(configuration.publication.replicaIdentity(TableID(schema: "public", table: "a")) == .full)
        #expect(configuration.publication.replicaIdentity(TableID(schema: "public", table: "b2")) == .index("b_key"))
        #expect(configuration.publication.replicaIdentity(TableID(schema: "public", table: "c")) == nil)
        #expect(
            configuration.snapshot.selectOverrides[TableID(schema: "public", table: "orders")]
                == "SELECT id FROM public.orders WHERE id > 4")
        #expect(configuration.connection.initialStatements == ["SET a = 'x;y'", "SET b = 1"])
        #expect(configuration.topics.settings("dbserver1.public.orders").partitionCount == 3)
        let compacted = configuration.topics.settings("dbserver1.public.customers")
        #expect(compacted.configuration == ["cleanup.policy": "compact"])
        #expect(compacted.partitionCount == 3)
        #expect(problems(["snapshot.select.statement.overrides": "public.orders"]).count == 1)
    }

    @Test("every golden connector without transforms or another converter is accepted, and no other")
    func golden() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "ConformanceTests/Golden")
        for scenario in try FileManager.default.contentsOfDirectory(atPath: folder.path()) {
            let file = folder.appending(path: "\(scenario)/connector.properties")
            guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
            var properties = Self.base.merging(JavaProperties.parse(text)) { _, new in new }
            properties["name"] = scenario
            let transforms = properties["transforms"] != nil
            let foreign = ["key.converter", "value.converter"].contains {
                properties[$0].map { !$0.hasSuffix(".JsonConverter") && !$0.hasSuffix(".AvroConverter") } ?? false
            }
            do {
                _ = try CaptureConfiguration.parse(properties: properties, version: "1", runID: "run")
                #expect(!transforms && !foreign, "\(scenario) needs what is not there")
            } catch { #expect(transforms || foreign, "\(scenario): \(error)") }
        }
    }

    @Test("AvroConverter's properties are read, and what cannot be done is refused by name")
    func avroConverter() throws {
        let configuration = try parse([
            "value.converter": "io.confluent.connect.avro.AvroConverter",
            "value.converter.schema.registry.url": "https://app:p%40ss@registry:8081, http://other",
            "value.converter.auto.register.schemas": "false", "value.converter.connect.meta.data": "false",
            "value.converter.value.subject.name.strategy":
                "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy",
        ])
        #expect(configuration.keyRegistry == nil && configuration.events.keyAvro == nil)
        #expect(configuration.valueRegistry?.addresses == ["https://registry:8081", "http://other"])
        #expect(configuration.valueRegistry?.userInfo == "app:p@ss")
        var format = AvroFormat()
        format.registers = false
        format.hasConnectMetaData = false
        format.subjectNaming = .topicRecord
        #expect(configuration.events.valueAvro == format)
        #expect(try parse(["key.converter": "avro"]).keyRegistry == ConverterRegistry())

        let avro = ["key.converter": "io.confluent.connect.avro.AvroConverter"]
        for (property, value) in [
            ("use.latest.version", "true"), ("use.schema.id", "7"), ("schema.registry.ssl.keystore.location", "x"),
            ("proxy.host", "p"), ("schema.registry.url", "registry:8081"), ("key.subject.name.strategy", "mine"),
            ("basic.auth.credentials.source", "USER_INFO"), ("bearer.auth.credentials.source", "STATIC_TOKEN"),
        ] {
            let found = problems(avro.merging(["key.converter.\(property)": value]) { $1 })
            #expect(found.count == 1, "\(property): \(found)")
        }
        #expect(problems(["value.converter": "io.confluent.connect.protobuf.ProtobufConverter"]).count == 1)
    }

    @Test("Java properties: comments, escapes and continued lines")
    func javaProperties() {
        let text = "# comment\n! too\na=b\\\\.c\nlong = one,\\\n   two\nu=\\u00e9\n k : v\r\nempty=\n"
        #expect(
            JavaProperties.parse(text) == ["a": #"b\.c"#, "long": "one,two", "u": "é", "k": "v", "empty": ""])
    }

    @Test("property names are unique, and each default is accepted by its own property")
    func registry() {
        var names: Set<String> = []
        for definition in PropertyRegistry.all {
            #expect(names.insert(definition.name).inserted, "\(definition.name) stands twice")
            #expect(definition.summary.hasSuffix("."))
            if let value = definition.defaultValue, !definition.isFamily {
                #expect(problems([definition.name: value]) == [], "\(definition.name)")
            }
        }
    }
}
