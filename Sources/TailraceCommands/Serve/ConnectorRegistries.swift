import DebeziumFormat
import PostgresCapture
import SchemaRegistry

/// Gives connectors the registries that their converters name, one client for all that name the same.
struct ConnectorRegistries {
    /// The registry of this process, for converters that name none.
    let embedded: RegistryService?
    private var clients: [(settings: ConverterRegistry, client: SchemaRegistryClient)] = []

    init(embedded: RegistryService?) { self.embedded = embedded }

    /// - Throws: ``RegistryClientError`` for an address that cannot be used.
    mutating func connect(_ configuration: CaptureConfiguration) throws(RegistryClientError) -> CaptureConfiguration {
        var result = configuration
        if let settings = configuration.keyRegistry { result.events.keySchemas = try access(settings) }
        if let settings = configuration.valueRegistry { result.events.valueSchemas = try access(settings) }
        return result
    }

    /// Gives the connections up.
    func close() async { for (_, client) in clients { await client.close() } }

    private mutating func access(_ settings: ConverterRegistry) throws(RegistryClientError) -> RegistryAccess? {
        guard !settings.addresses.isEmpty else { return embedded.map { RegistryAccess(target: .embedded($0)) } }
        if let known = clients.first(where: { $0.settings == settings }) {
            return RegistryAccess(target: .client(known.client))
        }
        var clientSettings = RegistryClientSettings(urls: settings.addresses)
        clientSettings.userInfo = settings.userInfo
        clientSettings.bearerToken = settings.token
        // Capture has its own pauses between attempts, and the server waits for its answers meanwhile.
        clientSettings.retryCountMax = 1
        clientSettings.requestTimeoutSeconds = 10
        let client = try SchemaRegistryClient(clientSettings)
        clients.append((settings, client))
        return RegistryAccess(target: .client(client))
    }
}
