internal import ChangeModel

/// A partition as a fetch request asks for it.
struct FetchPartition: Sendable, Equatable {
    /// Empty where the client named the topic by an id that no topic has.
    var topic: String
    /// Zero where the client named the topic by its name.
    var topicID: TopicID
    var partition: Int32
    var fetchOffset: Int64
    var byteCountMax: Int32
    /// The epochs that the client knows, or -1.
    var currentLeaderEpoch: Int32 = -1
    var lastFetchedEpoch: Int32 = -1

    var key: FetchKey { FetchKey(topic: topic, topicID: topicID, partition: partition) }
    var id: TopicPartition { TopicPartition(topic: topic, partition: partition) }
}

/// Which partition of a fetch session.
struct FetchKey: Hashable, Sendable {
    var topic: String
    var topicID: TopicID
    var partition: Int32
}
