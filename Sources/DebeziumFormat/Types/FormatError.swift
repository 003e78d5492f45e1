/// Why a column's value, or the column itself, could not be turned into its Debezium form. Names, never values.
public struct FormatError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The text is not a value of the column's type as PostgreSQL prints it.
        case malformedValue = "TR-FORMAT-VALUE"
        /// The value is valid in PostgreSQL and has no form in the configured mode; Debezium fails here too.
        case unsupportedValue = "TR-FORMAT-UNSUPPORTED"
        /// The catalog does not know the column's type.
        case unknownType = "TR-FORMAT-TYPE"
        /// A column transform names something this build does not have, such as a hash algorithm.
        case unsupportedTransform = "TR-FORMAT-TRANSFORM"
    }

    public var code: Code
    /// `schema.table`
    public var table: String
    public var column: String
    /// The PostgreSQL type's name, or the setting at fault.
    public var type: String

    public init(code: Code, table: String, column: String, type: String) {
        self.code = code
        self.table = table
        self.column = column
        self.type = type
    }

    public var description: String {
        let place = "column \(column) of table \(table)"
        return switch code {
        case .malformedValue:
            "\(code.rawValue): \(place) holds bytes that are not a \(type) as PostgreSQL prints it; "
                + "check that the session settings (DateStyle, IntervalStyle, bytea_output) are the connector's own"
        case .unsupportedValue:
            "\(code.rawValue): \(place) holds a \(type) that the configured handling mode cannot express; "
                + "choose another handling mode or exclude the column"
        case .unknownType:
            "\(code.rawValue): the type of \(place) (\(type)) is not in the catalog; "
                + "restart the connector so that it reads the types again"
        case .unsupportedTransform:
            "\(code.rawValue): \(place) is to be transformed by '\(type)', which is not known; "
                + "use one of MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512"
        }
    }
}
