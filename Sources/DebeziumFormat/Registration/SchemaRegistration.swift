/// A schema that events are about to be written with, and what the registry is asked for it.
public struct SchemaRegistration: Hashable, Sendable {
    public var subject: String
    /// The schema's text, as Avro's Java library prints it.
    public var schema: String
    /// False asks for the identifier of a schema that is there (`auto.register.schemas=false`).
    public var registers: Bool
    /// `normalize.schemas`
    public var normalizes: Bool

    public init(subject: String, schema: String, registers: Bool = true, normalizes: Bool = false) {
        self.subject = subject
        self.schema = schema
        self.registers = registers
        self.normalizes = normalizes
    }
}
