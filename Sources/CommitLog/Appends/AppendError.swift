public import ChangeModel

/// Why a batch was not appended, in the terms in which Kafka answers a producer. The texts never hold records' content.
public enum AppendError: Error, Sendable {
    /// The checksum does not match.
    case corruptMessage(String)
    case unknownTopicOrPartition(TopicPartition)
    case messageTooLarge(byteCount: Int, byteCountMax: Int)
    case notEnoughReplicas(String)
    /// A record's time lies outside of what the topic allows, or is not the producer's to set.
    case invalidTimestamp(String, [RecordRefusal])
    case outOfOrderSequence(String)
    case invalidProducerEpoch(String)
    case invalidTransactionState(String)
    /// A transaction's marker came from a coordinator that another has replaced.
    case transactionCoordinatorFenced(String)
    case unsupportedCompression(String)
    case invalidRecord(String, [RecordRefusal])
    /// The disk is full or has failed; when it is full, a later append may succeed.
    case storage(StorageError)
    /// The log was closed.
    case closed

    /// Kafka's error code.
    public var code: Int16 {
        switch self {
        case .corruptMessage: 2
        case .unknownTopicOrPartition: 3
        case .messageTooLarge: 10
        case .notEnoughReplicas: 19
        case .invalidTimestamp: 32
        case .outOfOrderSequence: 45
        case .invalidProducerEpoch: 47
        case .invalidTransactionState: 48
        case .transactionCoordinatorFenced: 52
        case .storage: 56
        case .unsupportedCompression: 76
        case .invalidRecord: 87
        case .closed: 6
        }
    }

    /// The records that are to blame, where it is single ones.
    public var refusals: [RecordRefusal] {
        switch self {
        case .invalidTimestamp(_, let refusals), .invalidRecord(_, let refusals): refusals
        default: []
        }
    }

    static func invalidRecord(_ message: String) -> AppendError { .invalidRecord(message, []) }

    /// What the log's own error means for a producer.
    init(_ error: StorageError) {
        switch error.code {
        case .batchTooLarge, .invalidBatch: self = .invalidRecord(error.detail)
        case .producerFenced: self = .invalidProducerEpoch(error.detail)
        case .coordinatorFenced: self = .transactionCoordinatorFenced(error.detail)
        case .invalidTransactionState: self = .invalidTransactionState(error.detail)
        case .closed: self = .closed
        default: self = .storage(error)
        }
    }
}

extension AppendError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .corruptMessage(let text), .notEnoughReplicas(let text), .invalidTimestamp(let text, _),
            .outOfOrderSequence(let text), .invalidProducerEpoch(let text), .invalidTransactionState(let text),
            .transactionCoordinatorFenced(let text), .unsupportedCompression(let text), .invalidRecord(let text, _):
            text
        case .unknownTopicOrPartition(let partition): "there is no partition \(partition)"
        case .messageTooLarge(let byteCount, let byteCountMax):
            "the record batch has \(byteCount) bytes, more than the topic's max.message.bytes of \(byteCountMax)"
        case .storage(let error): error.detail
        case .closed: "the log was closed"
        }
    }
}

extension StorageError {
    /// The same in the log's own terms, for writers whose batches stand or fall together.
    init(_ error: AppendError) {
        let code: Code
        switch error {
        case .storage(let error):
            self = error
            return
        case .unknownTopicOrPartition: code = .unknownTopic
        case .messageTooLarge: code = .batchTooLarge
        case .invalidProducerEpoch: code = .producerFenced
        case .transactionCoordinatorFenced: code = .coordinatorFenced
        case .invalidTransactionState: code = .invalidTransactionState
        case .closed: code = .closed
        case .corruptMessage, .notEnoughReplicas, .invalidTimestamp, .outOfOrderSequence, .unsupportedCompression,
            .invalidRecord:
            code = .invalidBatch
        }
        self.init(code, error.description)
    }
}
