/// A schema registry as the encoder needs it.
///
/// Called on the capture's own thread, which waits for the answer: once for each layout of a table and never per row.
/// Asking again with an equal request gives an equal identifier. Implementations are thread-safe.
public protocol SchemaRegistering: Sendable {
    /// The identifier under which readers find the schema.
    /// - Throws: ``SchemaRegistrationError``; nothing has been written with the schema then.
    func identifier(of request: SchemaRegistration) throws(SchemaRegistrationError) -> Int32
}
