/// A topic as a reader sees it.
public struct TopicSummary: Sendable, Equatable {
    public let name: String
    public let partitionCount: Int32
    /// What was set for the topic, by Kafka's names.
    public let configuration: [String: String]
    public init(name: String, partitionCount: Int32, configuration: [String: String]) {
        self.name = name
        self.partitionCount = partitionCount
        self.configuration = configuration
    }

    /// Kafka's and Connect's own topics, which `tail` and `topics` leave out unless asked.
    public var isInternal: Bool { name.hasPrefix("__") || name.hasPrefix("connect-") || name == "_schemas" }
}
