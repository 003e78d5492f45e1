import ArgumentParser
import Avro
import Foundation
import SchemaRegistry
import SchemaStore

/// Which registry a command talks to, and how.
struct RegistryLocation: ParsableArguments {
    @Option(name: .customLong("registry"), help: "The registry's URLs, with commas between.")
    var urls = ProcessInfo.processInfo.environment["SCHEMA_REGISTRY_URL"] ?? "http://127.0.0.1:8081"
    @Option(name: .customLong("ca"), help: "A PEM file of authorities to trust.")
    var trustRoots: String?
    @Option(name: .customLong("cert"), help: "A PEM file with a client certificate.")
    var certificate: String?
    @Option(name: .customLong("key"), help: "A PEM file with the certificate's key.")
    var privateKey: String?

    /// Lends a client to `body`. What a registry refuses ends the command with exit code 1 and its sentence.
    func withClient<Result>(_ body: (SchemaRegistryClient) async throws -> Result) async throws -> Result {
        var settings = RegistryClientSettings(
            urls: urls.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) })
        settings.userInfo = ProcessInfo.processInfo.environment["SCHEMA_REGISTRY_USER_INFO"]
        settings.trustRoots = trustRoots
        settings.certificateChain = certificate
        settings.privateKey = privateKey
        settings.retryCountMax = 1
        let client: SchemaRegistryClient
        do throws(RegistryClientError) { client = try SchemaRegistryClient(settings) } catch {
            StandardError.error(error.description)
            throw ExitStatus.usage.code
        }
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            guard let error = error as? RegistryClientError else { throw error }
            StandardError.error(error.description)
            throw ExitStatus.failure.code
        }
    }
}
