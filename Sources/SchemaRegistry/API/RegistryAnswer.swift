public import Avro
public import SchemaStore

/// What the registry answers, without its transport.
public struct RegistryAnswer: Sendable, Equatable {
    public enum Body: Sendable, Equatable {
        case json(JSONValue)
        /// A schema's text by itself.
        case text(String)
    }

    public let status: Int
    public let body: Body
    /// What must be durable before the answer goes out.
    public let records: [RegistryRecord]

    init(_ json: JSONValue, records: [RegistryRecord] = []) {
        status = 200
        body = .json(json)
        self.records = records
    }

    init(text: String) {
        status = 200
        body = .text(text)
        records = []
    }

    init(_ error: RegistryError) {
        status = error.status
        body = .json(
            .object(JSONObject(["error_code": JSONValue(error.code), "message": .string(error.message)])))
        records = []
    }
}
