import Avro
import SchemaStore
import Testing

@Suite("Deleting schemas")
struct DeletingTests {
    typealias Registry = RegistryUnderTest

    @Test("a soft deletion hides, a hard one needs it before and forgets")
    func twoSteps() throws {
        var registry = Registry()
        try registry.register("s", #""int""#)
        try registry.register("s", #""long""#)
        #expect(code { _ = try registry.store.deleteSubject("s", isPermanent: true) } == 40405)
        #expect(code { _ = try registry.store.deleteVersion("s", .number(1), isPermanent: true) } == 40407)
        registry.commit(try registry.store.deleteVersion("s", .number(1), isPermanent: false).records)
        #expect(code { _ = try registry.store.deleteVersion("s", .number(1), isPermanent: false) } == 40406)
        #expect(code { _ = try registry.store.schema("s", .number(1)) } == 40402)
        #expect(try registry.store.schema("s", .number(1), filter: .all).isDeleted)
        #expect(try registry.store.schema(id: 1, subject: nil).text == #""int""#)
        registry.commit(try registry.store.deleteSubject("s", isPermanent: false).records)
        #expect(code { _ = try registry.store.deleteSubject("s", isPermanent: false) } == 40404)
        #expect(code { _ = try registry.store.versionNumbers("s", filter: .active) } == 40401)
        #expect(try registry.store.versionNumbers("s", filter: .all) == [1, 2])
        let (versions, records) = try registry.store.deleteSubject("s", isPermanent: true)
        #expect(versions == [1, 2])
        registry.commit(records)
        #expect(code { _ = try registry.store.schema(id: 1, subject: nil) } == 40403)
        #expect(code { _ = try registry.store.deleteSubject("s", isPermanent: true) } == 40401)
        // The highest id ever given out counts on, not the highest in use.
        #expect(try registry.register("s", #""bytes""#).id == 3)
    }

    @Test("a schema that is registered again after its soft deletion keeps its id and gets the next version")
    func again() throws {
        var registry = Registry()
        try registry.register("s", #""int""#)
        registry.commit(try registry.store.deleteSubject("s", isPermanent: false).records)
        let schema = try registry.register("s", #""int""#)
        #expect(schema.id == 1)
        #expect(schema.version == 2)
        #expect(try registry.store.versionNumbers("s", filter: .all) == [2])
    }
}

@Suite("The registry's records")
struct RecordTests {
    typealias Registry = RegistryUnderTest

    @Test("they are written as Confluent's registry writes them")
    func format() throws {
        var registry = Registry()
        try registry.register("s", #""int""#)
        try registry.set("FULL", for: "s")
        try registry.set("NONE")
        try registry.set(mode: "READONLY", for: "x")
        registry.commit(try registry.store.deleteSubject("s", isPermanent: false).records)
        #expect(
            registry.journal.map(\.key) == [
                #"{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}"#,
                #"{"keytype":"CONFIG","subject":"s","magic":0}"#, #"{"keytype":"CONFIG","magic":0}"#,
                #"{"keytype":"MODE","subject":"x","magic":0}"#,
                #"{"keytype":"DELETE_SUBJECT","subject":"s","magic":0}"#,
                #"{"keytype":"CONFIG","subject":"s","magic":0}"#,
            ])
        #expect(
            registry.journal.map(\.value) == [
                #"{"subject":"s","version":1,"id":1,"md5":"71JOobkecxc9k4reNsHbMg==","schema":"\"int\"","deleted":false}"#,
                #"{"subject":"s","compatibilityLevel":"FULL"}"#, #"{"compatibilityLevel":"NONE"}"#,
                #"{"subject":"x","mode":"READONLY"}"#, #"{"subject":"s","version":1}"#, nil,
            ])
    }

    @Test("records of other writers are read: null subjects, unknown members, kinds we do not have")
    func foreign() throws {
        func parse(_ key: String, _ value: String?) throws -> RegistryRecord? {
            try RegistryRecord.parse(
                key: try JSONValue(parsing: key), value: try value.map { try JSONValue(parsing: $0) })
        }
        #expect(
            try parse(#"{"keytype":"CONFIG","subject":null,"magic":0}"#, #"{"compatibilityLevel":"FULL"}"#)
                == .config(subject: nil, RegistryConfig(compatibility: .full)))
        #expect(try parse(#"{"keytype":"NOOP","magic":0}"#, nil) == .noop)
        #expect(try parse(#"{"keytype":"ASSOC","magic":0}"#, "{}") == nil)
        #expect(throws: RegistryRecordError.self) { try parse(#"{"keytype":"SCHEMA","subject":"s"}"#, "{}") }
        let schema = try parse(
            #"{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}"#,
            #"{"subject":"s","version":1,"id":9,"schema":"\"int\"","deleted":true,"offset":3,"ts":4}"#)
        guard case .schema(let stored) = schema else {
            Issue.record("not a schema")
            return
        }
        #expect(stored.id == 9)
        #expect(stored.isDeleted)
    }

    @Test("the state after a restart equals the state before, from the whole topic and from its compacted form")
    func replay() throws {
        var registry = Registry()
        for number in 0..<5 {
            try registry.register("s\(number % 2)", Registry.record(Registry.field, name: "R\(number % 2)"))
            try registry.register(":.c:s", #"{"type":"int","p":\#(number)}"#)
        }
        try registry.set("FULL", for: "s0")
        registry.commit(try registry.store.deleteSubject("s1", isPermanent: false).records)
        registry.commit(try registry.store.deleteSubject("s1", isPermanent: true).records)
        registry.commit(try registry.store.deleteVersion(":.c:s", .number(2), isPermanent: false).records)
        let replayed = try registry.replayed()
        let prefix = QualifiedSubject.allContexts
        #expect(
            replayed.schemas(prefix: prefix, latestOnly: false, filter: .all)
                == registry.store.schemas(prefix: prefix, latestOnly: false, filter: .all))
        #expect(replayed.contextNames == registry.store.contextNames)
        #expect(replayed.configInScope("s0") == registry.store.configInScope("s0"))
        #expect(replayed.counts == registry.store.counts)
    }
}
