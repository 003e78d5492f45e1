import PostgresCapture
import SchemaRegistry
import SchemaStore
import Telemetry

extension ProcessSettings {
    /// Sets one of `schema.registry.*`, or returns what is wrong with it.
    static func setRegistry(
        _ name: String, to value: String, in configuration: inout ProcessConfiguration
    ) -> String? {
        func wrong(_ accepted: String) -> String { "setting '\(name)' is '\(value)'; accepted is \(accepted)" }
        switch name {
        case "schema.registry.listen":
            if ["off", "false", "none"].contains(value.lowercased()) {
                configuration.isRegistryEnabled = false
            } else if let address = ListenAddress(value) {
                configuration.isRegistryEnabled = true
                configuration.registry.host = address.host
                configuration.registry.port = Int(address.port)
            } else {
                return wrong("host:port with a numeric address, a port alone, or off")
            }
        case "schema.registry.compatibility.level":
            guard let level = CompatibilityLevel(rawValue: value.uppercased()) else {
                return wrong(CompatibilityLevel.allCases.map { $0.rawValue.lowercased() }.joined(separator: ", "))
            }
            configuration.registry.defaultCompatibility = level
        case "schema.registry.auth.users":
            for entry in value.split(separator: ",") {
                let parts = entry.split(separator: ":", maxSplits: 1)
                // The value holds passwords: it is not repeated.
                guard parts.count == 2 else { return "setting '\(name)': each entry must be user:password" }
                configuration.registry.users[String(parts[0])] = String(parts[1])
            }
        case "schema.registry.ssl.certificate":
            configuration.registry.tls = merged(configuration.registry.tls) { $0.certificateChain = value }
        case "schema.registry.ssl.key":
            configuration.registry.tls = merged(configuration.registry.tls) { $0.privateKey = value }
        case "schema.registry.ssl.client.ca":
            configuration.registry.tls = merged(configuration.registry.tls) { $0.clientAuthorities = value }
        default:
            let suggestion = ClosestName.to(name, among: all.map(\.name))
            return "setting '\(name)' is not known" + (suggestion.map { "; did you mean '\($0)'?" } ?? "")
        }
        return nil
    }

    private static func merged(
        _ tls: RegistryServerSettings.TLS?, _ change: (inout RegistryServerSettings.TLS) -> Void
    ) -> RegistryServerSettings.TLS {
        var tls = tls ?? RegistryServerSettings.TLS(certificateChain: "", privateKey: "")
        change(&tls)
        return tls
    }

    /// What is wrong with the registry's settings taken together; nil where nothing is.
    static func registryProblem(_ settings: RegistryServerSettings) -> String? {
        guard let tls = settings.tls, tls.certificateChain.isEmpty || tls.privateKey.isEmpty else { return nil }
        return "settings 'schema.registry.ssl.certificate' and 'schema.registry.ssl.key' go together"
    }
}
