/// The metrics and health endpoints could not be served.
public struct TelemetryError: Error, Sendable, CustomStringConvertible {
    public let address: ListenAddress
    public let reason: String
    public var description: String { "cannot serve metrics and health on \(address): \(reason)" }
}
