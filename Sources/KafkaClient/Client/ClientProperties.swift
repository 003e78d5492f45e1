internal import CRdkafka

/// librdkafka's properties by name, in the order they were set.
///
/// A name or value that librdkafka does not accept is refused when a client is made, in librdkafka's own words.
public struct ClientProperties: Sendable, ExpressibleByDictionaryLiteral {
    private var values: [String: String] = [:]
    private var order: [String] = []

    public init() {}

    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { self[name] = value }
    }

    public subscript(name: String) -> String? {
        get { values[name] }
        set {
            if values[name] == nil, newValue != nil { order.append(name) }
            if newValue == nil { order.removeAll { $0 == name } }
            values[name] = newValue
        }
    }

    public var names: [String] { order }

    /// These properties, and `other`'s where they differ.
    public func merging(_ other: ClientProperties) -> ClientProperties {
        var merged = self
        for name in other.order { merged[name] = other[name] }
        return merged
    }

    /// Sets `name` unless it is set.
    public mutating func setDefault(_ name: String, _ value: String) { if self[name] == nil { self[name] = value } }

    /// Whether the property's value must never be shown.
    public static func isSecret(_ name: String) -> Bool {
        let lowered = name.lowercased()
        return ["password", "secret", "jaas", ".key.pem", "keystore.key", "oauthbearer.config"].contains {
            lowered.contains($0)
        }
    }

    /// A configuration object that the caller owns.
    func makeConfiguration() throws(KafkaError) -> OpaquePointer {
        let configuration: OpaquePointer = rd_kafka_conf_new()
        for name in order {
            let value = values[name] ?? ""
            var reason = [CChar](repeating: 0, count: 512)
            let result = rd_kafka_conf_set(configuration, name, value, &reason, reason.count)
            guard result == RD_KAFKA_CONF_OK else {
                rd_kafka_conf_destroy(configuration)
                let text = String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
                throw KafkaError(
                    code: .invalidArgument,
                    detail: Self.isSecret(name) ? "the value of property '\(name)' is not accepted" : text)
            }
        }
        return configuration
    }
}
