internal import ByteCoding

/// Writes a Connect schema as the Avro schema that Confluent's AvroConverter makes of it, in the very text that Avro's
/// Java library prints for it (and registers): members in its order, named types by their name after the first time.
///
/// - A struct is a record whose name and namespace are the schema's name, split at its last dot.
/// - An optional schema is a union with `null`: `null` first, or last where there is a default, for Avro wants a default
///   to be of a union's first type.
/// - What Avro cannot say is kept in properties: `connect.name`, `connect.version`, `connect.parameters`,
///   `connect.default`, `connect.doc`, `connect.type`.
struct AvroSchemaText: ~Copyable {
    private var buffer = ByteBuffer(capacity: 4096)
    private var records: [String: [ConnectSchema.Field]] = [:]
    private let format: AvroFormat

    private init(_ format: AvroFormat) { self.format = format }

    /// - Throws: ``InvalidAvroName`` for a record's or field's name that Avro does not allow.
    static func text(of schema: ConnectSchema, _ format: AvroFormat) throws(InvalidAvroName) -> String {
        var text = AvroSchemaText(format)
        try text.append(schema, in: nil)
        return String(decoding: text.buffer.array(), as: UTF8.self)
    }

    private mutating func append(_ schema: ConnectSchema, in namespace: String?) throws(InvalidAvroName) {
        guard schema.isOptional else { return try appendType(schema, in: namespace) }
        buffer.append(schema.defaultValue == nil ? "[\"null\"," : "[")
        try appendType(schema, in: namespace)
        buffer.append(schema.defaultValue == nil ? "]" : ",\"null\"]")
    }

    private mutating func appendType(_ schema: ConnectSchema, in namespace: String?) throws(InvalidAvroName) {
        switch schema.kind {
        case .struct(let fields): return try appendRecord(schema, fields, in: namespace)
        case .array(let items):
            buffer.append("{\"type\":\"array\",\"items\":")
            try append(items, in: namespace)
        case .map(_, let values):
            buffer.append("{\"type\":\"map\",\"values\":")
            try append(values, in: namespace)
        default:
            guard hasProperties(schema) else {
                buffer.append("\"")
                buffer.append(schema.kind.avroName)
                return buffer.append("\"")
            }
            buffer.append("{\"type\":\"")
            buffer.append(schema.kind.avroName)
            buffer.append("\"")
        }
        appendProperties(schema)
        buffer.append("}")
    }

    // MARK: - Records

    private mutating func appendRecord(
        _ schema: ConnectSchema, _ fields: [ConnectSchema.Field], in outer: String?
    ) throws(InvalidAvroName) {
        let name = AvroRecordName(schema.name, format)
        try Self.check(name.simple)
        if records[name.full] == fields {
            return appendString(name.namespace == outer ? name.simple : name.full)
        }
        records[name.full] = fields
        buffer.append("{\"type\":\"record\",\"name\":")
        appendString(name.simple)
        if name.namespace != outer {
            buffer.append(",\"namespace\":")
            appendString(name.namespace ?? "")
        }
        buffer.append(",\"fields\":[")
        for (index, field) in fields.enumerated() {
            if index > 0 { buffer.append(",") }
            try append(field, in: name.namespace)
        }
        buffer.append("]")
        appendProperties(schema)
        buffer.append("}")
    }

    private mutating func append(_ field: ConnectSchema.Field, in namespace: String?) throws(InvalidAvroName) {
        let name = format.scrubsInvalidNames ? AvroRecordName.scrub(field.name) : field.name
        try Self.check(name)
        buffer.append("{\"name\":")
        appendString(name)
        buffer.append(",\"type\":")
        try append(field.schema, in: namespace)
        if field.schema.defaultValue != nil {
            buffer.append(",\"default\":")
            appendDefault(field.schema)
        } else if field.schema.isOptional {
            buffer.append(",\"default\":null")
        }
        buffer.append("}")
    }

    private static func check(_ name: String) throws(InvalidAvroName) {
        var isFirst = true
        for byte in name.utf8 {
            let isLetter = (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == UInt8(ascii: "_")
            guard isLetter || (!isFirst && (0x30...0x39).contains(byte)) else { throw InvalidAvroName(name: name) }
            isFirst = false
        }
        if isFirst { throw InvalidAvroName(name: name) }
    }

    // MARK: - Properties

    private func hasProperties(_ schema: ConnectSchema) -> Bool {
        if AvroLogicalType(schema) != nil { return true }
        guard format.hasConnectMetaData else { return false }
        return schema.name != nil || schema.version != nil || schema.doc != nil || !schema.parameters.isEmpty
            || schema.defaultValue != nil || schema.kind.connectType != nil
    }

    private mutating func appendProperties(_ schema: ConnectSchema) {
        let logicalType = AvroLogicalType(schema)
        if case .decimal(let precision, let scale) = logicalType {
            buffer.append(",\"scale\":")
            buffer.append(decimal: Int64(scale))
            buffer.append(",\"precision\":")
            buffer.append(decimal: Int64(precision))
        }
        if format.hasConnectMetaData { appendMetaData(schema) }
        if let logicalType {
            buffer.append(",\"logicalType\":\"")
            buffer.append(logicalType.name)
            buffer.append("\"")
        }
    }

    private mutating func appendMetaData(_ schema: ConnectSchema) {
        if let doc = schema.doc {
            buffer.append(",\"connect.doc\":")
            appendString(doc)
        }
        if let version = schema.version {
            buffer.append(",\"connect.version\":")
            buffer.append(decimal: Int64(version))
        }
        if !schema.parameters.isEmpty {
            buffer.append(",\"connect.parameters\":{")
            for (index, parameter) in schema.parameters.enumerated() {
                if index > 0 { buffer.append(",") }
                appendString(parameter.name)
                buffer.append(":")
                appendString(parameter.value)
            }
            buffer.append("}")
        }
        if schema.defaultValue != nil {
            buffer.append(",\"connect.default\":")
            appendDefault(schema)
        }
        if let name = schema.name {
            buffer.append(",\"connect.name\":")
            appendString(name)
        }
        if let type = schema.kind.connectType {
            buffer.append(",\"connect.type\":\"")
            buffer.append(type)
            buffer.append("\"")
        }
    }

    /// The default as Avro writes it: bytes are a string of the characters with these codes.
    private mutating func appendDefault(_ schema: ConnectSchema) {
        guard let value = schema.defaultValue else { return }
        var content = ByteBuffer()
        do throws(ValueProblem) {
            switch schema.kind {
            case .string:
                try JSONToAvro.appendContent(ofString: value.span, to: &content)
                HstoreText.append(content.span, isText: true, to: &buffer)
            case .bytes:
                try JSONToAvro.appendContent(ofBase64: value.span, to: &content)
                var text = ByteBuffer()
                for byte in content.array() { text.append(String(Unicode.Scalar(byte))) }
                HstoreText.append(text.span, isText: true, to: &buffer)
            default: buffer.append(value)
            }
        } catch {
            preconditionFailure("a compiled default is JSON of its type")
        }
    }

    /// A string as Jackson writes it to text: characters outside of the basic plane as they are.
    private mutating func appendString(_ text: String) {
        HstoreText.append(Array(text.utf8).span, isText: true, to: &buffer)
    }
}

/// A record's or field's name that Avro does not allow.
struct InvalidAvroName: Error {
    let name: String
}
