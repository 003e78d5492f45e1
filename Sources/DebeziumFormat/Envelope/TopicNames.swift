public import ChangeModel

/// The names of a connector's topics (`topic.naming.strategy` and what belongs to it).
public struct TopicNames: Sendable {
    private let prefix: String
    private let delimiter: String
    private let naming: TopicNaming
    /// `topic.heartbeat.prefix`, the delimiter, `topic.prefix`.
    public let heartbeat: String
    /// Where BEGIN and END events go.
    public let transaction: String
    /// Where logical decoding messages go; Debezium puts a dot here whatever the delimiter is.
    public let message: String

    public init(_ configuration: EventConfiguration) {
        prefix = configuration.topicPrefix
        delimiter = configuration.topicDelimiter
        naming = configuration.topicNaming
        heartbeat = configuration.heartbeatTopicPrefix + delimiter + prefix
        transaction = prefix + delimiter + configuration.transactionTopic
        message = prefix + ".message"
    }

    /// The topic of a table's events; also the beginning of its schemas' names.
    public func table(_ id: TableID) -> String {
        let name =
            switch naming {
            case .schema: prefix + delimiter + id.schema + delimiter + id.table
            case .default: prefix + delimiter + id.table
            }
        return Self.sanitize(name)
    }

    /// Puts an underscore for each UTF-16 unit that Kafka does not allow in a topic's name, and cuts the name at Kafka's
    /// limit of 249.
    static func sanitize(_ name: String) -> String {
        let clean = NameAdjustment.map(name) { unit, _ in
            NameAdjustment.isLetter(unit) || NameAdjustment.isDigit(unit) || unit == 0x2E || unit == 0x5F
                || unit == 0x2D
                ? nil : "_"
        }
        return String(clean.prefix(249))
    }
}
