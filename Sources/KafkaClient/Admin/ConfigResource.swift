internal import CRdkafka

/// Something that has a configuration.
public enum ConfigResource: Sendable, Hashable, CustomStringConvertible {
    case topic(String)
    case broker(Int32)

    public var description: String {
        switch self {
        case .topic(let name): "topic '\(name)'"
        case .broker(let id): "broker \(id)"
        }
    }

    var type: rd_kafka_ResourceType_t {
        switch self {
        case .topic: RD_KAFKA_RESOURCE_TOPIC
        case .broker: RD_KAFKA_RESOURCE_BROKER
        }
    }

    var name: String {
        switch self {
        case .topic(let name): name
        case .broker(let id): "\(id)"
        }
    }

    var brokerID: Int32? {
        if case .broker(let id) = self { id } else { nil }
    }
}
