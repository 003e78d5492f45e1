internal import CommitLog

extension StorageError {
    /// Kafka's error code for what an administrator asked for.
    var kafkaCode: Int16 {
        switch code {
        case .unknownTopic, .notFound: 3
        case .topicExists: 36
        case .invalidTopic: 17
        case .invalidConfiguration: 40
        case .offsetOutOfRange: 1
        case .batchTooLarge: 10
        case .invalidBatch: 87
        case .closed: 6
        default: 56
        }
    }
}
