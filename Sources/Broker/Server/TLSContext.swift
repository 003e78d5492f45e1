internal import Foundation
internal import NIOSSL

/// Makes a listener's TLS from its settings.
enum TLSContext {
    /// - Throws: ``BrokerError`` naming the setting that is missing or cannot be used; never what a file holds.
    static func make(_ configuration: BrokerConfiguration, listener: Listener) throws(BrokerError) -> NIOSSLContext {
        func value(_ name: String) -> String? { configuration.value(name, listener: listener.name) }
        let store = value("ssl.keystore.location")
        guard let chainText = value("ssl.keystore.certificate.chain") ?? store else {
            throw missing("ssl.keystore.certificate.chain", listener)
        }
        guard let keyText = value("ssl.keystore.key") ?? store else { throw missing("ssl.keystore.key", listener) }
        let chain = try load("ssl.keystore.certificate.chain", chainText) { bytes in
            try NIOSSLCertificate.fromPEMBytes(bytes)
        }
        let password = value("ssl.key.password")
        let key = try load("ssl.keystore.key", keyText) { bytes in
            if let password {
                return try NIOSSLPrivateKey(bytes: bytes, format: .pem) { setter in setter(Array(password.utf8)) }
            }
            return try NIOSSLPrivateKey(bytes: bytes, format: .pem)
        }
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        let versions = (value("ssl.enabled.protocols") ?? "").uppercased()
        tls.minimumTLSVersion = versions.contains("TLSV1.2") ? .tlsv12 : .tlsv13
        if !versions.contains("TLSV1.3") { tls.maximumTLSVersion = .tlsv12 }
        if let trustText = value("ssl.truststore.certificates") ?? value("ssl.truststore.location") {
            let authorities = try load("ssl.truststore.certificates", trustText) { bytes in
                try NIOSSLCertificate.fromPEMBytes(bytes)
            }
            tls.trustRoots = .certificates(authorities)
        }
        switch value("ssl.client.auth")?.lowercased() {
        case "required": tls.certificateVerification = .noHostnameVerification
        case "requested": tls.certificateVerification = .optionalVerification
        default: tls.certificateVerification = .none
        }
        do {
            return try NIOSSLContext(configuration: tls)
        } catch {
            throw BrokerError(
                "the TLS settings of listener '\(listener.name)' do not fit together: is the key in "
                    + "'broker.ssl.keystore.key' that of the certificate?")
        }
    }

    private static func missing(_ name: String, _ listener: Listener) -> BrokerError {
        BrokerError("listener '\(listener.name)' speaks TLS, and setting 'broker.\(name)' is not set")
    }

    /// The bytes of a setting that is PEM text or a path to it.
    private static func load<Value>(
        _ setting: String, _ text: String, _ parse: ([UInt8]) throws -> Value
    ) throws(BrokerError) -> Value {
        var bytes = Array(text.utf8)
        if !text.contains("-----BEGIN") {
            guard let data = FileManager.default.contents(atPath: text) else {
                throw BrokerError("setting 'broker.\(setting)': the file cannot be read")
            }
            bytes = Array(data)
        }
        do { return try parse(bytes) } catch {
            throw BrokerError("setting 'broker.\(setting)' is not the PEM that it has to be")
        }
    }
}
