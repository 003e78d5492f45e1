/// One of the settings that a topic can have: its name and default are Kafka's, its meaning is what the log does with it.
public struct TopicSetting: Sendable, Equatable {
    /// The type, with the number that DescribeConfigs gives it.
    public enum Kind: Int8, Sendable {
        case boolean = 1
        case string = 2
        case int = 3
        case long = 5
        case double = 6
        case list = 7
    }

    public let name: String
    public let kind: Kind
    public let defaultValue: String
    /// What the same setting is called when it is a broker's default for all topics; nil where there is none.
    public let brokerName: String?
    public let documentation: String

    init(_ name: String, _ kind: Kind, _ defaultValue: String, broker: String?, _ documentation: String) {
        self.name = name
        self.kind = kind
        self.defaultValue = defaultValue
        brokerName = broker
        self.documentation = documentation
    }
}
