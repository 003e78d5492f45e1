internal import Crypto
internal import CryptoExtras
internal import Foundation

/// A SCRAM mechanism; the raw values are the protocol's in user administration.
public enum ScramMechanism: Int8, Sendable, CaseIterable {
    case sha256 = 1
    case sha512 = 2

    /// RFC 7677 asks for at least 4096 rounds; more than 16384 is refused as Kafka refuses it, since each login of a
    /// client costs as much.
    public static let iterationCountRange = 4_096...16_384

    /// Its registered name.
    public var name: String {
        switch self {
        case .sha256: "SCRAM-SHA-256"
        case .sha512: "SCRAM-SHA-512"
        }
    }

    /// How long its digests, and so salted passwords, are.
    public var digestByteCount: Int {
        switch self {
        case .sha256: 32
        case .sha512: 64
        }
    }

    func hash(_ bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .sha256: Array(SHA256.hash(data: bytes))
        case .sha512: Array(SHA512.hash(data: bytes))
        }
    }

    func authenticationCode(of message: [UInt8], key: [UInt8]) -> [UInt8] {
        let key = SymmetricKey(data: key)
        switch self {
        case .sha256: return Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
        case .sha512: return Array(HMAC<SHA512>.authenticationCode(for: message, using: key))
        }
    }

    /// `Hi` of RFC 5802: PBKDF2 with one block.
    func saltedPassword(_ password: [UInt8], salt: [UInt8], iterationCount: Int) throws -> [UInt8] {
        let key = try KDF.Insecure.PBKDF2.deriveKey(
            from: password, salt: salt, using: self == .sha256 ? .sha256 : .sha512,
            outputByteCount: digestByteCount, unsafeUncheckedRounds: iterationCount)
        return key.withUnsafeBytes { unsafe Array($0) }
    }
}
