internal import Foundation

/// What the server keeps of a SCRAM user's password: enough to check a login, not enough to log in.
public struct ScramVerifier: Sendable, Equatable {
    public let mechanism: ScramMechanism
    public let salt: [UInt8]
    public let iterationCount: Int
    let storedKey: [UInt8]
    let serverKey: [UInt8]

    init(mechanism: ScramMechanism, salt: [UInt8], iterationCount: Int, storedKey: [UInt8], serverKey: [UInt8]) {
        self.mechanism = mechanism
        self.salt = salt
        self.iterationCount = iterationCount
        self.storedKey = storedKey
        self.serverKey = serverKey
    }

    /// From a password that is salted already, as AlterUserScramCredentials brings it.
    public init(mechanism: ScramMechanism, salt: [UInt8], iterationCount: Int, saltedPassword: [UInt8]) {
        let clientKey = mechanism.authenticationCode(of: Array("Client Key".utf8), key: saltedPassword)
        self.init(
            mechanism: mechanism, salt: salt, iterationCount: iterationCount, storedKey: mechanism.hash(clientKey),
            serverKey: mechanism.authenticationCode(of: Array("Server Key".utf8), key: saltedPassword))
    }

    /// Salts a password anew.
    /// - Throws: what the cryptographic library throws; nothing is wrong with the password then.
    public init(
        mechanism: ScramMechanism, password: String, salt: [UInt8] = ScramVerifier.randomSalt(),
        iterationCount: Int = ScramMechanism.iterationCountRange.lowerBound
    ) throws {
        self.init(
            mechanism: mechanism, salt: salt, iterationCount: iterationCount,
            saltedPassword: try mechanism.saltedPassword(
                Array(password.utf8), salt: salt, iterationCount: iterationCount))
    }

    public static func randomSalt() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<24).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
    }

    /// Reads Kafka's notation, `salt=…,stored_key=…,server_key=…,iterations=4096`, each in Base64; nil where it is not
    /// that, or asks for too few rounds.
    public init?(mechanism: ScramMechanism, text: String) {
        var fields: [Substring: Substring] = [:]
        for part in text.split(separator: ",") {
            guard let equals = part.firstIndex(of: "=") else { return nil }
            fields[part[..<equals]] = part[part.index(after: equals)...]
        }
        func bytes(_ name: Substring) -> [UInt8]? {
            fields[name].flatMap { Data(base64Encoded: String($0)) }.map { Array($0) }
        }
        let length = mechanism.digestByteCount
        guard fields.count == 4, let salt = bytes("salt"), !salt.isEmpty, let stored = bytes("stored_key"),
            stored.count == length, let server = bytes("server_key"), server.count == length,
            let iterations = fields["iterations"].flatMap({ Int($0) }),
            iterations >= ScramMechanism.iterationCountRange.lowerBound
        else { return nil }
        self.init(
            mechanism: mechanism, salt: salt, iterationCount: iterations, storedKey: stored, serverKey: server)
    }

    /// Kafka's notation of it. A secret: whoever reads it can try passwords against it.
    public var text: String {
        "salt=\(Data(salt).base64EncodedString()),stored_key=\(Data(storedKey).base64EncodedString()),"
            + "server_key=\(Data(serverKey).base64EncodedString()),iterations=\(iterationCount)"
    }
}

extension ScramVerifier: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String { "a \(mechanism.name) verifier" }
    public var debugDescription: String { description }
}
