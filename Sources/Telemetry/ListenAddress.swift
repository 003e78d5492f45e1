/// Where a server listens: a numeric address and a port; port 0 takes a free one.
public struct ListenAddress: Sendable, Equatable, CustomStringConvertible {
    public let host: String
    public let port: UInt16

    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Parses `127.0.0.1:8080`, `[::1]:8080`, `:8080` or `8080`; without a host every IPv4 address is meant.
    public init?(_ text: String) {
        let host: Substring
        let digits: Substring
        if text.hasPrefix("[") {
            guard let close = text.lastIndex(of: "]"), text[text.index(after: close)...].first == ":" else {
                return nil
            }
            host = text[text.index(after: text.startIndex)..<close]
            digits = text[text.index(close, offsetBy: 2)...]
        } else if let colon = text.lastIndex(of: ":") {
            host = text[..<colon]
            digits = text[text.index(after: colon)...]
        } else {
            host = ""
            digits = text[...]
        }
        guard let port = UInt16(digits), !text.hasPrefix("[") || !host.isEmpty else { return nil }
        self.init(host: host.isEmpty ? "0.0.0.0" : String(host), port: port)
    }

    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
