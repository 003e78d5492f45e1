public import SchemaStore

/// How the registry is served.
public struct RegistryServerSettings: Sendable, Equatable {
    public struct TLS: Sendable, Equatable {
        /// Paths of PEM files.
        public var certificateChain: String
        public var privateKey: String
        /// Authorities whose certificates clients must show; nil asks for none.
        public var clientAuthorities: String?

        public init(certificateChain: String, privateKey: String, clientAuthorities: String? = nil) {
            self.certificateChain = certificateChain
            self.privateKey = privateKey
            self.clientAuthorities = clientAuthorities
        }
    }

    public var host: String
    /// 0 takes a free one.
    public var port: Int
    public var tls: TLS?
    /// Passwords by user; empty lets everybody in.
    public var users: [String: String] = [:]
    public var defaultCompatibility: CompatibilityLevel = .backward
    /// Larger bodies are refused.
    public var bodyByteCountMax = 8 << 20

    public init(host: String = "127.0.0.1", port: Int = 8081) {
        self.host = host
        self.port = port
    }
}
