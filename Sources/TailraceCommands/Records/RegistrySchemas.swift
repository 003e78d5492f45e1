import Avro
import SchemaRegistry
import SchemaStore

/// The schemas of a registry over HTTP.
struct RegistrySchemas: SchemaTextSource {
    let client: SchemaRegistryClient

    func schemaText(_ identifier: Int32) async throws -> String? {
        do throws(RegistryClientError) {
            let answer = try await client.schema(id: Int(identifier))
            return (answer["schemaType"]?.text ?? "AVRO") == "AVRO" ? answer["schema"]?.text : nil
        } catch {
            if case .refused(let refusal) = error, refusal.status == 404 { return nil }
            throw error
        }
    }
}
