internal import Crypto
internal import Foundation

/// The users whom this broker knows by their passwords: those of the configuration, and those that administrators made
/// through the protocol. A value: changes make a new one.
public struct CredentialStore: Sendable {
    private struct Key: Hashable {
        let user: String
        let mechanism: ScramMechanism
    }

    private var passwords: [String: PasswordDigest] = [:]
    private var configured: [Key: ScramVerifier] = [:]
    private var managed: [Key: ScramVerifier] = [:]
    /// Salts of users that do not exist follow from this, so that asking twice gives the same one.
    private let decoyKey = SymmetricKey(size: .bits256)

    public init() {}

    /// A user of the configuration with a password, for PLAIN and both SCRAM mechanisms.
    public mutating func setPassword(_ password: String, of user: String) throws {
        passwords[user] = PasswordDigest(of: password)
        for mechanism in ScramMechanism.allCases {
            configured[Key(user: user, mechanism: mechanism)] = try ScramVerifier(
                mechanism: mechanism, password: password)
        }
    }

    /// A user of the configuration with a verifier, for that SCRAM mechanism.
    public mutating func setVerifier(_ verifier: ScramVerifier, of user: String) {
        configured[Key(user: user, mechanism: verifier.mechanism)] = verifier
    }

    /// A user that was made through the protocol; it goes before one of the configuration. nil removes it.
    mutating func setManaged(_ verifier: ScramVerifier?, of user: String, mechanism: ScramMechanism) {
        managed[Key(user: user, mechanism: mechanism)] = verifier
    }

    func passwordMatches(_ password: [UInt8], of user: String) -> Bool {
        // A user that does not exist costs the same time.
        guard let digest = passwords[user] else {
            _ = PasswordDigest(of: "").matches(password)
            return false
        }
        return digest.matches(password)
    }

    func verifier(of user: String, mechanism: ScramMechanism) -> ScramVerifier? {
        let key = Key(user: user, mechanism: mechanism)
        return managed[key] ?? configured[key]
    }

    /// A verifier that nothing matches, for a user that does not exist: the exchange then fails at its end, as with a
    /// wrong password, and does not tell which users there are.
    func decoy(of user: String, mechanism: ScramMechanism) -> ScramVerifier {
        let salt = Array(HMAC<SHA256>.authenticationCode(for: Array(user.utf8), using: decoyKey)).prefix(24)
        let length = mechanism.digestByteCount
        var generator = SystemRandomNumberGenerator()
        let noise = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return ScramVerifier(
            mechanism: mechanism, salt: Array(salt), iterationCount: ScramMechanism.iterationCountRange.lowerBound,
            storedKey: noise, serverKey: noise)
    }

    /// What DescribeUserScramCredentials tells of a user; empty where there is no such user.
    public func scramCredentials(of user: String) -> [(mechanism: ScramMechanism, iterationCount: Int)] {
        ScramMechanism.allCases.compactMap { mechanism in
            managed[Key(user: user, mechanism: mechanism)].map { (mechanism, $0.iterationCount) }
        }
    }

    /// The users that were made through the protocol, in order.
    public var managedUsers: [String] { Set(managed.keys.map(\.user)).sorted() }
}
