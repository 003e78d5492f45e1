/// A test's surroundings could not be had: a program is missing, a server did not start, a condition was not met in time.
public struct FixtureError: Error, Sendable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
