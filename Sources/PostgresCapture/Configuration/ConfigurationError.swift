/// What is wrong with a connector's property map: all of it at once. Nothing has been touched when it is thrown.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    public struct Problem: Sendable, Equatable, CustomStringConvertible {
        /// The property at fault; nil when it is the whole map.
        public let property: String?
        /// A sentence that names the property, what was seen and what is accepted. Never holds a secret.
        public let message: String

        public init(property: String?, message: String) {
            self.property = property
            self.message = message
        }
        public var description: String { message }
    }

    public let problems: [Problem]
    public init(problems: [Problem]) { self.problems = problems }
    /// One problem a line.
    public var description: String { problems.map(\.message).joined(separator: "\n") }
}
