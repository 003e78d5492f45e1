/// Why the log did not take or give records.
public struct TransportError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// The disk is full; appends resume by themselves when there is room. Retryable.
        case diskFull = "TR-LOG-DISK-FULL"
        /// Reading or writing the log failed.
        case inputOutput = "TR-LOG-IO"
        /// Another session took over this source.
        case fenced = "TR-LOG-FENCED"
        /// A record is larger than the topic takes.
        case recordTooLarge = "TR-LOG-RECORD-TOO-LARGE"
        /// The topic's name or settings are not acceptable.
        case invalidTopic = "TR-LOG-INVALID-TOPIC"
        /// The offset is not in the log, or not any more.
        case offsetOutOfRange = "TR-LOG-OFFSET-OUT-OF-RANGE"
        /// The session was closed.
        case closed = "TR-LOG-CLOSED"
    }

    public let code: Code
    /// What was seen: names, counts and offsets, never data.
    public let detail: String

    public init(code: Code, detail: String) {
        self.code = code
        self.detail = detail
    }

    public var description: String { "\(code.rawValue): \(detail)" }
}
