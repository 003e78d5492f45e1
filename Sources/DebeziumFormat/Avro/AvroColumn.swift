internal import ByteCoding

/// What a column's values are in Avro, beyond their form: the union's branches, and finished bytes for what is no value.
///
/// A class, as ``ColumnWriter`` is: a struct's references would be counted at each use.
final class AvroColumn: Sendable {
    /// The column's schema without its optionality: for values that are written as JSON first.
    let value: ConnectSchema
    /// What a value begins with in a column that may be null.
    let branch: UInt8?
    /// The finished fields; nil where the type cannot say it, which stops the connector as it stops Debezium.
    let null: [UInt8]?
    let unset: [UInt8]?
    let unavailable: [UInt8]?

    /// - Parameters: the JSON of the same.
    init(_ schema: ConnectSchema, null: [UInt8], unset: [UInt8]?, unavailable: [UInt8]) {
        var value = schema
        value.isOptional = false
        self.value = value
        branch = schema.avroValueBranch
        func field(_ json: [UInt8]) -> [UInt8]? {
            var buffer = ByteBuffer()
            do throws(ValueProblem) {
                try JSONToAvro.append(json.span, as: schema, to: &buffer)
                return buffer.array()
            } catch {
                return nil
            }
        }
        self.null = field(null)
        self.unset = unset.flatMap(field)
        self.unavailable = field(unavailable)
    }
}
