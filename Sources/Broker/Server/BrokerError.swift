/// Why the broker could not start. The text names the setting and what to do.
public struct BrokerError: Error, Sendable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
