import Avro

/// Turns payloads in Confluent's wire format (a zero, the schema's identifier in four bytes, Avro) into JSON. What is
/// something else, or has a schema that cannot be had, stays as it is.
actor PayloadDecoder {
    private let source: any SchemaTextSource
    private var schemas: [Int32: AvroSchema] = [:]
    /// Identifiers that led nowhere, so that a strange topic does not ask for each of its records.
    private var unknown: Set<Int32> = []

    init(_ source: any SchemaTextSource) { self.source = source }

    func decode(_ record: LogRecord) async -> LogRecord {
        var record = record
        record.key = await decode(record.key)
        record.value = await decode(record.value)
        return record
    }

    private func decode(_ bytes: [UInt8]?) async -> [UInt8]? {
        guard let bytes, bytes.count >= 5, bytes[0] == 0 else { return bytes }
        let identifier = bytes[1..<5].reduce(Int32(0)) { $0 << 8 | Int32($1) }
        guard let schema = await schema(identifier) else { return bytes }
        return AvroPayload.json(Array(bytes.dropFirst(5)), schema) ?? bytes
    }

    private func schema(_ identifier: Int32) async -> AvroSchema? {
        if let known = schemas[identifier] { return known }
        guard identifier >= 0, !unknown.contains(identifier) else { return nil }
        let text: String?
        do { text = try await source.schemaText(identifier) } catch {
            StandardError.warning("schema \(identifier): \(error)")
            text = nil
        }
        guard let text, let schema = try? AvroSchema(parsing: text, validatesDefaults: false) else {
            unknown.insert(identifier)
            return nil
        }
        schemas[identifier] = schema
        return schema
    }
}

/// Where the texts of Avro schemas come from.
protocol SchemaTextSource: Sendable {
    /// - Returns: nil where there is no such schema, or it is not Avro.
    func schemaText(_ identifier: Int32) async throws -> String?
}
