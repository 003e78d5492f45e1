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
        /// A name that the converter's format does not allow.
        case name = "TR-EVENT-NAME"
        /// The schema registry gave no identifier; ``EncodeError/registration`` says why.
        case schema = "TR-EVENT-SCHEMA"
    }

    public let code: Code
    /// nil for events without a table.
    public let table: TableID?
    public let detail: String
    /// Set with ``Code/schema``.
    public let registration: SchemaRegistrationError?

    public init(code: Code, table: TableID?, detail: String) {
        self.code = code
        self.table = table
        self.detail = detail
        registration = nil
    }

    init(_ error: SchemaRegistrationError, table: TableID?) {
        code = .schema
        self.table = table
        detail = error.description
        registration = error
    }

    init(invalidName error: InvalidAvroName, table: TableID?) {
        self.init(
            code: .name, table: table,
            detail: "'\(error.name)' is no name in Avro; set schema.name.adjustment.mode and "
                + "field.name.adjustment.mode to avro, or the converter's scrub.invalid.names to true")
    }

    public var description: String {
        if let table { "\(code.rawValue): table '\(table)': \(detail)" } else { "\(code.rawValue): \(detail)" }
    }
}
