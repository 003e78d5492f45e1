internal import ByteCoding

/// The identifiers that one side of a connector's events has been given, so that a registry is asked once.
struct SchemaIdentifiers: Sendable {
    private let registry: (any SchemaRegistering)?
    private var known: [SchemaRegistration: Int32] = [:]

    init(_ registry: (any SchemaRegistering)?) { self.registry = registry }

    /// What stands before each payload in Confluent's wire format: a zero and the identifier.
    mutating func frame(_ request: SchemaRegistration) throws(SchemaRegistrationError) -> PayloadFrame {
        PayloadFrame(schemaIdentifier: try identifier(of: request))
    }

    private mutating func identifier(of request: SchemaRegistration) throws(SchemaRegistrationError) -> Int32 {
        if let identifier = known[request] { return identifier }
        guard let registry else {
            throw SchemaRegistrationError(
                code: .refused, subject: request.subject,
                detail: "the converter needs a schema registry and none is configured (schema.registry.url)")
        }
        let identifier = try registry.identifier(of: request)
        known[request] = identifier
        return identifier
    }
}
