internal import ByteCoding

/// The schema of one side of an event that belongs to no table, where the converter is Avro: such events are made as JSON
/// and become Avro as a whole.
struct InternalSchemas: Sendable {
    /// The kinds of such events.
    enum Event: Hashable, Sendable { case transaction, message, heartbeat, notification }

    struct Key: Hashable, Sendable {
        let event: Event
        let isKey: Bool
    }

    let schema: ConnectSchema
    let registration: SchemaRegistration

    init(
        _ key: Key, _ format: AvroFormat, topic: String, _ configuration: EventConfiguration
    ) throws(InvalidAvroName) {
        let names = configuration.schemaNameAdjustment
        schema =
            switch (key.event, key.isKey) {
            case (.transaction, true): EnvelopeSchema.transactionKey(names)
            case (.transaction, false): EnvelopeSchema.transactionValue(names)
            case (.message, true): EnvelopeSchema.messageKey(names)
            case (.message, false): EnvelopeSchema.messageValue(names, binary: configuration.binary)
            case (.heartbeat, true): EnvelopeSchema.heartbeatKey(names)
            case (.heartbeat, false): EnvelopeSchema.heartbeatValue(names)
            case (.notification, true): EnvelopeSchema.notificationKey(names)
            case (.notification, false): EnvelopeSchema.notificationValue(names)
            }
        registration = try SchemaRegistration(schema, format, topic: topic, isKey: key.isKey)
    }
}

extension ChangeEncoder {
    /// Turns what the scratch buffers hold into the converters' form.
    mutating func convertScratch(_ event: InternalSchemas.Event, topic: String) throws(EncodeError) {
        if let format = configuration.keyAvro {
            let schemas = try schemas(.init(event: event, isKey: true), format, topic: topic)
            let frame = try frame(schemas.registration, isKey: true)
            try Self.convert(&keyScratch, schemas.schema, frame)
        }
        if let format = configuration.valueAvro {
            let schemas = try schemas(.init(event: event, isKey: false), format, topic: topic)
            let frame = try frame(schemas.registration, isKey: false)
            try Self.convert(&valueScratch, schemas.schema, frame)
        }
    }

    private mutating func schemas(
        _ key: InternalSchemas.Key, _ format: AvroFormat, topic: String
    ) throws(EncodeError) -> InternalSchemas {
        if let known = internalSchemas[key] { return known }
        do throws(InvalidAvroName) {
            let made = try InternalSchemas(key, format, topic: topic, configuration)
            internalSchemas[key] = made
            return made
        } catch {
            throw EncodeError(invalidName: error, table: nil)
        }
    }

    private static func convert(
        _ scratch: inout ByteBuffer, _ schema: ConnectSchema, _ frame: PayloadFrame
    ) throws(EncodeError) {
        var avro = ByteBuffer(capacity: scratch.count)
        avro.append(frame.opening)
        do throws(ValueProblem) {
            try JSONToAvro.append(scratch.span, as: schema, to: &avro)
        } catch {
            throw EncodeError(
                code: .malformedValue, table: nil, detail: "the event does not have the form of its own schema")
        }
        swap(&scratch, &avro)
    }
}
