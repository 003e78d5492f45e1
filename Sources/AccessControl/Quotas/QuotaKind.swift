/// What a quota limits, by its name in the protocol.
public enum QuotaKind: String, Sendable, CaseIterable {
    /// Bytes a second that producers may send. Kept, described and metered; nobody is throttled yet.
    case producerByteRate = "producer_byte_rate"
    /// Bytes a second that consumers may fetch. Kept, described and metered; nobody is throttled yet.
    case consumerByteRate = "consumer_byte_rate"
    /// Kept and described.
    case requestPercentage = "request_percentage"
    /// Kept and described.
    case controllerMutationRate = "controller_mutation_rate"
}
