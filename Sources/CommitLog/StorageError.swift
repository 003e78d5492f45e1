public import ChangeModel

/// Why the log could not do what was asked. The text names paths, topics, offsets and settings, never records.
public struct StorageError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// No room, or over a quota. Nothing of the failed commit stays; a later one may succeed.
        case diskFull
        /// The operating system refused or failed a call.
        case inputOutput
        /// Another process has the directory.
        case locked
        /// The directory was written by a newer version.
        case unsupportedVersion
        /// The directory is not empty and not a log.
        case foreignDirectory
        /// The directory or a file cannot be written.
        case readOnly
        /// Bytes that were once durable are not what was written.
        case corrupt
        case notFound
        case unknownTopic
        case topicExists
        case invalidTopic
        case invalidConfiguration
        case offsetOutOfRange
        case batchTooLarge
        case invalidBatch
        /// A newer incarnation of the producer has taken over.
        case producerFenced
        /// A newer coordinator of the producer's transactions has taken over.
        case coordinatorFenced
        /// The producer's transaction does not allow this write.
        case invalidTransactionState
        /// The log was closed, or a failure that leaves the disk's content in doubt has stopped it.
        case closed
    }

    public let code: Code
    public let detail: String
    /// With ``Code/offsetOutOfRange``: the earliest offset that can be read, and the next one to be written.
    public let availableOffsets: Range<Offset>?

    public init(_ code: Code, _ detail: String, availableOffsets: Range<Offset>? = nil) {
        self.code = code
        self.detail = detail
        self.availableOffsets = availableOffsets
    }

    public var description: String { detail }
}
