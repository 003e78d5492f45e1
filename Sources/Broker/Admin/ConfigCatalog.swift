internal import CommitLog

/// What DescribeConfigs tells of topics and of the broker.
struct ConfigCatalog {
    let live: LiveConfiguration
    /// What the configuration file says of topics that do not say themselves, by the topics' names of the settings.
    let topicDefaults: [String: String]
    let nodeID: Int32
    let directory: String

    /// The broker's own value of a topic's setting and where it comes from; nil where only the default is left.
    private func brokerValue(of setting: TopicSetting) -> (value: String, source: ConfigEntry.Source)? {
        if setting.name == "max.message.bytes" {
            if let value = live.dynamic["message.max.bytes"] { return (value, .dynamicBroker) }
            if let value = live.configured.values["message.max.bytes"] { return (value, .staticBroker) }
            return nil
        }
        return topicDefaults[setting.name].map { ($0, .staticBroker) }
    }

    /// A topic's settings, by name. A value that equals what the topic would have without it is told as such: topics keep
    /// the broker's values from when they were made.
    func entries(of topic: TopicConfiguration) -> [ConfigEntry] {
        TopicSetting.all.map { setting in
            var synonyms: [ConfigEntry.Synonym] = []
            let inherited = brokerValue(of: setting)
            if let own = topic.overrides[setting.name], own != inherited?.value ?? setting.defaultValue {
                synonyms.append(.init(name: setting.name, value: own, source: .topic))
            }
            if let inherited {
                synonyms.append(
                    .init(name: setting.brokerName ?? setting.name, value: inherited.value, source: inherited.source))
            }
            synonyms.append(
                .init(
                    name: setting.brokerName ?? setting.name, value: setting.defaultValue, source: .defaultValue))
            return ConfigEntry(
                name: setting.name, value: synonyms[0].value, source: synonyms[0].source, kind: setting.kind.rawValue,
                synonyms: synonyms, documentation: setting.documentation)
        }
    }

    /// The broker's settings: its own, and those that topics inherit.
    func brokerEntries() -> [ConfigEntry] {
        var entries = BrokerSetting.all.map(entry)
        let known = Set(entries.map(\.name))
        for setting in TopicSetting.all {
            guard let name = setting.brokerName, !known.contains(name) else { continue }
            let inherited = brokerValue(of: setting)
            var synonyms: [ConfigEntry.Synonym] = []
            if let inherited { synonyms.append(.init(name: name, value: inherited.value, source: inherited.source)) }
            synonyms.append(.init(name: name, value: setting.defaultValue, source: .defaultValue))
            entries.append(
                ConfigEntry(
                    name: name, value: synonyms[0].value, source: synonyms[0].source, isReadOnly: true,
                    kind: setting.kind.rawValue, synonyms: synonyms, documentation: setting.documentation))
        }
        entries.append(fixed("broker.id", String(nodeID), kind: 3, "The broker's id, by its former name."))
        entries.append(fixed("log.dirs", directory, kind: 2, "Where everything durable lives."))
        entries.append(
            fixed(
                "inter.broker.protocol.version", "4.3", kind: 2,
                "The level of the protocol, which consoles choose their requests by."))
        return entries.sorted { $0.name < $1.name }
    }

    private func fixed(_ name: String, _ value: String, kind: Int8, _ documentation: String) -> ConfigEntry {
        ConfigEntry(
            name: name, value: value, source: .staticBroker, isReadOnly: true, kind: kind,
            synonyms: [.init(name: name, value: value, source: .staticBroker)], documentation: documentation)
    }

    private func entry(_ setting: BrokerSetting) -> ConfigEntry {
        func shown(_ value: String?) -> String? { setting.isSensitive ? nil : value }
        var synonyms: [ConfigEntry.Synonym] = []
        if let value = live.dynamic[setting.name] {
            synonyms.append(.init(name: setting.name, value: shown(value), source: .dynamicBroker))
        }
        if let value = live.configured.values[setting.name] {
            synonyms.append(.init(name: setting.name, value: shown(value), source: .staticBroker))
        }
        if let value = setting.defaultValue {
            synonyms.append(.init(name: setting.name, value: shown(value), source: .defaultValue))
        }
        return ConfigEntry(
            name: setting.name, value: synonyms.first?.value, source: synonyms.first?.source ?? .defaultValue,
            isReadOnly: !setting.isDynamic, isSensitive: setting.isSensitive, kind: setting.kafkaKind,
            synonyms: synonyms, documentation: setting.summary)
    }
}

extension BrokerSetting {
    /// Kafka's number of the type.
    fileprivate var kafkaKind: Int8 {
        switch kind {
        case .boolean: 1
        case .text, .choice: 2
        case .int: 3
        case .long: 5
        case .double: 6
        case .choices, .list: 7
        case .password: 9
        }
    }
}
