import Avro
import CommitLog
import SchemaRegistry
import SchemaStore
import TailraceTesting
import Testing

@Suite("The registry's API")
struct APITests {
    typealias Registry = RegistryUnderTest
    private static let user = #"{"type":"record","name":"User","fields":[{"name":"name","type":"string"}]}"#
    private static let userStored =
        #"{\"type\":\"record\",\"name\":\"User\",\"fields\":[{\"name\":\"name\",\"type\":\"string\"}]}"#
    private static let aged =
        #"{"type":"record","name":"User","fields":[{"name":"name","type":"string"},{"name":"age","type":"int"}]}"#

    @Test("register, read, look up, list: the answers are those of Confluent's registry")
    func basics() async throws {
        let registry = try Registry()
        #expect(try await registry.ask(.get, "/") == (200, "{}"))
        #expect(
            try await registry.ask(.post, "/subjects/u-value/versions", Registry.body(Self.user)) == (200, #"{"id":1}"#)
        )
        #expect(try await registry.ask(.get, "/subjects") == (200, #"["u-value"]"#))
        #expect(try await registry.ask(.get, "/subjects/u-value/versions") == (200, "[1]"))
        let entity = #"{"subject":"u-value","version":1,"id":1,"schema":"\#(Self.userStored)"}"#
        #expect(try await registry.ask(.get, "/subjects/u-value/versions/latest") == (200, entity))
        #expect(try await registry.ask(.post, "/subjects/u-value", Registry.body(Self.user)) == (200, entity))
        #expect(try await registry.ask(.get, "/schemas") == (200, "[\(entity)]"))
        #expect(try await registry.ask(.get, "/subjects/u-value/versions/1/schema") == (200, Self.user))
        #expect(try await registry.ask(.get, "/schemas/ids/1") == (200, #"{"schema":"\#(Self.userStored)"}"#))
        #expect(try await registry.ask(.get, "/schemas/ids/1/schema") == (200, Self.user))
        #expect(try await registry.ask(.get, "/schemas/ids/1/subjects") == (200, #"["u-value"]"#))
        #expect(
            try await registry.ask(.get, "/schemas/ids/1/versions") == (200, #"[{"subject":"u-value","version":1}]"#))
        #expect(try await registry.ask(.get, "/contexts") == (200, #"["."]"#))
        #expect(try await registry.ask(.get, "/config") == (200, #"{"compatibilityLevel":"BACKWARD"}"#))
        #expect(try await registry.ask(.get, "/mode") == (200, #"{"mode":"READWRITE"}"#))
        #expect(try await registry.ask(.delete, "/subjects/u-value") == (200, "[1]"))
        #expect(try await registry.ask(.get, "/subjects?deleted=true") == (200, #"["u-value"]"#))
        #expect(try await registry.ask(.delete, "/subjects/u-value?permanent=true") == (200, "[1]"))
        let full = try await registry.ask(
            .post, "/subjects/v/versions", Registry.body(Self.user), isNewClient: true)
        #expect(full.body.hasPrefix(#"{"id":2,"version":1,"guid":""#))
    }

    @Test(
        "what cannot be done is answered with Confluent's status and code",
        arguments: [
            ("GET", "/subjects/none/versions", "", 404, 40401), ("GET", "/subjects/u/versions/9", "", 404, 40402),
            ("GET", "/schemas/ids/9", "", 404, 40403), ("GET", "/subjects/u/versions/zero", "", 422, 42202),
            ("GET", "/subjects/u/versions/0", "", 422, 42202), ("GET", "/config/u", "", 404, 40408),
            ("GET", "/mode/u", "", 404, 40409), ("DELETE", "/subjects/u?permanent=true", "", 404, 40405),
            ("PUT", "/config", #"{"compatibility":"ALWAYS"}"#, 422, 42203),
            ("PUT", "/mode", #"{"mode":"ASLEEP"}"#, 422, 42204), ("PUT", "/mode", #"{"mode":"IMPORT"}"#, 422, 42205),
            ("POST", "/subjects/u/versions", #"{"schema":"{"}"#, 422, 42201),
            ("POST", "/subjects/u/versions", #"{"schema":""}"#, 409, 409),
            ("POST", "/subjects/u/versions", #"{"schema":"\"int\"","schemaType":"XML"}"#, 422, 42201),
            ("POST", "/subjects/u/versions", #"{"schema":"\"int\"","id":7}"#, 422, 42205),
            ("POST", "/subjects/u/versions", "", 422, 422),
            ("POST", "/subjects/u", #"{"schema":"\"int\""}"#, 404, 40403),
            ("POST", "/subjects/none", #"{"schema":"\"int\""}"#, 404, 40401), ("GET", "/nowhere", "", 404, 404),
            ("PUT", "/subjects", "{}", 405, 405), ("GET", "/subjects/%zz/versions", "", 400, 400),
            ("POST", "/subjects/u/versions", #"{"schema":"\"int\""}"#, 409, 409),
        ])
    func errors(_ method: String, _ target: String, _ body: String, _ status: Int, _ code: Int) async throws {
        let registry = try Registry()
        _ = try await registry.ask(.post, "/subjects/u/versions", Registry.body(Self.user))
        // An empty text stands for the version before, which is registered already.
        if body == #"{"schema":""}"# {
            #expect(try await registry.ask(.post, target, body).status == 200)
            return
        }
        let answer = try await registry.ask(
            try #require(RegistryRequest.Method(rawValue: method)), target, body.isEmpty ? nil : body)
        #expect(answer.status == status, "\(answer.body)")
        if status != 400 { #expect(answer.body.hasPrefix(#"{"error_code":\#(code),"message":""#), "\(answer.body)") }
    }

    @Test("a check tells what is wrong and how to mend it, and changes nothing")
    func compatibility() async throws {
        let registry = try Registry()
        _ = try await registry.ask(.post, "/subjects/u/versions", Registry.body(Self.user))
        let path = "/compatibility/subjects/u/versions"
        #expect(try await registry.ask(.post, path, Registry.body(Self.user)) == (200, #"{"is_compatible":true}"#))
        let verbose = try await registry.ask(.post, path + "/latest?verbose=true", Registry.body(Self.aged))
        #expect(
            verbose.body.hasPrefix(
                #"{"is_compatible":false,"messages":["{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE'"#))
        #expect(verbose.body.contains(#"\"default\": 0"#))
        #expect(try await registry.ask(.get, "/subjects/u/versions").body == "[1]")
        #expect(try await registry.ask(.post, path + "/7", Registry.body(Self.aged)).status == 404)
        #expect(
            try await registry.ask(.put, "/config/u", #"{"compatibility":"none"}"#) == (
                200, #"{"compatibility":"NONE"}"#
            ))
        #expect(try await registry.ask(.post, path, Registry.body(Self.aged)) == (200, #"{"is_compatible":true}"#))
        #expect(try await registry.ask(.get, "/config/u") == (200, #"{"compatibilityLevel":"NONE"}"#))
        #expect(try await registry.ask(.get, "/config/x?defaultToGlobal=true").status == 200)
    }

    @Test("a context's path and a qualified subject mean the same")
    func contexts() async throws {
        let registry = try Registry()
        _ = try await registry.ask(.post, "/contexts/.c/subjects/s/versions", Registry.body(Self.user))
        #expect(try await registry.ask(.get, "/subjects/%3A.c%3As/versions") == (200, "[1]"))
        #expect(try await registry.ask(.get, "/subjects") == (200, #"[":.c:s"]"#))
        #expect(try await registry.ask(.get, "/subjects?subjectPrefix=s") == (200, "[]"))
        #expect(try await registry.ask(.get, "/contexts/c/subjects") == (200, #"[":.c:s"]"#))
        #expect(try await registry.ask(.get, "/schemas/ids/1?subject=:.c:").status == 200)
        #expect(try await registry.ask(.get, "/schemas/ids/1").status == 404)
        #expect(try await registry.ask(.get, "/schemas/ids/1?subject=s").status == 200)
    }

    @Test("a power cut after an answer takes nothing of it")
    func restart() async throws {
        let registry = try Registry()
        for number in 0..<20 {
            let schema = #"{"type":"int","p":\#(number)}"#
            #expect(
                try await registry.ask(.post, "/subjects/s\(number % 3)/versions", Registry.body(schema)).status == 200)
        }
        _ = try await registry.ask(.delete, "/subjects/s1")
        _ = try await registry.ask(.put, "/config/s2", #"{"compatibility":"FULL"}"#)
        let before = try await registry.ask(.get, "/schemas?deleted=true")
        registry.disk.restart()
        let again = try Registry(disk: registry.disk)
        #expect(try await again.ask(.get, "/schemas?deleted=true") == before)
        #expect(try await again.ask(.get, "/config/s2").status == 200)
        #expect(
            try await again.ask(.post, "/subjects/new/versions", Registry.body(#""bytes""#)) == (200, #"{"id":21}"#))
    }

    @Test("requests at once get one id a schema, and ids without gaps")
    func concurrency() async throws {
        let registry = try Registry()
        let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<60 {
                group.addTask {
                    let schema = Registry.body(#"{"type":"int","p":\#(number % 10)}"#)
                    return try await registry.ask(.post, "/subjects/s\(number)/versions", schema).body
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(ids == Set((1...10).map { #"{"id":\#($0)}"# }))
        #expect(registry.service.monitor.current.registrationCount == 60)
    }

    @Test("a full disk is told as a failure of the store, changes nothing, and passes")
    func diskFull() async throws {
        let registry = try Registry()
        _ = try await registry.ask(.post, "/subjects/s/versions", Registry.body(#""int""#))
        registry.disk.byteCountMax = 0
        let answer = try await registry.ask(.post, "/subjects/t/versions", Registry.body(#""long""#))
        #expect(answer.status == 500)
        #expect(answer.body.hasPrefix(#"{"error_code":50001"#))
        #expect(try await registry.ask(.get, "/subjects") == (200, #"["s"]"#))
        registry.disk.byteCountMax = nil
        #expect(try await registry.ask(.post, "/subjects/t/versions", Registry.body(#""long""#)) == (200, #"{"id":2}"#))
    }
}
