public import ChangeModel

/// A change could not become an event. The text names tables, columns and rules, never values.
public struct EncodeError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// A value does not have the form that its type's text has, or a column cannot be had in the configured form.
        case malformedValue = "TR-EVENT-VALUE"
        /// The change has more or fewer columns than the table was defined with.
        case columnMismatch = "TR-EVENT-COLUMNS"
        /// The log refuses the topic.
        case topic = "TR-EVENT-TOPIC"
    }

    public let code: Code
    /// nil for events without a table.
    public let table: TableID?
    public let detail: String

    public init(code: Code, table: TableID?, detail: String) {
        self.code = code
        self.table = table
        self.detail = detail
    }

    public var description: String {
        if let table { "\(code.rawValue): table '\(table)': \(detail)" } else { "\(code.rawValue): \(detail)" }
    }
}
