internal import SwiftASN1
internal import X509

/// The name that a certificate was made out to.
public enum CertificateName {
    /// The subject as RFC 2253 writes it, the most particular part first (`CN=…,OU=…`), as Kafka's mapping rules expect
    /// it; nil where the bytes are no certificate.
    /// - Parameter der: the certificate in DER.
    public static func subject(ofDER der: [UInt8]) -> String? {
        (try? Certificate(derEncoded: der))?.subject.description
    }
}
