/// The settings of `io.confluent.connect.avro.AvroConverter` that decide schemas, their subjects and how they are asked
/// for. Each field names its property and carries its default.
public struct AvroFormat: Sendable, Equatable {
    /// `connect.meta.data`: whether schemas carry Connect's names, versions, parameters and defaults as properties.
    public var hasConnectMetaData = true
    /// `scrub.invalid.names`: whether names that Avro does not allow are made to fit, instead of being refused.
    public var scrubsInvalidNames = false
    /// `key.subject.name.strategy`, `value.subject.name.strategy`
    public var subjectNaming = SubjectNaming.topic
    /// `auto.register.schemas`: false only looks identifiers up.
    public var registers = true
    /// `normalize.schemas`
    public var normalizes = false
    public init() {}
}

/// Under which subject a schema is registered.
public enum SubjectNaming: Sendable {
    /// `io.confluent.kafka.serializers.subject.TopicNameStrategy`: the topic, then `-key` or `-value`.
    case topic
    /// `io.confluent.kafka.serializers.subject.RecordNameStrategy`: the record's full name.
    case record
    /// `io.confluent.kafka.serializers.subject.TopicRecordNameStrategy`: both, with a hyphen between them.
    case topicRecord

    func subject(topic: String, record: String, isKey: Bool) -> String {
        switch self {
        case .topic: topic + (isKey ? "-key" : "-value")
        case .record: record
        case .topicRecord: "\(topic)-\(record)"
        }
    }
}
