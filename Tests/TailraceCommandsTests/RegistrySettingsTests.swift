import SchemaRegistry
import SchemaStore
import Testing

@testable import TailraceCommands

@Suite("The registry's settings and commands")
struct RegistrySettingsTests {
    private let secrets = SecretResolver(environment: ["PW": "hunter2"], readFile: { _ in "" })

    @Test("the settings are read, and nested maps mean the same as dotted names")
    func settings() throws {
        let configuration = try ConfigurationFile.parse(
            """
            schema.registry:
              listen: '[::1]:0'
              compatibility.level: full_transitive
              auth.users: ann:${env:PW},bob:b:c
              ssl: {certificate: /c.pem, key: /k.pem}
            """, secrets: secrets)
        #expect(configuration.isRegistryEnabled)
        #expect(configuration.registry.host == "::1")
        #expect(configuration.registry.port == 0)
        #expect(configuration.registry.defaultCompatibility == .fullTransitive)
        #expect(configuration.registry.users == ["ann": "hunter2", "bob": "b:c"])
        #expect(configuration.registry.tls?.certificateChain == "/c.pem")
        let off = try ConfigurationFile.parse("schema.registry.listen: off\n", secrets: secrets)
        #expect(!off.isRegistryEnabled)
    }

    @Test("what is wrong is named, and passwords are not repeated")
    func problems() {
        func problems(_ text: String) -> [String] {
            do { _ = try ConfigurationFile.parse(text, secrets: secrets) } catch { return error.messages }
            return []
        }
        #expect(
            problems("schema.registry.lisen: x\n").first?.contains("did you mean 'schema.registry.listen'?") == true)
        #expect(problems("schema.registry.compatibility.level: always\n").count == 1)
        #expect(problems("schema.registry.auth.users: hunter2\n").first?.contains("hunter2") == false)
        #expect(problems("schema.registry.ssl.key: /k.pem\n").first?.contains("go together") == true)
    }

    @Test("a diff keeps what stayed and marks what went and what came")
    func lineDiff() {
        #expect(LineDiff.between(["a", "b", "c"], ["a", "x", "c", "d"]) == ["  a", "- b", "+ x", "  c", "+ d"])
        #expect(LineDiff.between([], ["a"]) == ["+ a"])
        #expect(LineDiff.between(["a"], []) == ["- a"])
        #expect(LineDiff.between(["a", "a"], ["a", "a"]) == ["  a", "  a"])
    }
}
