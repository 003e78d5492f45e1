internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1

extension KeySource {
    private static let byteCountMax = 1 << 20

    /// An `https` address; its certificate is checked against the system's authorities.
    public static func https(_ address: String) -> KeySource {
        KeySource {
            let response = try await HTTPClient.shared.execute(
                HTTPClientRequest(url: address), timeout: .seconds(10))
            guard response.status == .ok else { throw KeySourceError.status(Int(response.status.code)) }
            let body = try await response.body.collect(upTo: byteCountMax)
            return Array(body.readableBytesView)
        }
    }
}

/// The key set's server answered, but not with the keys.
enum KeySourceError: Error {
    case status(Int)
}
