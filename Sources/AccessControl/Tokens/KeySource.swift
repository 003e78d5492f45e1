internal import Foundation

/// Where the keys come from that tokens are signed with: a JSON Web Key Set (RFC 7517).
public struct KeySource: Sendable {
    /// Reads the whole set.
    public let load: @Sendable () async throws -> [UInt8]

    public init(load: @escaping @Sendable () async throws -> [UInt8]) { self.load = load }

    /// A file, read anew at each refresh.
    public static func file(_ path: String) -> KeySource {
        KeySource { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
    }
}
