/// Tailrace's version: `source.version` in events and `tailrace --version`.
enum Version {
    static let current = "0.1.0"
}
