internal import CommitLog

/// What AlterConfigs and DescribeConfigs speak of.
enum ConfigResource: Sendable {
    case topic(TopicDescription)
    case broker

    /// Why there is no such resource.
    struct Missing: Error {
        var code: Int16
        var message: String
    }

    init(type: Int8, name: String, _ broker: Broker) throws(Missing) {
        switch type {
        case 2:
            guard let topic = broker.topics[name] else {
                throw Missing(code: 3, message: "there is no topic '\(name)'")
            }
            self = .topic(topic)
        case 4:
            guard name.isEmpty || name == String(broker.identity.nodeID) else {
                throw Missing(code: 42, message: "this is broker \(broker.identity.nodeID), not '\(name)'")
            }
            self = .broker
        default:
            throw Missing(code: 42, message: "resources of type \(type) have no settings here")
        }
    }
}
