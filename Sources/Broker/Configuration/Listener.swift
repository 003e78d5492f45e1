/// A place where clients connect.
struct Listener: Sendable, Equatable {
    enum Security: String, Sendable {
        case plaintext = "PLAINTEXT"
        case ssl = "SSL"
        case saslPlaintext = "SASL_PLAINTEXT"
        case saslSSL = "SASL_SSL"

        var usesTLS: Bool { self == .ssl || self == .saslSSL }
        var usesSASL: Bool { self == .saslPlaintext || self == .saslSSL }
    }

    let name: String
    let security: Security
    /// Empty for every address.
    let host: String
    let port: Int
    /// What clients are told; nil for what the listener is bound to.
    let advertised: Endpoint?

    static func parse(_ configuration: BrokerConfiguration) throws(BrokerConfiguration.Problem) -> [Listener] {
        var protocols: [String: Security] = [:]
        for pair in configuration.list("listener.security.protocol.map") {
            let halves = pair.split(separator: ":", maxSplits: 1).map(\.trimmingSpaces)
            guard halves.count == 2, let security = Security(rawValue: halves[1].uppercased()) else {
                throw .init(
                    "setting 'broker.listener.security.protocol.map' has '\(pair)'; accepted is NAME:PROTOCOL with "
                        + "PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL")
            }
            protocols[halves[0].uppercased()] = security
        }
        var advertised: [String: Endpoint] = [:]
        for text in configuration.list("advertised.listeners") {
            let (name, endpoint) = try address(text, setting: "advertised.listeners")
            guard !endpoint.host.isEmpty, endpoint.host != "0.0.0.0", endpoint.host != "::", endpoint.port > 0 else {
                throw .init(
                    "setting 'broker.advertised.listeners' has '\(text)', to which no client can connect: name a host and "
                        + "a port")
            }
            advertised[name] = endpoint
        }
        var listeners: [Listener] = []
        for text in configuration.list("listeners") {
            let (name, endpoint) = try address(text, setting: "listeners")
            guard let security = protocols[name] ?? Security(rawValue: name) else {
                throw .init(
                    "setting 'broker.listeners' has listener '\(name)', whose protocol is not known: add it to "
                        + "'broker.listener.security.protocol.map'")
            }
            guard !listeners.contains(where: { $0.name == name }) else {
                throw .init("setting 'broker.listeners' has listener '\(name)' twice")
            }
            listeners.append(
                Listener(
                    name: name, security: security, host: endpoint.host, port: endpoint.port,
                    advertised: advertised.removeValue(forKey: name)))
        }
        guard !listeners.isEmpty else {
            throw .init("setting 'broker.listeners' is empty; say 'broker: off' for no broker")
        }
        if let stranger = advertised.keys.sorted().first {
            throw .init("setting 'broker.advertised.listeners' has '\(stranger)', which is not in 'broker.listeners'")
        }
        return listeners
    }

    private static func address(
        _ text: String, setting: String
    ) throws(BrokerConfiguration.Problem) -> (name: String, endpoint: Endpoint) {
        guard let mark = text.firstRange(of: "://"), let endpoint = Endpoint(text[mark.upperBound...]) else {
            throw .init("setting 'broker.\(setting)' has '\(text)'; accepted is NAME://host:port")
        }
        let name = text[..<mark.lowerBound].uppercased()
        guard !name.isEmpty else {
            throw .init("setting 'broker.\(setting)' has '\(text)'; accepted is NAME://host:port")
        }
        return (name, endpoint)
    }
}
