internal import AccessControl
internal import KafkaProtocol

/// What the broker serves, by API key: ApiVersions tells it and requests are dispatched by it, so the two agree.
struct APITable: Sendable {
    private let entries: [APIEntry?]

    /// What a client may ask before it has authenticated: ApiVersions, SaslHandshake and SaslAuthenticate.
    static let beforeAuthentication: Set<Int16> = [17, 18, 36]

    /// The APIs whose handlers ask for each resource whether the client may; the others are for superusers alone where
    /// authorization is on.
    static let authorized: Set<Int16> = [
        0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 17, 18, 22, 24, 25, 26, 28, 29, 30, 31, 36, 48, 49, 50, 51, 61, 65, 66,
    ]

    init(_ served: [APIEntry]) {
        var entries = [APIEntry?](repeating: nil, count: 128)
        for entry in served {
            precondition(entries[Int(entry.key)] == nil, "an API is served by one handler")
            entries[Int(entry.key)] = entry
        }
        self.entries = entries
    }

    subscript(key: Int16) -> APIEntry? {
        key >= 0 && Int(key) < entries.count ? entries[Int(key)] : nil
    }

    /// Everything served, by key.
    var all: [APIEntry] { entries.compactMap { $0 } }
}
