public import ByteCoding

/// A Kafka Connect schema, as `org.apache.kafka.connect.json.JsonConverter` writes it. Made when a table is compiled;
/// never touched per row.
public struct ConnectSchema: Sendable, Equatable {
    /// Connect's schema types, with what belongs to each.
    public indirect enum Kind: Sendable, Equatable {
        case int8, int16, int32, int64, float32, float64, boolean, string, bytes
        case array(ConnectSchema)
        case map(keys: ConnectSchema, values: ConnectSchema)
        case `struct`([Field])
    }

    /// A named member of a struct.
    public struct Field: Sendable, Equatable {
        public var name: String
        public var schema: ConnectSchema
        public init(_ name: String, _ schema: ConnectSchema) {
            self.name = name
            self.schema = schema
        }
    }

    /// A schema parameter; their order is that of the emitted JSON.
    public struct Parameter: Sendable, Equatable {
        public var name: String
        public var value: String
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    public var kind: Kind
    public var isOptional: Bool
    public var name: String?
    public var version: Int?
    public var doc: String?
    public var parameters: [Parameter]
    /// The default as finished JSON; nil without one.
    public var defaultValue: [UInt8]?

    public init(
        _ kind: Kind, isOptional: Bool = false, name: String? = nil, version: Int? = nil, doc: String? = nil,
        parameters: [Parameter] = [], defaultValue: [UInt8]? = nil
    ) {
        self.kind = kind
        self.isOptional = isOptional
        self.name = name
        self.version = version
        self.doc = doc
        self.parameters = parameters
        self.defaultValue = defaultValue
    }

    /// Appends the schema as JSON in JsonConverter's member order; `field` becomes the last member, as within a struct.
    public func appendJSON(to buffer: inout ByteBuffer, field: String? = nil) {
        buffer.append("{\"type\":\"")
        buffer.append(typeName)
        buffer.append("\"")
        switch kind {
        case .array(let items):
            buffer.append(",\"items\":")
            items.appendJSON(to: &buffer)
        case .map(let keys, let values):
            buffer.append(",\"keys\":")
            keys.appendJSON(to: &buffer)
            buffer.append(",\"values\":")
            values.appendJSON(to: &buffer)
        case .struct(let fields):
            buffer.append(",\"fields\":[")
            for (index, field) in fields.enumerated() {
                if index > 0 { buffer.append(",") }
                field.schema.appendJSON(to: &buffer, field: field.name)
            }
            buffer.append("]")
        default: break
        }
        buffer.append(isOptional ? ",\"optional\":true" : ",\"optional\":false")
        if let name { append(",\"name\":", name, to: &buffer) }
        if let version {
            buffer.append(",\"version\":")
            buffer.append(decimal: Int64(version))
        }
        if let doc { append(",\"doc\":", doc, to: &buffer) }
        if !parameters.isEmpty {
            buffer.append(",\"parameters\":{")
            for (index, parameter) in parameters.enumerated() {
                if index > 0 { buffer.append(",") }
                append("", parameter.name, to: &buffer)
                append(":", parameter.value, to: &buffer)
            }
            buffer.append("}")
        }
        if let defaultValue {
            buffer.append(",\"default\":")
            buffer.append(defaultValue)
        }
        if let field { append(",\"field\":", field, to: &buffer) }
        buffer.append("}")
    }

    private func append(_ member: StaticString, _ text: String, to buffer: inout ByteBuffer) {
        buffer.append(member)
        buffer.append(jsonString: Array(text.utf8).span)
    }

    /// JsonConverter's name of the type.
    public var typeName: StaticString {
        switch kind {
        case .int8: "int8"
        case .int16: "int16"
        case .int32: "int32"
        case .int64: "int64"
        case .float32: "float"
        case .float64: "double"
        case .boolean: "boolean"
        case .string: "string"
        case .bytes: "bytes"
        case .array: "array"
        case .map: "map"
        case .struct: "struct"
        }
    }
}
