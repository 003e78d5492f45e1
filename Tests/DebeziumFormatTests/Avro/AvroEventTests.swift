import ChangeModel
import Synchronization
import Testing

@testable import DebeziumFormat

@Suite("Events in Avro")
struct AvroEventTests {
    /// Numbers what it is asked for, and fails when it is told to.
    private final class Registry: SchemaRegistering {
        let requests = Mutex<[SchemaRegistration]>([])
        let failure = Mutex<SchemaRegistrationError?>(nil)

        func identifier(of request: SchemaRegistration) throws(SchemaRegistrationError) -> Int32 {
            if let error = failure.withLock({ $0 }) { throw error }
            return requests.withLock { requests in
                requests.append(request)
                return Int32(requests.count)
            }
        }
    }

    private func fixture(_ registry: Registry, keys: Bool = true) -> EncoderFixture {
        EncoderFixture { configuration in
            if keys { configuration.keyAvro = AvroFormat() }
            configuration.valueAvro = AvroFormat()
            configuration.keySchemas = registry
            configuration.valueSchemas = registry
        }
    }

    @Test("schemas are registered before a table's first event, the key's first, and once")
    func registration() throws {
        let registry = Registry()
        var fixture = fixture(registry)
        let table = try fixture.define()
        #expect(registry.requests.withLock(\.count) == 0)
        try fixture.encode(.create, of: table, new: ["1", "a"])
        try fixture.encode(.create, of: table, new: ["2", nil])
        #expect(
            registry.requests.withLock { $0.map(\.subject) } == ["shop.public.items-key", "shop.public.items-value"])
        let wider = try fixture.define(columns: ["id int!", "name text", "note text"])
        try fixture.encode(.create, of: wider, new: ["3", nil, nil])
        #expect(registry.requests.withLock { $0.last?.subject } == "shop.public.items-value")
        // The key's schema is the same text, and known.
        #expect(registry.requests.withLock(\.count) == 3)
    }

    @Test("a key is a zero, the schema's identifier and the fields; the header beside it stays JSON")
    func key() throws {
        let registry = Registry()
        var fixture = fixture(registry)
        let table = try fixture.define()
        try fixture.encode(.update, of: table, old: ["1", "a"], new: ["2", "a"])
        let keys = fixture.sink.records.map { $0.key.map { Array($0.utf8) } }
        #expect(keys == [[0, 0, 0, 0, 1, 2], [0, 0, 0, 0, 1, 2], [0, 0, 0, 0, 1, 4]])
        #expect(fixture.sink.records.map(\.headers).first == [#"__debezium.newkey={"id":2}"#])
    }

    @Test("keys may stay JSON beside values in Avro")
    func mixed() throws {
        let registry = Registry()
        var fixture = fixture(registry, keys: false)
        let table = try fixture.define()
        try fixture.encode(.create, of: table, new: ["1", "a"])
        #expect(fixture.sink.records.first?.key == #"{"id":1}"#)
        #expect(registry.requests.withLock { $0.map(\.subject) } == ["shop.public.items-value"])
    }

    @Test("a registry that is away fails the change, which succeeds when it is back")
    func away() throws {
        let registry = Registry()
        registry.failure.withLock {
            $0 = SchemaRegistrationError(code: .unavailable, subject: "shop.public.items-key", detail: "no answer")
        }
        var fixture = fixture(registry)
        let table = try fixture.define()
        do {
            try fixture.encode(.create, of: table, new: ["1", "a"])
            Issue.record("an event without an identifier")
        } catch let error as EncodeError {
            #expect(error.code == .schema && error.registration?.code == .unavailable)
        }
        #expect(fixture.sink.records.isEmpty)
        registry.failure.withLock { $0 = nil }
        #expect(try fixture.encode(.create, of: table, new: ["1", "a"]) == 1)
    }
}
