import DebeziumFormat
import SchemaStore
import Testing

@testable import TailraceCommands

@Suite("What a registry's refusal means for capture")
struct RegistryAccessTests {
    @Test(
        "codes say whether to wait, and an incompatible schema names the version",
        arguments: [
            (409, SchemaRegistrationError.Code.incompatible), (42201, .refused), (401, .refused), (40301, .refused),
            (50001, .unavailable), (429, .unavailable), (40403, .refused),
        ])
    func codes(_ code: Int, _ expected: SchemaRegistrationError.Code) {
        let request = SchemaRegistration(subject: "s", schema: "{}")
        let error = RegistryAccess.failure(RegistryError(code, "no; {oldSchemaVersion: 3}"), of: request)
        #expect(error.code == expected && error.subject == "s" && error.version == 3)
    }

    @Test("a schema that is not there and must not be registered is missing")
    func missing() {
        let request = SchemaRegistration(subject: "s", schema: "{}", registers: false)
        #expect(RegistryAccess.failure(RegistryError(40403, "Schema not found"), of: request).code == .missing)
    }
}
