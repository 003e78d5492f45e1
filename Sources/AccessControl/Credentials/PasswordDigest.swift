internal import Crypto
internal import Foundation

/// A configured password as it is kept in memory: its HMAC under a key that is made anew at each start, so that neither a
/// log line nor a core file gives the password away, and comparing takes the same time whatever was guessed.
struct PasswordDigest: Sendable, CustomStringConvertible {
    private let key: SymmetricKey
    private let code: [UInt8]

    init(of password: String) {
        key = SymmetricKey(size: .bits256)
        code = Array(HMAC<SHA256>.authenticationCode(for: Array(password.utf8), using: key))
    }

    func matches(_ password: [UInt8]) -> Bool {
        constantTimeEquals(code, Array(HMAC<SHA256>.authenticationCode(for: password, using: key)))
    }

    var description: String { "a password" }
}

/// Compares without telling by its duration where the two differ. Lengths are no secret.
func constantTimeEquals(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    var difference: UInt8 = 0
    for index in a.indices { difference |= a[index] ^ b[index] }
    return difference == 0
}
