/// The digests that `column.mask.hash` may name, under Java's names for them.
enum HashFunction: Sendable {
    case md5, sha1, sha224, sha256, sha384, sha512

    init?(javaName: String) {
        switch javaName.uppercased() {
        case "MD5": self = .md5
        case "SHA", "SHA1", "SHA-1": self = .sha1
        case "SHA224", "SHA-224": self = .sha224
        case "SHA256", "SHA-256": self = .sha256
        case "SHA384", "SHA-384": self = .sha384
        case "SHA512", "SHA-512": self = .sha512
        default: return nil
        }
    }

    func hash(_ message: [UInt8]) -> [UInt8] {
        switch self {
        case .md5: MD5.hash(message)
        case .sha1: SHA1.hash(message)
        case .sha224: SHA2.sha224(message)
        case .sha256: SHA2.sha256(message)
        case .sha384: SHA2.sha384(message)
        case .sha512: SHA2.sha512(message)
        }
    }
}
