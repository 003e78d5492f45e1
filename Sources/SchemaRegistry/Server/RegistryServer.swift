internal import Hummingbird
internal import HummingbirdCore
internal import HummingbirdTLS
public import Logging
internal import NIOCore
internal import NIOSSL

/// Serves the registry over HTTP, with TLS where it is set.
public struct RegistryServer: Sendable {
    private let service: RegistryService
    private let settings: RegistryServerSettings
    private let logger: Logger
    private let onListening: @Sendable (Int) -> Void

    /// - Parameter onListening: told the port once connections are taken.
    public init(
        service: RegistryService, settings: RegistryServerSettings, logger: Logger,
        onListening: @escaping @Sendable (Int) -> Void
    ) {
        self.service = service
        self.settings = settings
        self.logger = logger
        self.onListening = onListening
    }

    /// Serves until the task is cancelled or a graceful shutdown is asked for.
    /// - Throws: where the address cannot be had, or a file of the TLS settings cannot be read.
    public func run() async throws {
        let responder = RegistryResponder(
            service: service, credentials: BasicCredentials(settings.users),
            bodyByteCountMax: settings.bodyByteCountMax)
        // A stop cuts idle connections off, which the framework would tell as errors; what matters is thrown.
        var frameworkLogger = logger
        frameworkLogger.logLevel = .critical
        let application = Application(
            responder: responder, server: try server(),
            configuration: ApplicationConfiguration(
                address: .hostname(settings.host, port: settings.port), serverName: "tailrace"),
            onServerRunning: { channel in onListening(channel.localAddress?.port ?? 0) }, logger: frameworkLogger)
        try await application.run()
    }

    private func server() throws -> HTTPServerBuilder {
        guard let tls = settings.tls else { return .http1() }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(tls.certificateChain).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: tls.privateKey, format: .pem)))
        if let authorities = tls.clientAuthorities {
            configuration.trustRoots = .file(authorities)
            configuration.certificateVerification = .noHostnameVerification
        }
        return try .tls(.http1(), tlsConfiguration: configuration)
    }
}
