internal import CRdkafka

/// One setting of a topic or broker.
public struct ConfigEntry: Sendable, Hashable {
    /// Where a value comes from, by Kafka's codes.
    public enum Source: Int32, Sendable {
        case unknown = 0
        case dynamicTopic = 1
        case dynamicBroker = 2
        case dynamicDefaultBroker = 3
        case staticBroker = 4
        case `default` = 5

        /// Kafka's name, such as `DYNAMIC_TOPIC_CONFIG`.
        public var name: String {
            String(cString: rd_kafka_ConfigSource_name(rd_kafka_ConfigSource_t(rawValue: UInt32(rawValue))))
        }
    }

    public var name: String
    /// nil for a sensitive setting, which the cluster does not tell.
    public var value: String?
    public var source: Source
    public var isReadOnly: Bool
    public var isSensitive: Bool

    init(_ entry: OpaquePointer) {
        name = String(cString: rd_kafka_ConfigEntry_name(entry))
        value = rd_kafka_ConfigEntry_value(entry).map { String(cString: $0) }
        source = Source(rawValue: Int32(rd_kafka_ConfigEntry_source(entry).rawValue)) ?? .unknown
        isReadOnly = rd_kafka_ConfigEntry_is_read_only(entry) == 1
        isSensitive = rd_kafka_ConfigEntry_is_sensitive(entry) == 1
    }
}
