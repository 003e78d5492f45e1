import Avro
import SchemaStore
import Testing

@Suite("Registering schemas")
struct RegisteringTests {
    typealias Registry = RegistryUnderTest

    @Test("the same schema has one id under every subject, and a version of its own in each")
    func identifiers() throws {
        var registry = Registry()
        let text = Registry.record(Registry.field)
        #expect(try registry.register("a", text).id == 1)
        #expect(try registry.register("a", text).version == 1)
        let other = try registry.register("b", #"{"name":"R","type":"record","fields":[{"type":"int","name":"a"}]}"#)
        #expect(other.id == 1)
        #expect(other.version == 1)
        #expect(try registry.register("a", Registry.record(Registry.field + Registry.secondWithDefault)).id == 2)
        #expect(registry.store.subjectNames() == ["a", "b"])
        #expect(try registry.store.versionNumbers("a", filter: .active) == [1, 2])
        let uses = try registry.store.uses(ofID: 1, subject: nil, filter: .active)
        #expect(uses == [.init(subject: "a", version: 1), .init(subject: "b", version: 1)])
    }

    @Test("a schema that breaks the level is refused with path, rule and a default that would mend it")
    func incompatible() throws {
        var registry = Registry()
        try registry.register("s", Registry.record(Registry.field))
        let error = #expect(throws: RegistryError.self) {
            try registry.register("s", Registry.record(Registry.field + Registry.second))
        }
        let message = try #require(error?.message)
        #expect(error?.code == 409)
        #expect(message.contains("READER_FIELD_MISSING_DEFAULT_VALUE"))
        #expect(message.contains("/fields/1"))
        #expect(message.contains(#""default": """#))
        #expect(message.contains("compatibility: 'BACKWARD'"))
    }

    @Test(
        "each level looks in its direction and at as many versions as it says",
        arguments: [
            ("NONE", true, true, true), ("BACKWARD", true, false, true), ("FORWARD", false, true, true),
            ("FULL", false, false, true), ("BACKWARD_TRANSITIVE", true, false, false),
            ("FORWARD_TRANSITIVE", false, true, false), ("FULL_TRANSITIVE", false, false, false),
        ])
    func levels(_ level: String, _ mayRemove: Bool, _ mayAdd: Bool, _ forgetsTheFirst: Bool) throws {
        var registry = Registry()
        let one = Registry.record(Registry.field)
        let two = Registry.record(Registry.field + Registry.second)
        try registry.register("removing", two)
        try registry.register("adding", one)
        try registry.set("NONE")
        // Versions of types that never get on with each other: only transitive levels still see the first.
        try registry.register("history", #""int""#)
        try registry.register("history", #""string""#)
        try registry.set(level)
        #expect((code { try registry.register("removing", one) } == nil) == mayRemove)
        #expect((code { try registry.register("adding", two) } == nil) == mayAdd)
        #expect((code { try registry.register("history", #"{"type":"string","p":1}"#) } == nil) == forgetsTheFirst)
    }

    @Test("a subject's level stands before its context's, the registry's and the default")
    func scopes() throws {
        var registry = Registry()
        #expect(registry.store.configInScope("s").compatibility == .backward)
        try registry.set("FULL")
        try registry.set("FORWARD", for: ":.c:")
        try registry.set("NONE", for: ":.c:s")
        #expect(registry.store.configInScope("s").compatibility == .full)
        #expect(registry.store.configInScope(":.c:x").compatibility == .forward)
        #expect(registry.store.configInScope(":.c:s").compatibility == CompatibilityLevel.none)
        #expect(code { _ = try registry.store.config("s") } == 40408)
        #expect(code { try registry.set("SIDEWAYS") } == 42203)
        registry.commit(try registry.store.deleteConfig(":.c:s").records)
        #expect(registry.store.configInScope(":.c:s").compatibility == .forward)
        #expect(code { _ = try registry.store.deleteConfig("s") } == 40401)
    }

    @Test("references are resolved, keep what they refer to from deletion, and are told by what refers to them")
    func references() throws {
        var registry = Registry()
        let inner = Registry.record(Registry.field, name: "n.Inner")
        try registry.register("inner", inner)
        let reference = SchemaReference(name: "n.Inner", subject: "inner", version: 1)
        let outer = Registry.record(#"{"name":"i","type":"n.Inner"}"#, name: "n.Outer")
        #expect(code { try registry.register("outer", outer) } == 42201)
        let schema = try registry.register("outer", outer, references: [reference])
        #expect(
            schema.text == #"{"type":"record","name":"Outer","namespace":"n","fields":[{"name":"i","type":"Inner"}]}"#)
        #expect(try registry.store.referrers(of: "inner", .number(1), filter: .active) == [schema.id])
        #expect(code { _ = try registry.store.deleteVersion("inner", .number(1), isPermanent: false) } == 42206)
        #expect(code { _ = try registry.store.deleteSubject("inner", isPermanent: false) } == 42206)
        let resolved = try registry.store.parse(schema).text(format: "resolved")
        #expect(resolved.contains(#""name":"Inner""#))
        let missing = SchemaReference(name: "n.Inner", subject: "inner", version: 7)
        #expect(code { try registry.register("other", outer, references: [missing]) } == 42201)
    }

    @Test("normalize makes schemas one that differ in the order of their attributes")
    func normalize() throws {
        var registry = Registry()
        let one = #"{"type":"int","b":1,"a":2}"#
        let two = #"{"type":"int","a":2,"b":1}"#
        #expect(try registry.register("plain", one).id != registry.register("plain2", two).id)
        let first = try registry.register("s", one, normalize: true)
        #expect(try registry.register("s", two, normalize: true).id == first.id)
        #expect(try registry.store.lookup("s", SchemaRequest(text: one), normalize: true).version == 1)
    }

    @Test("metadata and rules tell schemas apart and are taken over from the version before")
    func metadata() throws {
        var registry = Registry()
        let text = Registry.record(Registry.field)
        let plain = try registry.register("s", text)
        let owned = try registry.register("s", text, metadata: #"{"properties":{"owner":"x"}}"#)
        #expect(owned.id != plain.id)
        #expect(owned.version == 2)
        let next = try registry.register("s", Registry.record(Registry.field + Registry.secondWithDefault))
        #expect(next.metadata == owned.metadata)
        let latest = try registry.store.latest("s", withProperties: [("owner", "x")], filter: .active)
        #expect(latest.version == 3)
        #expect(code { _ = try SchemaRequest(try JSONValue(parsing: #"{"ruleSet":{"domainRules":[{}]}}"#)) } == 42210)
    }

    @Test("an import keeps the ids it brings, and overwrites none")
    func imports() throws {
        var registry = Registry()
        let (one, two) = (#""int""#, #""string""#)
        #expect(code { try registry.register("s", one, id: 100) } == 42205)
        try registry.set(mode: "IMPORT")
        #expect(try registry.register("s", one, id: 100, version: 5).version == 5)
        #expect(try registry.register("s", two, id: 101, version: 7).id == 101)
        #expect(code { try registry.register("t", two, id: 100) } == 42205)
        #expect(code { try registry.register("t", #""long""#) } == 42205)
        try registry.set(mode: "READWRITE")
        #expect(try registry.register("u", #""long""#).id == 102)
        #expect(code { try registry.set(mode: "IMPORT") } == 42205)
        #expect(code { try registry.set(mode: "IMPORT", isForced: true) } == nil)
        try registry.set(mode: "READONLY")
        #expect(code { try registry.register("v", #""bytes""#) } == 42205)
        #expect(code { _ = try registry.store.deleteSubject("u", isPermanent: false) } == 42205)
        #expect(code { try registry.set(mode: "NAP") } == 42204)
    }

    @Test("contexts have ids of their own")
    func contexts() throws {
        var registry = Registry()
        try registry.register("s", #""int""#)
        let other = try registry.register(":.c:s", #""string""#)
        #expect(other.id == 1)
        #expect(registry.store.contextNames == [".", ".c"])
        #expect(try registry.store.schema(id: 1, subject: nil).text == #""int""#)
        #expect(try registry.store.schema(id: 1, subject: ":.c:").text == #""string""#)
        #expect(registry.store.subjectNames(prefix: ":*:") == ["s", ":.c:s"])
        #expect(registry.store.subjectNames(prefix: ":.c:") == [":.c:s"])
        #expect(registry.store.subjectNames() == ["s"])
        #expect(code { _ = try registry.store.deleteContext(".c") } == 42211)
    }
}
