/// Why a text is not a valid schema. Names the rule and the place in the schema.
public struct SchemaError: Error, Equatable, Sendable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
