internal import CommitLog

/// Changes to the settings of one resource, checked and made. Blocks.
struct ConfigChanges {
    /// What one setting is told to do, with Kafka's numbers.
    enum Operation: Int8 {
        case set = 0
        case delete = 1
        case append = 2
        case subtract = 3
    }

    /// What a client is told.
    struct Refusal: Error {
        var code: Int16
        var message: String
    }

    let broker: Broker

    /// Sets exactly these and takes everything else back to its default.
    func replace(
        _ resource: ConfigResource, with values: [(name: String, value: String?)], checkOnly: Bool
    ) throws(Refusal) {
        var changes: [String: String?] = [:]
        switch resource {
        case .topic(let topic):
            for name in topic.configuration.overrides.keys { changes.updateValue(nil, forKey: name) }
        case .broker: for name in broker.live.dynamic.keys { changes.updateValue(nil, forKey: name) }
        }
        for (name, value) in values { changes.updateValue(value, forKey: name) }
        try make(changes, of: resource, checkOnly: checkOnly)
    }

    /// Applies operations one by one.
    func apply(
        _ operations: [(name: String, operation: Int8, value: String?)], to resource: ConfigResource, checkOnly: Bool
    ) throws(Refusal) {
        var changes: [String: String?] = [:]
        for (name, number, value) in operations {
            guard let operation = Operation(rawValue: number) else {
                throw Refusal(code: 42, message: "there is no operation \(number) on settings")
            }
            guard changes[name] == nil else {
                throw Refusal(code: 42, message: "setting '\(name)' is named twice")
            }
            switch operation {
            case .delete: changes.updateValue(nil, forKey: name)
            case .set:
                guard let value else {
                    throw Refusal(code: 42, message: "setting '\(name)' is to be set and has no value")
                }
                changes.updateValue(value, forKey: name)
            case .append, .subtract:
                guard let value, let held = list(name, of: resource) else {
                    throw Refusal(code: 40, message: "setting '\(name)' is not a list")
                }
                let given = value.split(separator: ",").map(\.trimmingSpaces)
                let kept = held.filter { !given.contains($0) }
                let result = operation == .append ? held + given.filter { !held.contains($0) } : kept
                changes.updateValue(result.joined(separator: ","), forKey: name)
            }
        }
        try make(changes, of: resource, checkOnly: checkOnly)
    }

    /// The present elements of a list setting; nil for one that is no list.
    private func list(_ name: String, of resource: ConfigResource) -> [String]? {
        let entries: [ConfigEntry]
        switch resource {
        case .topic(let topic): entries = broker.configs.entries(of: topic.configuration)
        case .broker: entries = broker.configs.brokerEntries()
        }
        guard let entry = entries.first(where: { $0.name == name }), entry.kind == 7 else { return nil }
        return (entry.value ?? "").split(separator: ",").map(\.trimmingSpaces)
    }

    private func make(
        _ changes: [String: String?], of resource: ConfigResource, checkOnly: Bool
    ) throws(Refusal) {
        switch resource {
        case .topic(let topic):
            var changes = changes
            for (name, value) in changes where value == nil {
                if let inherited = broker.topics.inheritedValue(of: name) {
                    changes.updateValue(inherited, forKey: name)
                }
            }
            do throws(StorageError) {
                if checkOnly {
                    var merged = topic.configuration.overrides
                    for (name, value) in changes { merged[name] = value }
                    _ = try TopicConfiguration(merged)
                    for name in changes.keys where !TopicConfiguration.names.contains(name) {
                        throw StorageError(.invalidConfiguration, "topic setting '\(name)' is not known")
                    }
                } else {
                    try broker.log.alterTopic(topic.name, settings: changes)
                }
            } catch {
                throw Refusal(code: error.kafkaCode, message: error.detail)
            }
        case .broker:
            do throws(BrokerConfiguration.Problem) {
                try broker.live.alter(changes, checkOnly: checkOnly)
            } catch {
                throw Refusal(code: 40, message: error.description)
            }
        }
    }
}
