/// A value that its schema does not describe. Names the schema's part, never the value.
public struct EncodeMismatch: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
    init(_ description: String) { self.description = description }
}
