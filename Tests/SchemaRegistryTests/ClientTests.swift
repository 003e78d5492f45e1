import Avro
import SchemaRegistry
import SchemaStore
import Testing

@Suite("The registry over HTTP and its client")
struct ClientTests {
    private func client(_ port: Int, user: String? = nil) throws -> SchemaRegistryClient {
        var settings = RegistryClientSettings(urls: ["http://127.0.0.1:\(port)/"])
        settings.userInfo = user
        settings.retryCountMax = 0
        return try SchemaRegistryClient(settings)
    }

    @Test("a schema goes to the registry and comes back by its id; the second time neither needs the registry")
    func roundTrip() async throws {
        let registry = try RegistryUnderTest()
        try await registry.serving { port in
            let client = try client(port)
            let schema = SchemaRequest(text: #"{"type":"int"}"#)
            let id = try await client.register(subject: "a b/c:ü", schema: schema)
            #expect(id == 1)
            #expect(try await client.schema(id: id)["schema"]?.text == #""int""#)
            let asked = registry.service.monitor.current.answerCounts[2]
            _ = try await client.register(subject: "a b/c:ü", schema: schema)
            _ = try await client.schema(id: id)
            #expect(registry.service.monitor.current.answerCounts[2] == asked)
            #expect(try await client.send("GET", "/subjects", nil).array == ["a b/c:ü"])
            let missing = await #expect(throws: RegistryClientError.self) { try await client.schema(id: 9) }
            #expect(missing == .refused(RegistryError(40403, "Schema 9 not found")))
            await client.close()
        }
    }

    @Test("with users set, only they get in")
    func authentication() async throws {
        let registry = try RegistryUnderTest()
        var settings = RegistryServerSettings(port: 0)
        settings.users = ["ann": "pass:word"]
        try await registry.serving(settings) { port in
            for (user, isAdmitted) in [
                ("ann:pass:word", true), ("ann:wrong", false), ("bob:pass:word", false), (nil, false),
            ] {
                let client = try client(port, user: user)
                do {
                    _ = try await client.send("GET", "/subjects", nil)
                    #expect(isAdmitted)
                } catch {
                    #expect(!isAdmitted)
                    #expect(
                        (error as? RegistryClientError)
                            == .refused(RegistryError(401, "the user is unknown or the password is wrong")))
                }
                await client.close()
            }
        }
    }

    @Test("a registry that is not there is told with its address, and another one is tried")
    func unreachable() async throws {
        let registry = try RegistryUnderTest()
        try await registry.serving { port in
            // Nothing listens on port 1.
            var settings = RegistryClientSettings(urls: ["http://127.0.0.1:1", "http://127.0.0.1:\(port)"])
            settings.retryCountMax = 0
            let both = try SchemaRegistryClient(settings)
            #expect(try await both.send("GET", "/subjects", nil).array == [])
            await both.close()
            settings.urls.removeLast()
            let none = try SchemaRegistryClient(settings)
            let error = await #expect(throws: RegistryClientError.self) { try await none.send("GET", "/subjects", nil) }
            #expect(error?.description.contains("127.0.0.1:1") == true)
            await none.close()
        }
        #expect(throws: RegistryClientError.self) {
            try SchemaRegistryClient(RegistryClientSettings(urls: ["ftp://x"]))
        }
    }
}
